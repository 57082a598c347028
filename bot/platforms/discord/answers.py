"""Answers messages, and lets the answers follow when a message is edited."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.domain import links
from bot.domain.jobs import StoredJob
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Reply
from bot.domain.tracks import SubjectKind
from bot.platforms.discord import jobs
from bot.platforms.discord.deletion import Deletions
from bot.platforms.discord.delivery import Delivery
from bot.platforms.discord.progress import ProgressMessage, Timing
from bot.platforms.discord.sound_uploads import QuestionDeleted, SoundUploads
from bot.platforms.discord.transports import ChannelTransport, Transport
from bot.platforms.discord.uploads import SentReply
from bot.services.edits import Edited
from bot.services.services import Services
from bot.services.waiting_links import PlatformWaitingLinks

AfterAnswer = Callable[[Message, Sequence[SentReply]], None]
"""Begins, in the background, what follows when replies were sent for a message."""


class MessageAnswers:
    """Answers messages and follows their edits."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        *,
        delivery: Delivery,
        deletions: Deletions,
        timing: Timing,
        waiting: PlatformWaitingLinks,
        sounds: SoundUploads,
        after_answer: Sequence[AfterAnswer],
    ) -> None:
        self._client = client
        self._services = services
        self._delivery = delivery
        self._deletions = deletions
        self._timing = timing
        self._waiting = waiting
        self._sounds = sounds
        self._after_answer = after_answer

    async def answer(self, stored: StoredJob) -> None:
        """Answer a message."""
        message = jobs.message_of(stored, stored.job.payload["links"])

        async def replies(progress: ProgressMessage) -> Sequence[Reply | AlreadyShown]:
            return await self._replies(stored, message, progress)

        try:
            await self._send(stored, message, replies)
        finally:
            self._services.group_chat.release(message)

    async def follow(self, stored: StoredJob) -> None:
        """Delete the answers that an edited message asks for no more, and answer what is new.

        Raises HandBack, Lost, Parked and StorageFailed.
        """
        payload = stored.job.payload
        if stored.plan is None:  # else an earlier process did this, and began to send the answers
            edit = await self._waiting.supersede(stored, has_files=payload["files"])
            if edit is None:
                return
            stored = edit
        message = jobs.message_of(stored, payload["links"])
        # Counted by the rate limits as a message of its own.
        asked = replace(message, id=stored.job.id)
        age = self._services.now() - stored.accepted_at
        may_add = payload["may_add"] and age < self._services.inbox.max_age

        async def replies(progress: ProgressMessage) -> Sequence[Reply | AlreadyShown]:
            edited = await self._remove(stored, message, may_add=may_add)
            if not edited.added or not may_add:
                return ()
            return await self._services.group_chat.on_message(
                replace(asked, text=edited.added),
                addressed=payload["addressed"],
                released=stored.released,
                progress=progress.tell,
            )

        try:
            if (may_add or stored.plan is None) and await self._send(stored, message, replies):
                # So that a later edit knows it, if the message itself asked for nothing.
                await self._services.deduplicator.first_time(message.place, message.id)
        finally:
            self._services.group_chat.release(asked)
            self._waiting.update(message.place)

    async def _remove(self, stored: StoredJob, message: Message, *, may_add: bool) -> Edited:
        """Delete the answers that an edited message asks for no more; return what it changes."""
        payload = stored.job.payload
        before, addressed = payload["before"], payload["addressed"]
        may_answer = await self._services.group_chat.may_answer(message, addressed=addressed)
        edited = await self._services.edits.changes(
            message,
            before=None if before is None else links.find(before).links,
            has_files=payload["files"],
            addressed=addressed,
            was_answered=before is None and await self._was_answered(message),
            may_add=may_add and may_answer,
        )
        if edited.is_anew and before != "":
            await self._waiting.compare_with(stored, "")
        for answer in edited.removed:
            await self._deletions.take_back(message.place, answer)
        return edited

    async def _was_answered(self, message: Message) -> bool:
        """Return whether a message was answered before its edit, also if it was not addressed."""
        if not await self._services.deduplicator.was_handled(message.place, message.id):
            return False
        return await self._services.group_chat.may_answer(message, addressed=False)

    def progress(self, transport: Transport, message: Message) -> ProgressMessage:
        """Return what displays how far the answer to a message is."""
        cards, locks = self._services.cards, self._delivery.locks
        return ProgressMessage(cards, transport, message, locks, self._timing)

    async def _send(
        self,
        stored: StoredJob,
        message: Message,
        replies: Callable[[ProgressMessage], Coroutine[Any, Any, Sequence[Reply | AlreadyShown]]],
    ) -> bool:
        """Send the replies to a job, which are recorded for `message`; False if there are none."""
        transport = ChannelTransport(self._client, stored, self._services.now())
        progress = self.progress(transport, message)

        async def compute() -> Sequence[Reply | AlreadyShown]:
            following = progress.following(replies(progress))
            return await self._waiting.replies_or_park(stored, following)

        async with progress.deleted_at_the_end():
            if self._may_have_progress(stored, message):
                await progress.adopt()
            outgoing = await self._services.plans.replies(stored, message, compute)
            sent = await self._delivery.deliver(transport, message, outgoing)
        if progress.is_used:
            await self._deletions.after_answer(message)
        for begin in self._after_answer:
            begin(message, sent)
        return bool(outgoing)

    async def _replies(
        self, stored: StoredJob, message: Message, progress: ProgressMessage
    ) -> Sequence[Reply | AlreadyShown]:
        addressed = stored.job.payload["addressed"]
        if self.is_voice_message(stored, message):
            return await self._services.voice_messages.decline(message, addressed=addressed)
        try:
            uploads = await self._sounds.of(stored)
        except QuestionDeleted:
            return ()
        return await self._services.group_chat.on_message(
            message,
            addressed=addressed,
            released=stored.released,
            progress=progress.tell,
            uploads=uploads,
        )

    def is_voice_message(self, stored: StoredJob, message: Message) -> bool:
        """Return whether a job is about nothing but voice messages."""
        voice, files = jobs.has_voice_message(stored), bool(jobs.sounds_of(stored))
        return self._services.voice_messages.are_alone(message, voice=voice, files=files)

    def _may_have_progress(self, stored: StoredJob, message: Message) -> bool:
        """Return whether an earlier process may have displayed the progress of a job."""
        age = (self._services.now() - stored.accepted_at).total_seconds()
        found = links.find(message.text).links
        is_long = any(link.kind != SubjectKind.TRACK for link in found) or jobs.sounds_of(stored)
        return bool(is_long) and age >= self._timing.delay
