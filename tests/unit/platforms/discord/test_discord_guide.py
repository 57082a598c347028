"""The guide agrees with the code: reactions, permissions, commands, limits."""

import re

import pytest

from bot.cli.invite import PERMISSIONS
from bot.domain import emoji
from bot.services.rate_limits import PER_CHANNEL, PER_PERSON
from bot.texts import discord as words
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")
NUMBERS = {10: "Ten", 30: "thirty"}


def test_guide_has_ten_steps() -> None:
    assert re.findall(r"^(\d+)\. ", GUIDE, re.MULTILINE) == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("genre", emoji.GENRES)
def test_guide_lists_the_reaction_of_each_genre(genre: str) -> None:
    assert f"| {emoji.GENRES[genre]} | {genre} |" in GUIDE


def test_permission_table_matches_the_invite_link() -> None:
    table = GUIDE.partition("| permission |")[2].partition("\n\n")[0].lower()
    named = {name for name in PERMISSIONS if name.replace("_", " ") in table}
    assert named == set(PERMISSIONS)


def test_guide_names_menus_and_rate_limits() -> None:
    for text in (words.ASK, words.ANSWER_AUTO, words.ANSWER_OFF, words.HERE, words.EVERYWHERE):
        assert text.rstrip("?") in GUIDE
    assert f"{NUMBERS[PER_PERSON]} questions a minute" in GUIDE
    assert f"{NUMBERS[PER_CHANNEL]} in one channel" in GUIDE


def test_files_and_anchors_in_the_guide_exist() -> None:
    for file in ("compose.yaml", ".env.example", "Procfile"):
        assert file in GUIDE
        assert (ROOT / file).exists()
    headings = re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= anchors
