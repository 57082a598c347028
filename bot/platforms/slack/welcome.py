"""The message with which the bot greets a channel that it is added to."""

from dataclasses import replace
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.channel_settings import Mode
from bot.domain.jobs import StoredJob
from bot.domain.replies import Notice, NoticeKind
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.jobs import message_of
from bot.platforms.slack.posting import ReplyTarget
from bot.services.services import Services
from bot.texts import slack as words

GREETED_IN: Final = frozenset({Mode.AUTO, Mode.ON_REQUEST})
"""Modes in which messages are answered."""


class Welcome:
    """Greets channels."""

    def __init__(self, services: Services, delivery: Delivery) -> None:
        self._settings = services.settings
        self._plans = services.plans
        self._delivery = delivery

    async def greet(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Say what the bot does, and how it is switched off, unless it is.

        The person who added the bot may delete the message by the wastebasket. Raises as
        `Delivery.deliver` does.
        """
        # The time at which the bot joined, as replies are looked for in the history since then.
        message = replace(message_of(stored, ""), id=stored.job.payload["joined"])
        mode = (await self._settings.of(message.place)).mode
        if mode not in GREETED_IN:
            return
        notice = Notice(NoticeKind.HELP, words.welcome(mode), words.EXAMPLES[:1])

        async def compute() -> list[Notice]:
            return [notice]

        target = ReplyTarget(client, stored.job.id, stored.accepted_at)
        replies = await self._plans.replies(stored, message, compute)
        await self._delivery.deliver(target, message, replies)
