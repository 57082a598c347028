"""Use case: messages and commands in a chat that many people share.

Messages are answered by the settings of their channel and within the rate limits. The inbox sees to
it that each is answered once.
"""

import asyncio
from collections.abc import Sequence

from bot.domain import links
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.collections import Progress
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Notice, Reply
from bot.domain.sound_ports import Upload
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import SubjectRef
from bot.services.ask import AskService, hint
from bot.services.channel_settings import SettingsService, switched_off
from bot.services.listen import ListenService
from bot.services.rate_limits import RateLimits
from bot.services.recent_cards import RecentCards
from bot.services.statistics import StatisticsService


class TooManyMessages(Exception):
    """The rate limit of a person or a channel is reached."""


class GroupChat:
    """Decides whether and how a message in a shared chat is answered.

    Failures are returned as notices, except for those of the database, after which a message is
    handled again.
    """

    def __init__(
        self,
        *,
        ask: AskService,
        listen: ListenService,
        settings: SettingsService,
        statistics: StatisticsService,
        rate_limits: RateLimits,
        recent_cards: RecentCards,
    ) -> None:
        self._ask = ask
        self._listen = listen
        self._settings = settings
        self._statistics = statistics
        self._rate_limits = rate_limits
        self._recent_cards = recent_cards

    async def may_answer(self, message: Message, *, addressed: bool) -> bool:
        """Return whether a message may be answered by the settings of its channel.

        Where it may not, nothing about its files need be asked. `addressed` as in `on_message`.
        """
        settings = await self._settings.of(message.settings_place)
        return settings.answers(message, addressed=addressed)

    async def on_message(
        self,
        message: Message,
        *,
        addressed: bool,
        released: bool = False,
        progress: Progress | None = None,
        uploads: Sequence[Upload] = (),
    ) -> Sequence[Reply | AlreadyShown]:
        """Answer the links and the sound files of a message.

        Args:
            message: The message.
            addressed: Whether it mentions the bot or is a direct message.
            released: Whether a person asked to answer it in spite of the rate limits.
            progress: Awaited while the songs of an album, a playlist or an artist are looked up,
                or a file waits for its turn.
            uploads: Its sound files.

        Raises:
            TooManyMessages: The message must wait; nothing was counted.
            StorageFailed: A card cannot be stored.
        """
        found = links.find(message.text)
        if not (found.links or uploads or addressed):
            return []
        settings = await self._settings.of(message.settings_place)
        if not settings.answers(message, addressed=addressed):
            return [switched_off(settings)] if addressed else []
        if not released and self._rate_limits.check(message):
            raise TooManyMessages
        heard = await self._listen.answer(uploads, message, progress)
        if not found.links:
            return heard or [hint()]
        resolved = await self._ask.resolve(found.links, message)
        if not resolved.subjects:
            return [*heard, *resolved.notices[:1], *resolved.failures]
        replies = await asyncio.gather(
            *(
                self._reply(subject, message, settings.model, progress)
                for subject in resolved.subjects
            )
        )
        doubtful = frozenset() if addressed else resolved.uncertain
        kept = (
            reply
            for subject, reply in zip(resolved.subjects, replies, strict=True)
            if not (isinstance(reply, Notice) and subject in doubtful)
        )
        return [*heard, *kept, *resolved.failures]

    async def on_command(
        self,
        message: Message,
        progress: Progress | None = None,
        uploads: Sequence[Upload] = (),
        *,
        about: str | None = None,
        is_private: bool = False,
    ) -> Sequence[Reply | AlreadyShown]:
        """Answer a command that asks for a song or for sound files; never empty.

        Args:
            message: The command.
            progress: As in `on_message`.
            uploads: As in `on_message`.
            about: The message that the command was chosen for, whose links are the text. A card
                that its channel displays is pointed at instead of repeated.
            is_private: Whether only the person who asks sees the answer.

        Raises StorageFailed if a card cannot be stored.
        """
        settings = await self._settings.of(message.settings_place)
        if refusal := self._refusal(message, settings):
            return [refusal]
        if uploads and not message.text.strip():
            return await self._listen.answer(uploads, message, progress)
        heard = await self._listen.answer(uploads, message, progress)
        found = links.find(message.text)
        if about is None or is_private or not found.links:
            return [*heard, *await self._ask.answer_question(message, settings.model, progress)]
        resolved = await self._ask.resolve(found.links, message)
        replies = await asyncio.gather(
            *(
                self._reply(subject, message, settings.model, progress, about)
                for subject in resolved.subjects
            )
        )
        return [*heard, *replies, *resolved.notices, *resolved.failures]

    async def on_pick(self, message: Message, ref: SubjectRef) -> Sequence[Reply | AlreadyShown]:
        """Answer the choice of a track that a notice or a summary offered; never empty.

        Raises StorageFailed if a card cannot be stored.
        """
        settings = await self._settings.of(message.settings_place)
        if refusal := self._refusal(message, settings):
            return [refusal]
        return [await self._reply(ref, message, settings.model, None)]

    async def on_statistics_command(self, message: Message) -> WorkspaceStats | Notice:
        """Return the statistics of the workspace."""
        settings = await self._settings.of(message.settings_place)
        refusal = self._refusal(message, settings)
        return refusal or await self._statistics.of_workspace(message.place)

    def release(self, message: Message) -> None:
        """Let messages go on that wait for the cards of this one, which are sent or failed."""
        self._recent_cards.release(message)

    async def _reply(
        self,
        subject: SubjectRef,
        message: Message,
        model: str | None,
        progress: Progress | None,
        about: str | None = None,
    ) -> Reply | AlreadyShown:
        """Return the card of a subject, or a pointer to one that is displayed already.

        `about` is a message whose answers are pointed at, however old they are.
        """
        key = await self._ask.key_of(subject, message)
        if isinstance(key, Notice):
            return key
        displayed = None
        if key and about:
            displayed = await self._recent_cards.answering(about, key, message, model)
        if key and not displayed:
            displayed = await self._recent_cards.find(key, message, model)
        return displayed or await self._ask.answer_subject(subject, message, model, progress)

    def _refusal(self, message: Message, settings: ChannelSettings) -> Notice | None:
        if settings.mode is Mode.OFF:
            return switched_off(settings)
        return self._rate_limits.check(message)
