"""Use case: messages and commands in a chat that many people share.

Each message is answered once, by the settings of its channel and within the rate limits.
"""

import asyncio
from collections.abc import Sequence

from bot import texts
from bot.concurrency import MAX_CONCURRENT_MESSAGES
from bot.domain import links
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Notice, NoticeKind, Reply
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import SubjectRef
from bot.services.ask import AskService, hint
from bot.services.channel_settings import SettingsService
from bot.services.deduplication import Deduplicator
from bot.services.rate_limits import RateLimits
from bot.services.recent_cards import RecentCards
from bot.services.statistics import StatisticsService


class GroupChat:
    """Decides whether and how a message in a shared chat is answered. Methods do not raise."""

    def __init__(
        self,
        *,
        ask: AskService,
        settings: SettingsService,
        statistics: StatisticsService,
        deduplicator: Deduplicator,
        rate_limits: RateLimits,
        recent_cards: RecentCards,
    ) -> None:
        self._ask = ask
        self._settings = settings
        self._statistics = statistics
        self._deduplicator = deduplicator
        self._rate_limits = rate_limits
        self._recent_cards = recent_cards
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_MESSAGES)

    async def on_message(
        self, message: Message, *, addressed: bool
    ) -> Sequence[Reply | AlreadyShown]:
        """Answer the links of a message.

        Args:
            message: The message.
            addressed: Whether it mentions the bot or is a direct message.
        """
        found = links.find(message.text)
        if not (found.links or addressed):
            return []
        async with self._slots:
            settings = await self._settings.of(message.settings_place)
            wanted = addressed or settings.mode is Mode.AUTO
            if not (wanted and await self._deduplicator.first_time(message.place, message.id)):
                return []
        if refusal := self._refusal(message, settings):
            return [refusal] if self._rate_limits.may_notify(message, refusal) else []
        if not found.links:
            return [hint()]
        subjects, notices = await self._ask.resolve(found.links, message)
        if not subjects:
            return notices[:1]
        replies = (self._reply(subject, message, settings.model) for subject in subjects)
        return await asyncio.gather(*replies)

    async def on_command(self, message: Message) -> Sequence[Reply]:
        """Answer a command that asks for a song; return nothing only for a repeated delivery."""
        if not await self._deduplicator.first_time(message.place, message.id):
            return []
        settings = await self._settings.of(message.settings_place)
        if refusal := self._refusal(message, settings):
            return [refusal]
        return await self._ask.answer_question(message, settings.model)

    async def on_statistics_command(self, message: Message) -> WorkspaceStats | Notice | None:
        """Return the statistics of the workspace; None only for a repeated delivery."""
        if not await self._deduplicator.first_time(message.place, message.id):
            return None
        settings = await self._settings.of(message.settings_place)
        refusal = self._refusal(message, settings)
        return refusal or await self._statistics.of_workspace(message.place)

    async def on_undelivered(self, message: Message) -> None:
        """Record that no reply could be sent: a repeated delivery is handled as a new one."""
        self._recent_cards.release(message)
        await self._deduplicator.forget(message.place, message.id)

    async def _reply(
        self, subject: SubjectRef, message: Message, model: str | None
    ) -> Reply | AlreadyShown:
        displayed = await self._recent_cards.find(subject, message, model)
        return displayed or await self._ask.answer_subject(subject, message, model)

    def _refusal(self, message: Message, settings: ChannelSettings) -> Notice | None:
        if settings.mode is Mode.OFF:
            return Notice(NoticeKind.SWITCHED_OFF, texts.SWITCHED_OFF)
        return self._rate_limits.check(message)
