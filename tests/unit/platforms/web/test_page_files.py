"""Static checks of the page's files."""

import re
from itertools import product
from pathlib import Path

import pytest

from bot.platforms import web
from bot.texts import web_page as sentences

FOLDER = Path(web.__file__).parent / "page"
SCRIPTS = sorted(FOLDER.glob("*.js"))

TEXT_ON_GROUND = [
    *product(("ink", "muted", "accent"), ("ground", "surface")),
    *product(("ink", "muted"), ("sunken",)),
    ("on-accent", "accent"),
    ("on-soft", "soft"),
    ("on-soft", "surface"),
    ("warn", "warn-ground"),
]


def themes() -> list[dict[str, str]]:
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_contrast_of_text(theme: int, text: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
def test_contrast_of_field_borders(theme: int, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours["strong-line"], colours[ground]) >= 3


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_do_not_parse_markup(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)


def test_strings_used_and_strings_defined_are_the_same() -> None:
    scripts = "".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    used = set(re.findall(r"\bsay\.(\w+)", scripts)) | set(re.findall(r"\$(\w+)", page))
    examples = (FOLDER.parent / "templates" / "examples.html").read_text(encoding="utf-8")
    used |= set(re.findall(r"\bwords\.(\w+)", examples))
    assert used - {"data", "examples"} == set(sentences.PAGE)


def test_page_refers_to_no_other_host() -> None:
    for file in FOLDER.iterdir():
        source = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", source), file.name
