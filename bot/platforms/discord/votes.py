"""Votes on Discord: reactions under a card, and choices in its menu."""

import logging
from functools import partial

import discord

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain.jobs import StoredJob
from bot.domain.places import settings_place
from bot.domain.replies import Notice
from bot.domain.votes import Vote, VoteKind
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.failures import succeeds
from bot.platforms.discord.interaction_response import InteractionResponse
from bot.platforms.discord.jobs import vote_of
from bot.platforms.discord.uploads import edit_of
from bot.services.job_outcomes import RetryLater
from bot.services.services import Services

_log = logging.getLogger(__name__)


class Votes:
    """Passes votes to the voting service and refreshes cards afterwards."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        delivery: Delivery,
        refreshes: Debouncer,
    ) -> None:
        self._client = client
        self._cards = services.cards
        self._settings = services.settings
        self._voting = services.voting
        self._plans = services.plans
        self._delivery = delivery
        self._refreshes = refreshes

    async def react(self, stored: StoredJob) -> None:
        """Record a reaction, or its removal; the card's tally confirms it.

        Raises RetryLater if the message may be a card that is not recorded yet, and StorageFailed.
        """
        place, payload = stored.job.place, stored.job.payload
        message_id = payload["message"]
        if payload.get("delete"):
            await self._delete(stored)
            return
        async with self._delivery.locks.of(place):
            card = await self._cards.displayed_by(place, message_id)
            if card is None:
                if await self._plans.is_sending(place):
                    raise RetryLater
                return
            added = payload["added"]
            parent = settings_place(place, payload["parent"])
            if not await self._settings.counts_reaction(parent, added=added):
                return
            kind, genre = vote_of(stored)
            user, event = payload["user"], _event(stored)
            vote = Vote(place, card.id, user, kind, genre, added=added, event_id=event)
            recorded = await self._voting.record(vote)
        if not isinstance(recorded, Notice):
            edit = edit_of(self._message(stored))
            refresh = partial(self._delivery.refresh, message_id, edit, card)
            self._refreshes.schedule(message_id, refresh)

    async def choose(self, stored: StoredJob) -> None:
        """Record a choice in the menu, or withdraw it, and confirm it; raise StorageFailed."""
        place, payload = stored.job.place, stored.job.payload
        genre, card_id = payload["genre"], payload["card"]
        vote = Vote(
            place,
            card_id,
            payload["user"],
            VoteKind.CHOICE,
            genre,
            added=genre is not None,
            event_id=_event(stored),
        )
        async with self._delivery.locks.of(place):
            recorded = await self._voting.record(vote)
        text = recorded.text if isinstance(recorded, Notice) else texts.receipt(recorded)
        response = InteractionResponse(self._client, payload)
        about = f"card {card_id}: interaction {stored.job.id}"
        if stored.attempts > 1:  # a message that only one person sees cannot be looked for
            _log.warning("%s: perhaps answered already; not answered again", about)
        else:
            await succeeds(response.follow_up(content=text, ephemeral=True), about)
        card = await self._cards.get(card_id)
        if card and not isinstance(recorded, Notice):
            await self._delivery.refresh(payload["message"], response.edit, card)

    async def _delete(self, stored: StoredJob) -> None:
        """Delete a reply for the person who asked; the deletion event updates the stores."""
        place, payload = stored.job.place, stored.job.payload
        async with self._delivery.locks.of(place):
            allowed = await self._cards.is_answer_to(place, payload["message"], payload["user"])
        if allowed:
            about = f"message {payload['message']}: deletion"
            await succeeds(self._message(stored).delete(), about)
        elif await self._plans.is_sending(place):
            raise RetryLater

    def _message(self, stored: StoredJob) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(int(stored.job.place.channel))
        return channel.get_partial_message(int(stored.job.payload["message"]))


def _event(stored: StoredJob) -> str:
    """Return the event id of a job's vote, by which it counts once although the job is repeated."""
    return f"vote:{stored.job.key}"
