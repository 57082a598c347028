"""Static checks of the page's files."""

import re
from itertools import product
from pathlib import Path

import pytest

from bot.platforms import web
from bot.platforms.web.pages import HUES
from bot.texts import search_page, site, web_card
from bot.texts import web_page as sentences

FOLDER = Path(web.__file__).parent / "page"
TEMPLATES = Path(web.__file__).parent / "templates"
SCRIPTS = sorted(FOLDER.glob("*.js"))
PARSER = "fragments.js"
"""The one script that turns the server's markup into elements."""

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
def test_one_script_alone_parses_markup(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    parses = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|createPolicy"
    assert bool(re.search(parses, source)) == (script.name == PARSER)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda file: file.name)
def test_templates_have_no_inline_script_or_style(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\s(style|on\w+)=|<style|javascript:|\|\s*safe", source)
    assert all(
        re.search(r"\ssrc=|application/(ld\+)?json", script)
        for script in re.findall(r"<script[^>]*>", source)
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_import_the_functions_of_others_that_they_call(script: Path) -> None:
    sources = {file.name: file.read_text(encoding="utf-8") for file in SCRIPTS}
    own = re.sub(r"^ *(?://|/?\*).*$", "", sources.pop(script.name), flags=re.MULTILINE)
    exported = re.compile(r"^export (?:async )?function (\w+)", re.MULTILINE)
    others = set(exported.findall("".join(sources.values())))
    lists = re.findall(r"^import \{([^}]*)\}", own, re.MULTILINE)
    imported = {name.split(" as ")[-1].strip() for names in lists for name in names.split(",")}
    defined = set(re.findall(r"(?:function|const) (\w+)", own))
    called = set(re.findall(r"(?<![\w.])(\w+)\(", own))
    assert (called & others) - imported - defined == set()


def test_words_used_and_words_defined_are_the_same() -> None:
    scripts = "".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    assert set(re.findall(r"\bsay\.(\w+)", scripts)) == set(sentences.SCRIPT)
    search = (TEMPLATES / "search.html").read_text(encoding="utf-8")
    chat = (TEMPLATES / "chat.html").read_text(encoding="utf-8")
    assert set(re.findall(r"\bwords(?:\.|\[\")(\w+)", chat)) == set(sentences.PAGE)
    templates = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.iterdir())
    assert set(re.findall(r"\bsay\.(\w+)", templates)) == set(site.FRAME)
    assert set(re.findall(r"\bwords\.(\w+)", search)) == set(search_page.WORDS)
    assert set(re.findall(r"\bon_card\.(\w+)", templates)) == set(web_card.CARD)


def test_each_hue_of_a_cover_has_a_class() -> None:
    css = (FOLDER / "card.css").read_text(encoding="utf-8")
    assert len(set(re.findall(r"\.hue-(\d+) \{", css))) == HUES


def test_page_refers_to_no_other_host() -> None:
    for file in (*FOLDER.iterdir(), *TEMPLATES.iterdir()):
        source = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", source), file.name
