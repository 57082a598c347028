"""Follows edits of messages: answers that are not asked for any more are taken away."""

from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import links
from bot.domain.jobs import StoredJob
from bot.domain.places import Message
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.pictures import delete
from bot.services.services import Services
from bot.services.waiting_links import PlatformWaitingLinks


class Edits:
    """Compares edited messages with their answers."""

    def __init__(
        self, services: Services, delivery: Delivery, waiting: PlatformWaitingLinks
    ) -> None:
        self._edits = services.edits
        self._group_chat = services.group_chat
        self._max_age = services.inbox.max_age
        self._now = services.now
        self._delivery = delivery
        self._waiting = waiting

    async def follow(
        self, stored: StoredJob, message: Message, client: AsyncWebClient
    ) -> Message | None:
        """Take away what a message asks for no more; return it with the links to be answered.

        None if there are none, or if it is too late for them. Raises HandBack, Lost and
        StorageFailed.
        """
        place = message.place
        is_late = self._now() - stored.accepted_at > self._max_age
        if stored.plan is not None:  # an earlier process did this, and began to send the answers
            return None if is_late else message
        has_files = stored.job.payload["has_files"]
        edit = await self._waiting.supersede(stored, has_files=has_files)
        if edit is None:
            return None
        addressed, before = edit.job.payload["addressed"], edit.job.payload["before"]
        may_answer = await self._group_chat.may_answer(message, addressed=addressed)
        edited = await self._edits.changes(
            message,
            before=None if before is None else links.find(before).links,
            has_files=has_files,
            addressed=addressed,
            may_add=may_answer,
        )
        if edited.is_anew and before != "":
            await self._waiting.compare_with(edit, "")
        for answer in edited.removed:
            if await delete(client, place, answer):
                await self._delivery.on_deleted(client, place, answer)
        if is_late or not (may_answer and edited.added):
            return None
        return replace(message, text=edited.added)
