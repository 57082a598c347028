"""Scenes as SVG and PDF: vectors that look the same everywhere, equal for equal scenes."""

import hashlib
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

from bot.render import pdf, svg
from bot.render.scene import Disc, Photo, Pill, Polygon, Scene, Stroke, Text
from tests.conftest import ROOT
from tests.unit.render.test_share import jpeg

TITLE = "T <&> \x0b\ufffe\u05e9"
SCENE = Scene(
    200,
    100,
    "#102030",
    (
        Polygon(((0, 0), (9, 0), (9, 9)), "#ff0000", 0.5),
        Stroke((((0, 0), (50, 50)),), 3, "#00ff00"),
        Stroke((((0, 0), (50, 0)),), 3, "#00ff00", dash=5),
        Disc((50, 50), 10, "#0000ff"),
        Disc((50, 50), 10, "#0000ff", width=2),
        Pill(10, 10, 40, 6, "#ffffff"),
        Text((100, 50), "Ab", 20, "#ffffff", bold=True, align="middle"),
        Text((100, 80), "\u0416", 20, "#ffffff", align="right", face="NotoSans"),
        Photo(150, 10, 40, jpeg("#abcdef")),
    ),
)
SVG = "{http://www.w3.org/2000/svg}"


def test_svg_has_shapes_and_outlines_of_letters() -> None:
    tree = ET.fromstring(svg.write(SCENE, TITLE, "d"))  # noqa: S314 - our own
    assert tree.attrib["viewBox"] == "0 0 200 100"
    assert tree.findtext(f"{SVG}title") == "T <&> \u05e9"
    tags = [part.tag.removeprefix(SVG) for part in tree]
    assert [tags.count(tag) for tag in ("path", "circle", "rect", "image")] == [5, 2, 2, 1]
    assert "text" not in tags
    (image,) = tree.iter(f"{SVG}image")
    (source,) = (value for name, value in image.attrib.items() if name.endswith("href"))
    assert source.startswith("data:image/jpeg;base64,")


def test_pdf_has_one_page_with_embedded_fonts() -> None:
    file = pdf.write(SCENE, TITLE, "d")
    assert file.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", file)) == 1
    assert b"FigtreeBold" in file
    assert b"/FontFile2" in file
    assert b"/DCTDecode" in file
    assert b"CreationDate (D:20000101" in file


def test_equal_scenes_give_equal_bytes_in_every_process() -> None:
    program = (
        "import hashlib, sys; from bot.render import scene, svg, pdf; "
        "made = scene.Scene.from_json(sys.stdin.buffer.read()); "
        "files = [module.write(made, 't', 'd') for module in (svg, pdf)]; "
        "print(*(hashlib.sha256(file).hexdigest() for file in files))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        input=SCENE.to_json(),
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    )
    files = [module.write(SCENE, "t", "d") for module in (svg, pdf)]
    assert run.stdout.decode().split() == [hashlib.sha256(file).hexdigest() for file in files]
