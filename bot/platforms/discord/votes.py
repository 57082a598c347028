"""Reactions and choices: what people say of a card."""

import logging
from collections.abc import Awaitable
from functools import partial
from typing import Final

import discord

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain import emoji
from bot.domain.cards import Notice
from bot.domain.places import Place
from bot.domain.votes import Ballot, Vote, VoteKind
from bot.platforms.discord import ids
from bot.platforms.discord.delivery import FAILURES, Delivery, why
from bot.services.handlers import SharedHandlers

DELETE: Final = emoji.plain(emoji.DELETE)

_log = logging.getLogger(__name__)


class Votes:
    """Hands votes to the core, and shows quietly that they were heard."""

    def __init__(self, handlers: SharedHandlers, delivery: Delivery, later: Debouncer) -> None:
        self._handlers = handlers
        self._delivery = delivery
        self._later = later

    async def react(
        self,
        reaction: discord.RawReactionActionEvent,
        place: Place,
        parent: str | None,
        message: discord.PartialMessage,
        *,
        added: bool,
    ) -> None:
        """Take a reaction, or its being taken back, under any message; the card shows the rest."""
        sign, user = str(reaction.emoji), str(reaction.user_id)
        if added and emoji.plain(sign) == DELETE:
            await self._delete(place, message, user)
            return
        said = emoji.said(sign)
        if said is None:
            return
        async with self._delivery.turns.of(place):
            card = await self._handlers.card_shown(place, str(message.id))
            # What was said while reactions counted can always be taken back.
            if card is None or (added and not await self._count(place, parent)):
                return
            kind, genre = said
            vote = Vote(place, card.id, user, kind, genre, added=added)
            heard = await self._handlers.on_vote(vote)
        if isinstance(heard, Ballot):
            self._later.do(message.id, partial(self._delivery.refresh, message.edit, card))

    async def choose(
        self, interaction: discord.Interaction, card_id: int, genre: str | None
    ) -> None:
        """Take a choice from the menu, or take back what was chosen there; the person is told."""
        place, user = ids.place(interaction), str(interaction.user.id)
        about = f"card {card_id}: interaction {interaction.id}"
        if not await _done(interaction.response.defer(), about):
            return
        async with self._delivery.turns.of(place):
            heard = await self._record(place, user, card_id, genre)
        text = heard.text if isinstance(heard, Notice) else texts.receipt(heard)
        await _done(interaction.followup.send(text, ephemeral=True), about)
        card = await self._handlers.card(card_id)
        if card and isinstance(heard, Ballot):
            await self._delivery.refresh(interaction.edit_original_response, card)

    async def _record(
        self, place: Place, user: str, card_id: int, genre: str | None
    ) -> Ballot | Notice:
        if genre is not None:
            return await self._handlers.on_vote(Vote(place, card_id, user, VoteKind.CHOICE, genre))
        said = await self._handlers.ballot(place, user, card_id)
        heard: Ballot | Notice = Notice("done", texts.NOTHING_CHOSEN)
        for choice in said.active:
            if choice.kind is not VoteKind.CHOICE:
                continue
            heard = await self._handlers.on_vote(
                Vote(place, card_id, user, choice.kind, choice.genre, added=False)
            )
        return heard

    async def _count(self, place: Place, parent: str | None) -> bool:
        return (await self._handlers.room.settings(place.ruling(parent))).reactions

    async def _delete(self, place: Place, message: discord.PartialMessage, user: str) -> None:
        """Delete a reply for the one who asked for it; its own deletion event does the rest."""
        async with self._delivery.turns.of(place):
            asked = await self._handlers.room.asked(place, str(message.id), user)
        if not asked:
            return
        await _done(message.delete(), f"message {message.id}: deletion")


async def _done(request: Awaitable[object], about: str) -> bool:
    """Say whether a request came to something; what it came to grief over is only logged."""
    try:
        await request
    except FAILURES as error:
        _log.info("%s: %s", about, why(error))
        return False
    return True
