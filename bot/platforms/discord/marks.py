"""Removes the marks of a person who was forgotten: their votes on cards, and their reactions."""

import logging
from typing import Final

import discord

from bot.domain import emoji
from bot.domain.jobs import StoredJob
from bot.domain.marks import GIVE_UP_AFTER, Mark, marks_of
from bot.domain.ports import Now
from bot.domain.votes import VoteKind
from bot.platforms.discord.delivery import HAND_BACK_DELAY, Delivery
from bot.platforms.discord.failures import CONNECTION_FAILURES, FAILURES, describe
from bot.platforms.discord.uploads import edit_of
from bot.services.cards import CardService
from bot.services.job_outcomes import HandBack

LATER: Final = (*CONNECTION_FAILURES, discord.RateLimited)
"""Failures after which the job is repeated."""

_log = logging.getLogger(__name__)


class MarkRemoval:
    """Works off the jobs of the kind REFRESH.

    Messages that are not stored, as answers that only one person sees, cannot be edited: they keep
    the votes that they display.
    """

    def __init__(
        self, client: discord.Client, cards: CardService, delivery: Delivery, now: Now
    ) -> None:
        self._client = client
        self._cards = cards
        self._delivery = delivery
        self._now = now

    async def remove(self, stored: StoredJob) -> None:
        """Update the messages of a job, and remove the person's reactions where the bot may.

        Raises HandBack while Discord is away or asks to wait, and StorageFailed.
        """
        place, user = stored.job.place, stored.job.payload["user"]
        channel = self._client.get_partial_messageable(int(place.channel))
        may_remove = bool(user)
        for mark in marks_of(stored.job):
            card = await self._cards.displayed_by(place, mark.message_id)
            if card is None or card.id != mark.card_id:
                continue
            message = channel.get_partial_message(int(mark.message_id))
            try:
                await self._delivery.update(place, mark.message_id, edit_of(message), card)
                may_remove = may_remove and await _remove_reactions(message, mark, user)
            except FAILURES as error:
                _log.info("card %s: votes not removed: %s", card.id, describe(error))
                is_young = self._now() - stored.accepted_at < GIVE_UP_AFTER
                if is_young and isinstance(error, LATER):
                    raise HandBack(getattr(error, "retry_after", HAND_BACK_DELAY)) from error


async def _remove_reactions(message: discord.PartialMessage, mark: Mark, user: str) -> bool:
    """Remove a person's reactions that were votes; return False if the bot may not.

    Raises discord.py's exceptions.
    """
    person = discord.Object(int(user))
    for kind, genre in mark.reactions:
        sign = emoji.RIGHT if kind is VoteKind.RIGHT else emoji.GENRES[genre]
        try:
            await message.remove_reaction(sign, person)
        except discord.Forbidden:
            return False
        except discord.NotFound:  # the person removed it
            continue
    return True
