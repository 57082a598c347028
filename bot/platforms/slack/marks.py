"""Removes the marks of a person who was forgotten: their votes on cards.

Slack lets an app remove its own reactions only, so those of the person stay until they remove them.
"""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.jobs import StoredJob
from bot.domain.marks import GIVE_UP_AFTER, marks_of
from bot.domain.ports import Now
from bot.platforms.slack.delivery import HAND_BACK_DELAY, Delivery
from bot.platforms.slack.failures import FAILURES, error_code, is_refusal, retry_after
from bot.services.cards import CardService
from bot.services.job_outcomes import HandBack

_log = logging.getLogger(__name__)


class MarkRemoval:
    """Works off the jobs of the kind REFRESH.

    Messages that only one person sees are not stored and cannot be edited: they keep the votes that
    they display.
    """

    def __init__(self, cards: CardService, delivery: Delivery, now: Now) -> None:
        self._cards = cards
        self._delivery = delivery
        self._now = now

    async def remove(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Update the messages of a job.

        Raises HandBack while Slack is away or asks to wait, and StorageFailed.
        """
        place = stored.job.place
        for mark in marks_of(stored.job):
            card = await self._cards.displayed_by(place, mark.message_id)
            if card is None or card.id != mark.card_id:
                continue
            try:
                await self._delivery.update(client, place, mark.message_id, card)
            except FAILURES as error:
                _log.info("card %s: votes not removed: %s", card.id, error_code(error))
                is_young = self._now() - stored.accepted_at < GIVE_UP_AFTER
                if is_young and not is_refusal(error):
                    raise HandBack(retry_after(error) or HAND_BACK_DELAY) from error
