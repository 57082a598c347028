import io
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw

from bot.domain.points import Point
from bot.render import png
from bot.render.raster import ANCHORS, Painter, _font, extent
from bot.render.scene import Align, Disc, Pill, Polygon, Scene, Shape, Stroke, Text

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
SHAPES = (
    pytest.param(Polygon(((10, 10), (50.5, 12), (30, 40.3)), "#000000"), id="polygon"),
    pytest.param(Stroke((((10, 10), (50, 40)),), 7, "#000000"), id="line"),
    pytest.param(Stroke((((10, 10), (50, 40)),), 7, "#000000", dash=6), id="dashes"),
    pytest.param(Disc((30, 25), 14.5, "#000000"), id="disc"),
    pytest.param(Disc((30, 25), 14.5, "#000000", width=2), id="ring"),
    pytest.param(Pill(10.2, 10, 30, 12, "#000000"), id="bar"),
    pytest.param(Pill(10.2, 10, 3, 12, "#000000"), id="sliver"),
    pytest.param(Text((30, 30), "Jazz", 20, "#000000", align="middle"), id="text"),
)


def picture(*shapes: Shape) -> Image.Image:
    return Image.open(io.BytesIO(Painter().paint(Scene(64, 48, "#ffffff", shapes)))).convert("RGB")


def darkness(image: Image.Image) -> Image.Image:
    return image.convert("L").point([255 - level for level in range(256)])


@pytest.mark.parametrize("shape", SHAPES)
def test_painted_area_matches_the_extent(shape: Shape) -> None:
    painted = darkness(picture(shape)).getbbox()
    assert painted is not None
    for edge, expected in zip(painted, extent(shape), strict=True):
        assert edge == pytest.approx(expected, abs=2)


def test_edges_are_antialiased() -> None:
    image = picture(Disc((32, 24), 15, "#000000"))
    assert image.getpixel((32, 24)) == BLACK
    assert len(image.getcolors() or ()) > 8


def test_a_ring_is_hollow() -> None:
    image = picture(Disc((32, 24), 15, "#000000", width=3))
    assert image.getpixel((32, 24)) == WHITE
    assert image.getpixel((32 - 14, 24)) == BLACK


def test_translucent_polygon_blends_with_the_background() -> None:
    square = ((10.0, 10.0), (50.0, 10.0), (50.0, 40.0), (10.0, 40.0))
    level = picture(Polygon(square, "#000000", opacity=0.4)).convert("L").getpixel((30, 25))
    assert level == pytest.approx(255 * 0.6, abs=1)


def test_dashed_line_has_a_dash_at_each_end_and_gaps_between() -> None:
    image = picture(Stroke((((5, 24), (59, 24)),), 2, "#000000", dash=6)).convert("L")
    row = [image.getpixel((x, 24)) == 0 for x in range(6, 59)]
    assert row[0]
    assert row[-1]
    assert sum(before and not after for before, after in pairwise(row)) == 4


def test_bold_text_is_darker() -> None:
    ink = [
        sum(darkness(picture(Text((5, 30), "Soul", 24, "#000000", bold))).histogram()[128:])
        for bold in (False, True)
    ]
    assert ink[1] > 1.15 * ink[0]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (7, 3), (640, 200)])
def test_png_contains_exactly_the_given_pixels(width: int, height: int) -> None:
    pixels = bytes(index * 37 % 251 for index in range(3 * width * height))
    file = png.encode(Image.frombytes("RGB", (width, height), pixels))
    assert png.is_intact(file)
    with Image.open(io.BytesIO(file)) as image:
        assert image.size == (width, height)
        assert image.tobytes() == pixels


def test_painter_paints_the_same_after_other_scenes() -> None:
    grid = Disc((32, 24), 20, "#888888", width=2)
    scenes = [
        Scene(64, 48, background, (grid, Text((30.25, 30.5), text, 20, colour, align=align)), 1)
        for background in ("#ffffff", "#000000")
        for text in ("Jazz", "")
        for colour in ("#123456", "#abcdef")
        for align in ("left", "middle", "right")
    ]
    painter = Painter()
    for scene in (*scenes, *reversed(scenes)):
        assert painter.paint(scene) == Painter().paint(scene)


@pytest.mark.parametrize("at", [(30, 30), (30.25, 30.5), (30.75, 30.9), (-3.5, 2.5)])
@pytest.mark.parametrize("align", ["left", "middle", "right"])
def test_text_is_at_its_fraction_of_a_pixel(at: Point, align: Align) -> None:
    drawn = Image.new("RGB", (64, 48), "#ffffff")
    font = _font(20, bold=False)
    ImageDraw.Draw(drawn).text(at, "Jazz", "#123456", font, ANCHORS[align])
    assert picture(Text(at, "Jazz", 20, "#123456", align=align)).tobytes() == drawn.tobytes()


def test_static_shapes_look_like_others() -> None:
    shapes = (Disc((32, 24), 20, "#888888"), Disc((20.3, 24.7), 15, "#123456", width=3))
    dot = Disc((32, 24), 4, "#ffffff")
    pictures = {
        Painter().paint(Scene(64, 48, "#eeeeee", (*shapes, dot), static)) for static in (0, 1, 2)
    }
    assert len(pictures) == 1


def test_scene_survives_json() -> None:
    shapes = tuple(shape for param in SHAPES for shape in param.values if isinstance(shape, Shape))
    scene = Scene(64, 48, "#ffffff", shapes, static=1)
    assert len(shapes) == len(SHAPES)
    assert Scene.from_json(scene.to_json()) == scene
