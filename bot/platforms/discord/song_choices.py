"""Buttons under a notice and the menu under a summary: each choice asks for a song's card."""

import re
from collections.abc import Sequence
from typing import Any, Final, Self

import discord
from discord import ui

from bot.domain.collections import CollectionSummary
from bot.domain.music_services import MusicService
from bot.domain.replies import MAX_CHOICES, Choice, Notice, Summary
from bot.domain.sanitize import one_line
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.platforms.discord.interactions import interactions_of
from bot.services.collection_choices import song_choices
from bot.texts import collections
from bot.texts.search import MAX_LABEL

MAX_OPTIONS: Final = 25
MAX_OPTION_LABEL: Final = 100
"""Options of a menu, and characters of their labels, by Discord's documentation."""

BUTTON_TEMPLATE: Final = rf"(?P<ref>(?:{'|'.join(MusicService)})/{SubjectKind.TRACK}/.+)"
MENU_TEMPLATE: Final = r"songs:(?P<summary>[0-9]{1,18})"


class SongButton(ui.DynamicItem[ui.Button[Any]], template=BUTTON_TEMPLATE):
    """Button whose custom id is a track's reference, so that it works after a restart."""

    def __init__(self, ref: SubjectRef, label: str = "-") -> None:
        super().__init__(ui.Button(custom_id=str(ref), label=one_line(label, MAX_LABEL)))
        self.ref = ref

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button of a message that was sent before."""
        return cls(SubjectRef.parse(match["ref"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the press to the client."""
        await interactions_of(interaction).pick_song(interaction, self.ref)


class SongMenu(ui.DynamicItem[ui.Select[Any]], template=MENU_TEMPLATE):
    """Select menu with songs of a summary, which works after a restart."""

    def __init__(self, summary_id: int, options: list[discord.SelectOption] | None = None) -> None:
        placeholder = collections.PICK_A_SONG
        super().__init__(
            ui.Select(custom_id=menu_id(summary_id), placeholder=placeholder, options=options or [])
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the menu of a summary that was sent before."""
        return cls(int(match["summary"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the choice to the client."""
        (value,) = self.item.values
        ref = SubjectRef.parse(value)
        await interactions_of(interaction).pick_song(interaction, ref)


def menu_id(summary_id: int) -> str:
    """Return the custom id of the menu under a summary, by which the summary is recognised."""
    return f"songs:{summary_id}"


def buttons(notice: Notice) -> list[SongButton]:
    """Return a button for each track that a notice offers."""
    offered = _distinct(notice.choices)[:MAX_CHOICES]
    return [SongButton(choice.ref, choice.label) for choice in offered]


def menu(summary: Summary) -> SongMenu | None:
    """Return the menu with the songs of a summary; None if none of them can be asked for."""
    choices = _distinct(song_choices(summary.answer, MAX_OPTIONS))
    options = [_option(choice, summary.answer) for choice in choices]
    return SongMenu(summary.id, options) if options else None


def _distinct(choices: Sequence[Choice]) -> list[Choice]:
    """Return the first choice of each track, as Discord refuses equal ids and values."""
    first: dict[SubjectRef, Choice] = {}
    for choice in choices:
        first.setdefault(choice.ref, choice)
    return list(first.values())


def _option(choice: Choice, answer: CollectionSummary) -> discord.SelectOption:
    noted = ((answer.most_typical, collections.MOST_TYPICAL), (answer.oddest, collections.ODDEST))
    notes = [note for one, note in noted if one and one.track.ref == choice.ref]
    label = one_line(choice.label, MAX_OPTION_LABEL)
    description = notes[0] if notes else None
    return discord.SelectOption(label=label, value=str(choice.ref), description=description)
