"""Votes on Discord: reactions under a card, and choices in its menu."""

from functools import partial
from typing import Final

import discord

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain import emoji
from bot.domain.places import Place, settings_place
from bot.domain.replies import Notice
from bot.domain.votes import Vote, VoteKind
from bot.platforms.discord import ids
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.failures import succeeds
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.voting import VotingService

DELETE: Final = emoji.strip_modifiers(emoji.DELETE)


class Votes:
    """Passes votes to the voting service and refreshes cards afterwards."""

    def __init__(
        self,
        *,
        cards: CardService,
        settings: SettingsService,
        voting: VotingService,
        delivery: Delivery,
        refreshes: Debouncer,
    ) -> None:
        self._cards = cards
        self._settings = settings
        self._voting = voting
        self._delivery = delivery
        self._refreshes = refreshes

    async def react(
        self,
        reaction: discord.RawReactionActionEvent,
        place: Place,
        parent: str | None,
        message: discord.PartialMessage,
        *,
        added: bool,
    ) -> None:
        """Record a reaction under any message, or its removal; the card's tally confirms it."""
        name, user = str(reaction.emoji), str(reaction.user_id)
        if added and emoji.strip_modifiers(name) == DELETE:
            await self._delete(place, message, user)
            return
        parsed = emoji.parse_reaction(name)
        if parsed is None:
            return
        async with self._delivery.locks.of(place):
            card = await self._cards.displayed_by(place, str(message.id))
            counts = self._settings.counts_reaction
            if card is None or not await counts(settings_place(place, parent), added=added):
                return
            kind, genre = parsed
            vote = Vote(place, card.id, user, kind, genre, added=added)
            recorded = await self._voting.record(vote)
        if not isinstance(recorded, Notice):
            self._refreshes.schedule(
                message.id, partial(self._delivery.refresh, message.edit, card)
            )

    async def choose(
        self, interaction: discord.Interaction, card_id: int, genre: str | None
    ) -> None:
        """Record a choice in the menu, or withdraw it if `genre` is None, and confirm it."""
        place, user = ids.place(interaction), str(interaction.user.id)
        about = f"card {card_id}: interaction {interaction.id}"
        if not await succeeds(interaction.response.defer(), about):
            return
        vote = Vote(place, card_id, user, VoteKind.CHOICE, genre, added=genre is not None)
        async with self._delivery.locks.of(place):
            recorded = await self._voting.record(vote)
        text = recorded.text if isinstance(recorded, Notice) else texts.receipt(recorded)
        await succeeds(interaction.followup.send(text, ephemeral=True), about)
        card = await self._cards.get(card_id)
        if card and not isinstance(recorded, Notice):
            await self._delivery.refresh(interaction.edit_original_response, card)

    async def _delete(self, place: Place, message: discord.PartialMessage, user: str) -> None:
        """Delete a reply for the person who asked; the deletion event updates the stores."""
        async with self._delivery.locks.of(place):
            allowed = await self._cards.is_answer_to(place, str(message.id), user)
        if allowed:
            await succeeds(message.delete(), f"message {message.id}: deletion")
