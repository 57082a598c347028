"""Follows edits of messages: answers that are not asked for any more are taken away."""

from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import links
from bot.domain.jobs import StoredJob
from bot.domain.links import LinksFound
from bot.domain.places import Message
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.pictures import delete
from bot.services.services import Services


class Edits:
    """Compares edited messages with their answers."""

    def __init__(self, services: Services, delivery: Delivery) -> None:
        self._cards = services.cards
        self._edits = services.edits
        self._group_chat = services.group_chat
        self._delivery = delivery

    async def follow(
        self, stored: StoredJob, message: Message, client: AsyncWebClient
    ) -> Message | None:
        """Take away what a message asks for no more; return it with the links to be answered.

        None if there are none. A link that was there before the edit is not answered again: its
        card may have been deleted on purpose. Raises StorageFailed.
        """
        if stored.plan is not None:
            return message  # an earlier process did this, and began to send the answers
        place, addressed = message.place, stored.job.payload["addressed"]
        may_answer = await self._group_chat.may_answer(message, addressed=addressed)
        if not may_answer and not await self._cards.sent_replies(message):
            return None
        edited = await self._edits.changes(message)
        for answer in edited.removed:
            if await delete(client, place, answer):
                await self._delivery.on_deleted(client, place, answer)
        known = links.find(stored.job.payload["before"]).links
        added = tuple(link for link in links.find(edited.added).links if link not in known)
        if not (added and may_answer):
            return None
        return replace(message, text=links.as_text(LinksFound(added)))
