"""Wording that all texts share."""

from pathlib import Path

import pytest

from bot import texts
from bot.domain.votes import Forgotten
from bot.texts import discord, manners, replies, slack, web_page

SOURCES = sorted(Path(texts.__file__).parent.glob("*.py"))


def test_every_apostrophe_is_the_straight_one() -> None:
    assert [
        file.name for file in SOURCES if "\N{RIGHT SINGLE QUOTATION MARK}" in file.read_text()
    ] == []


@pytest.mark.parametrize(
    "said",
    [
        discord.FORGET_ME.lower(),
        manners.HELP,
        slack.HELP_TEXT,
        web_page.HELP,
        web_page.KEPT,
        *(one["about"] for one in web_page.COMMANDS if one["name"] == "/forget-me"),
    ],
)
def test_what_can_be_deleted_is_said_alike_everywhere(said: str) -> None:
    assert replies.YOUR_DATA in said


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (0, "Done: you had no votes; the record of which answers were yours is deleted."),
        (1, "Done: 1 vote and the record of which answers were yours are deleted."),
        (2, "Done: 2 votes and the record of which answers were yours are deleted."),
    ],
)
def test_deletion_is_confirmed_with_what_was_deleted(votes: int, expected: str) -> None:
    assert texts.data_deleted(Forgotten(votes)) == expected


def test_only_network_addresses_are_meant_by_what_is_not_kept() -> None:
    assert "no IP addresses" in web_page.KEPT


def test_discord_takes_the_description_of_the_command() -> None:
    assert len(discord.FORGET_ME) <= 100
