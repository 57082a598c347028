"""Buttons that vote for a genre with one press, and the button that takes the vote back."""

import re
from typing import Any, Final, Self

import discord
from discord import ui

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Card
from bot.platforms.discord import card_ids
from bot.platforms.discord.interactions import interactions_of

UNDO: Final = "↩️"


class VoteButton(ui.DynamicItem[ui.Button[Any]], template=card_ids.VOTE):
    """Button under a card, which works after a restart."""

    def __init__(self, card_id: int, genre: str, label: str | None = None) -> None:
        agrees = label is not None and label != genre
        super().__init__(
            ui.Button(
                label=label or genre,
                emoji=emoji.GENRES.get(genre),
                style=discord.ButtonStyle.success if agrees else discord.ButtonStyle.secondary,
                custom_id=card_ids.vote(card_id, genre),
            )
        )
        self.card_id = card_id
        self.genre = genre

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button of a card that was sent before."""
        return cls(int(match["card"]), match["genre"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the vote to the client."""
        await interactions_of(interaction).choose_genre(interaction, self.card_id, self.genre)


class TakeBackButton(ui.DynamicItem[ui.Button[Any]], template=card_ids.TAKE_BACK):
    """Button in a receipt, which works after a restart; `message_id` displays the card."""

    def __init__(self, card_id: int, message_id: str | None) -> None:
        custom_id = card_ids.take_back(card_id, message_id)
        super().__init__(ui.Button(label=texts.TAKE_VOTE_BACK, emoji=UNDO, custom_id=custom_id))
        self.card_id = card_id
        self.message_id = message_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Return the button of a receipt that was sent before."""
        return cls(int(match["card"]), match["message"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Pass the withdrawal to the client."""
        accept = interactions_of(interaction).take_back
        await accept(interaction, self.card_id, self.message_id)


def vote_buttons(card: Card) -> list[VoteButton]:
    """Return the buttons of a card, that of the predicted genre first."""
    labels = texts.vote_labels(card.answer)
    return [VoteButton(card.id, genre, label) for genre, label in labels.items()]
