"""The guide agrees with the code: reactions, scopes, commands, settings."""

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
NUMBERS = {10: "ten", 30: "thirty"}
SETTINGS = [name.upper() for name in Settings.model_fields if name.startswith("slack_")]


def table(heading: str) -> str:
    """Return the table of the guide that begins with a heading."""
    return GUIDE.partition(f"| {heading} |")[2].partition("\n\n")[0]


def test_guide_has_ten_steps() -> None:
    assert re.findall(r"^(\d+)\. ", GUIDE, re.MULTILINE) == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("genre", emoji_names.GENRES)
def test_guide_lists_the_reaction_of_each_genre(genre: str) -> None:
    assert f"| `:{emoji_names.GENRES[genre]}:` | {genre} |" in GUIDE


def test_guide_lists_the_requested_scopes() -> None:
    assert set(re.findall(r"`([a-z_]+(?::[a-z]+)?)`", table("scope"))) == set(SCOPES)


@pytest.mark.parametrize("name", SETTINGS)
def test_guide_and_example_file_list_each_setting(name: str) -> None:
    assert f"`{name}`" in table("setting")
    assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE)


def test_guide_lists_the_settings_arguments_and_rate_limits() -> None:
    arguments = table("argument")
    for word in (*Mode, "reset", "everywhere", "reactions on", "reactions off"):
        assert f"`{word}`" in arguments
        assert f"`{word}`" in words.SETTINGS_USAGE
    assert f"{NUMBERS[PER_PERSON]} questions a minute per person" in GUIDE
    assert f"{NUMBERS[PER_CHANNEL]} per channel" in GUIDE
    assert words.SHORTCUT in GUIDE
    assert words.CONNECTED in GUIDE


def test_links_of_the_guide_have_targets() -> None:
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        file, _, anchor = target.partition("#")
        assert not file or (ROOT / "docs" / file).exists()
        assert file or anchor in anchors
