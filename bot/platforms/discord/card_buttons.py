"""Buttons in the last row of a card: its small print, and its picture."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot import texts
from bot.platforms.discord import card_ids
from bot.platforms.discord.interactions import interactions_of


class DetailsButton(ui.DynamicItem[ui.Button[Any]], template=card_ids.DETAILS):
    """Button "Details", which works after a restart."""

    def __init__(self, card_id: int) -> None:
        super().__init__(ui.Button(label=texts.DETAILS, custom_id=card_ids.details(card_id)))
        self.card_id = card_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button of a card that was sent before."""
        return cls(int(match["card"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the press to the client."""
        await interactions_of(interaction).show_details(interaction, self.card_id)


class SaveButton(ui.DynamicItem[ui.Button[Any]], template=card_ids.SAVE):
    """Button "Save card", which works after a restart."""

    def __init__(self, card_id: int) -> None:
        super().__init__(ui.Button(label=texts.SAVE_CARD, custom_id=card_ids.save(card_id)))
        self.card_id = card_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button of a card that was sent before."""
        return cls(int(match["card"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the press to the client."""
        await interactions_of(interaction).save_cards(interaction, [self.card_id])
