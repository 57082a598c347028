"""The menu "It's actually ...": a vote for any genre, wherever the card is shown."""

import re
from typing import Any, Final, Protocol, Self, cast

import discord
from discord import ui

from bot import texts
from bot.domain import emoji

BACK: Final = "-"
"""What the menu sends for "take my choice back"."""

TEMPLATE: Final = r"genre:(?P<card>[0-9]{1,18})"


class GenreMenuHandler(Protocol):
    """The client, as far as this menu knows it."""

    async def on_chosen(
        self, interaction: discord.Interaction, card_id: int, genre: str | None
    ) -> None:
        """Take a choice; None takes it back."""


class GenreMenu(ui.DynamicItem[ui.Select[Any]], template=TEMPLATE):
    """Holds nothing but its card's id, so it works on cards of earlier runs, too."""

    def __init__(self, card_id: int) -> None:
        options = [
            discord.SelectOption(label=genre, value=genre, emoji=sign)
            for genre, sign in emoji.GENRES.items()
        ]
        options.append(discord.SelectOption(label=texts.TAKE_BACK, value=BACK, emoji="↩️"))
        super().__init__(
            ui.Select(custom_id=f"genre:{card_id}", placeholder=texts.ACTUALLY, options=options)
        )
        self.card_id = card_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu of a card that was sent before."""
        return cls(int(match["card"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass a choice on."""
        (value,) = self.item.values
        chooser = cast("GenreMenuHandler", interaction.client)
        await chooser.on_chosen(interaction, self.card_id, None if value == BACK else value)
