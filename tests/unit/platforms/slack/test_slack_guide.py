"""The guide says what is true: reactions, scopes, words and settings are those of the code."""

import re

import pytest

from bot.domain.channel_settings import Mode
from bot.platforms.slack import emoji_names
from bot.platforms.slack.credentials import SCOPES
from bot.runtime.settings import Settings
from bot.services.rate_limits import PER_CHANNEL, PER_PERSON
from bot.texts import slack as words
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
NUMBERS = {10: "Ten", 30: "thirty"}
OURS = [name.upper() for name in Settings.model_fields if name.startswith("slack_")]


def table(heading: str) -> str:
    """Return the table that begins with a heading."""
    return GUIDE.partition(f"| {heading} |")[2].partition("\n\n")[0]


def test_there_are_ten_steps() -> None:
    assert re.findall(r"^(\d+)\. ", GUIDE, re.MULTILINE) == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("genre", emoji_names.GENRES)
def test_each_genre_stands_beside_its_reaction(genre: str) -> None:
    assert f"| `:{emoji_names.GENRES[genre]}:` | {genre} |" in GUIDE


def test_the_table_names_the_scopes_that_the_app_asks_for() -> None:
    assert set(re.findall(r"`([a-z_]+(?::[a-z]+)?)`", table("scope"))) == set(SCOPES)


@pytest.mark.parametrize("name", OURS)
def test_each_setting_stands_in_the_guide_and_in_the_example(name: str) -> None:
    assert f"`{name}`" in table("setting")
    assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE)


def test_the_words_of_the_settings_and_the_paces_are_named_as_they_are() -> None:
    said = table("words")
    for word in (*Mode, "reset", "everywhere", "reactions on", "reactions off"):
        assert f"`{word}`" in said
        assert f"`{word}`" in words.SETTINGS_USAGE
    assert f"{NUMBERS[PER_PERSON]} questions a minute" in GUIDE
    assert f"{NUMBERS[PER_CHANNEL]} in one channel" in GUIDE
    assert words.SHORTCUT in GUIDE
    assert words.CONNECTED in GUIDE


def test_what_it_refers_to_is_there() -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        file, _, anchor = target.partition("#")
        assert not file or (ROOT / "docs" / file).exists()
        assert file or anchor in anchors
