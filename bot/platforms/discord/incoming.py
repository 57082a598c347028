"""Messages that arrive, are edited and deleted: what they ask is stored as jobs."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import discord

from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain import links
from bot.domain.jobs import Job
from bot.domain.places import Message, Place
from bot.platforms.discord import jobs, reading
from bot.platforms.discord.attachments import Attached, attached_to
from bot.platforms.discord.deletion import Deletions
from bot.platforms.discord.proxied_messages import ProxiedMessages
from bot.platforms.discord.questions import Question, question_of
from bot.platforms.discord.sound_uploads import SoundUploads
from bot.services.failures import until_stored
from bot.services.services import Services

MAX_MESSAGES: Final = 5000
"""Messages that ask for something, whose links are remembered for their edits, 0.5 KB each."""

_log = logging.getLogger(__name__)

Accept = Callable[[Job], Awaitable[None]]
"""Stores a job, again and again while the database fails; raises NotAccepting."""

HasAnswers = Callable[[Message], Awaitable[object]]
"""Returns whether a message may have answers, as a truth value; raises StorageFailed."""


class _Asked(NamedTuple):
    """What a message asks: its links as a text, and whether it addresses the bot."""

    links: str
    addressed: bool


class IncomingMessages:
    """Stores what messages ask, and what edits and deletions change.

    Methods raise NotAccepting when the bot is stopping.
    """

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        *,
        deletions: Deletions,
        sounds: SoundUploads,
        accept: Accept,
    ) -> None:
        self._client = client
        self._cards = services.cards
        self._deduplicator = services.deduplicator
        self._max_age = services.inbox.max_age
        self._deletions = deletions
        self._sounds = sounds
        self._accept = accept
        self._proxied = ProxiedMessages(services.now)
        self._asked: OrderedDict[str, _Asked] = OrderedDict()
        self._locks = KeyedLocks()  # so that a message is stored before its edits

    async def on_message(self, source: discord.Message) -> None:
        """Store a message that asks for something."""
        if reading.is_from_webhook(source):
            await self._on_copy(source)
        elif reading.is_from_person(source):
            question = question_of(source, self._client.user)
            copy = self._note_original(source, question)
            if reading.may_reply(source):
                await self._ask(question)
            elif jobs.message_job(question):
                _log.info("message %s: not answered: no permission to send messages", source.id)
            await self._ask(copy)

    async def on_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Store an edit that may change the answers to a message."""
        source = event.message
        data: Mapping[str, object] = event.data
        if source.edited_at is None or "content" not in data:
            return  # Discord added a preview
        question = await self._edited(source)
        if question is None:
            return
        earlier = self._asked.get(question.message.id)
        is_late = source.edited_at - source.created_at > self._max_age
        may_add = reading.may_reply(source) and not is_late
        # A message that addresses the bot now asks for its links anew.
        is_known = earlier is not None and earlier.addressed >= question.addressed
        before = earlier.links if earlier and is_known else None
        job = jobs.edit_job(question, source.edited_at, before=before, may_add=may_add)
        await self._store(question, job)

    async def on_deleted(self, place: Place, message_id: int) -> None:
        """Delete the answers to a deleted message; answer its copy if a proxy bot posted one."""
        await self._deletions.on_deleted(place, str(message_id))
        await self._ask(self._proxied.on_deleted(place, str(message_id)))

    async def _edited(self, source: discord.Message) -> Question | None:
        """Return what an edited message asks; None if its answers cannot change."""
        question = question_of(source, self._client.user)
        if not (self._client.intents.message_content or question.addressed):
            return None  # its content is hidden from the bot
        message = question.message
        if reading.is_from_webhook(source):
            if author := self._proxied.author_of(message.place, message.id):
                return question.asked_by(author)
            has_answers: HasAnswers = self._cards.sent_replies
        elif reading.is_from_person(source):
            await self._ask(self._note_original(source, question))
            if question.has_links or message.id in self._asked:
                return question
            has_answers = self._has_asked
        else:
            return None  # a bot edited
        asked = await until_stored(lambda: has_answers(message), f"message {message.id}: edit")
        return question if asked else None

    async def _has_asked(self, message: Message) -> bool:
        """Return whether a message may have answers; raise StorageFailed."""
        if await self._cards.sent_replies(message):
            return True
        return await self._deduplicator.was_handled(message.place, message.id)

    async def _on_copy(self, source: discord.Message) -> None:
        sign = _sign(source)
        if sign is not None and reading.may_reply(source):
            await self._ask(self._proxied.on_copy(question_of(source, self._client.user), sign))

    def _note_original(self, source: discord.Message, question: Question) -> Question | None:
        """Note a message that a proxy bot may post again; webhooks exist in servers only."""
        if source.guild is None:
            return None
        return self._proxied.on_original(replace(question.message, text=""), _sign(source))

    async def _ask(self, question: Question | None) -> None:
        if question and (job := jobs.message_job(question)):
            self._sounds.remember(job, question.attached.sounds)
            await self._store(question, job)

    async def _store(self, question: Question, job: Job) -> None:
        message_id = question.message.id
        self._asked[message_id] = _Asked(job.payload["links"], question.addressed)
        self._asked.move_to_end(message_id)
        if len(self._asked) > MAX_MESSAGES:
            self._asked.popitem(last=False)
        async with self._locks.of(message_id):
            await self._accept(job)


def _sign(source: discord.Message) -> Hashable | None:
    """Return a hash of all links and files of a message; None if there are none."""
    found = links.as_text(links.find(source.content))
    attached: Attached = attached_to([source])
    sizes = sorted(file.size for file in attached.sounds)
    return hash((found, *sizes)) if found or sizes else None
