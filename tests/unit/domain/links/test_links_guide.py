"""docs/links.md agrees with the code."""

import re

import pytest

from bot.domain import links
from bot.texts.services import NAMES
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "links.md").read_text(encoding="utf-8")
IDS = {"spotify": "2YpeDb67231RjR0MgVLzsG", "youtu": "dQw4w9WgXcQ"}
MBID = "132a508b-624a-4f1d-b61f-f6616121bab5"


def example(form: str) -> str:
    """Return a form with an id of the service in place of ID."""
    ids = {**IDS, "brainz": MBID}
    known = next((value for name, value in ids.items() if name in form), "123")
    return re.sub(r"\b(ID|NAME|USER|TRACK|ARTIST)\b", known, form.replace("NAME/", "name/"))


TRACKS = [
    form
    for row in GUIDE.splitlines()
    if row.startswith("| ") and row.count("|") == len("|||||")
    for form in re.findall(r"`([^`]*(?:/ID|=ID|:ID|/TRACK|/NAME))`", row.split("|")[2])
    if not form.startswith("/")
]


@pytest.mark.parametrize("name", NAMES.values())
def test_guide_names_each_service(name: str) -> None:
    assert f"| {name} |" in GUIDE


@pytest.mark.parametrize("host", sorted(links.SHORT_HOSTS))
def test_guide_lists_the_hosts_of_short_links(host: str) -> None:
    assert f"`{host}`" in GUIDE


@pytest.mark.parametrize("form", TRACKS)
def test_forms_of_the_guide_are_found(form: str) -> None:
    link = links.parse(example(form))
    assert link is not None
    assert link.kind == "track"


def test_guide_has_forms_of_every_service() -> None:
    found = {link.service for link in map(links.parse, map(example, TRACKS)) if link}
    assert found == set(NAMES)
