"""The menu "It's actually ..." under a card: a vote for any genre."""

import re
from typing import Any, Final, Self

import discord
from discord import ui

from bot import texts
from bot.domain import emoji
from bot.platforms.discord import card_ids
from bot.platforms.discord.interactions import interactions_of

TAKE_BACK: Final = "-"
"""Value of the option that takes the vote back."""


class GenreMenu(ui.DynamicItem[ui.Select[Any]], template=card_ids.MENU):
    """Select menu under a card, which works after a restart."""

    def __init__(self, card_id: int) -> None:
        options = [
            discord.SelectOption(label=genre, value=genre, emoji=sign)
            for genre, sign in emoji.GENRES.items()
        ]
        options.append(discord.SelectOption(label=texts.TAKE_BACK, value=TAKE_BACK, emoji="↩️"))
        super().__init__(
            ui.Select(custom_id=card_ids.menu(card_id), placeholder=texts.ACTUALLY, options=options)
        )
        self.card_id = card_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the menu of a card that was sent before."""
        return cls(int(match["card"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the choice to the client."""
        (value,) = self.item.values
        genre = None if value == TAKE_BACK else value
        await interactions_of(interaction).choose_genre(interaction, self.card_id, genre)
