"""The message that says how far the songs of an album, a playlist or an artist are looked up.

It also says how many sounds are heard before a file that waits for its turn.

It is sent when the work takes longer than a moment, and edited while it goes on. The first reply
replaces it, by an edit, which can be repeated, so that nothing is sent twice. A process that takes
over the job adopts the message. When the question or the message is deleted, the work is cancelled.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple, TypeVar

import discord

from bot.concurrency.keyed_locks import KeyedLocks
from bot.concurrency.throttle import Throttle
from bot.concurrency.wanted_work import NotWanted, while_wanted
from bot.domain.errors import StorageFailed
from bot.domain.places import Message
from bot.platforms.discord import markup, present
from bot.platforms.discord.failures import (
    CONNECTION_FAILURES,
    FAILURES,
    NO_MESSAGE_HISTORY,
    UNKNOWN_MESSAGE,
    describe,
    succeeds,
)
from bot.platforms.discord.transports import Transport, Unfindable
from bot.services.cards import CardService
from bot.services.failures import value_or_none
from bot.services.job_outcomes import HandBack, Lost, Parked

UNFINISHED: Final = (HandBack, Lost, Parked, StorageFailed)
"""Exceptions after which the job is worked off again, by this process or another one."""

_log = logging.getLogger(__name__)
R = TypeVar("R")


class Timing(NamedTuple):
    """Times in seconds.

    Attributes:
        delay: Work that is done within it displays no progress.
        interval: Least time between two edits, of which Discord allows about 5 in 5 seconds.
        check_interval: Time between two looks whether the question was deleted.
    """

    delay: float = 1.0
    interval: float = 2.0
    check_interval: float = 1.0


TIMING: Final = Timing()


class ProgressMessage:
    """Displays the progress of one job.

    Args:
        cards: Stores which message it is.
        transport: Sends and edits the message.
        message: The message or command that is answered.
        locks: Keep each channel's events in order.
        timing: When the message is sent and edited.
    """

    def __init__(
        self,
        cards: CardService,
        transport: Transport,
        message: Message,
        locks: KeyedLocks,
        timing: Timing = TIMING,
    ) -> None:
        self._cards = cards
        self._transport = transport
        self._message = message
        self._lock = locks.of(message.place)
        self._check_interval = timing.check_interval
        self._throttle = Throttle(self._display, delay=timing.delay, interval=timing.interval)
        self._is_uncertain = False  # it may have been sent, although no answer arrived
        self._is_refused = False
        self.is_used = False

    async def adopt(self) -> None:
        """Go on with the message that an earlier process sent; raise StorageFailed."""
        recorded = await self._cards.progress_of(self._message)
        if recorded:
            self._use(int(recorded))
        else:
            await self._look()

    async def tell(self, sentence: str) -> None:
        """Display a sentence instead of the one before, not necessarily at once."""
        text = present.plain_sentence(sentence)  # it may name a file
        self._throttle.put(markup.hidden(text) if self._message.is_spoiler else text)

    async def following(self, work: Coroutine[Any, Any, Sequence[R]]) -> Sequence[R]:
        """Return the replies that are the result of work that calls `tell`.

        If the question or this message is deleted, the work is cancelled; there are none then.
        """
        try:
            return await while_wanted(work, self._is_wanted, self._check_interval)
        except NotWanted:
            _log.info("%s: not answered: it was deleted", self._about)
            return ()
        except asyncio.CancelledError:  # the bot stops, or another process has the job
            self._throttle.cancel()
            self._is_uncertain = False
            raise
        finally:
            await self._throttle.stop()
            if self._is_uncertain:
                await self._look()

    @asynccontextmanager
    async def deleted_at_the_end(self) -> AsyncIterator[None]:
        """Delete the message at the end unless a reply has replaced it, or the job is repeated."""
        try:
            yield
        except UNFINISHED:
            raise
        except Exception:
            await self._delete()
            raise
        await self._delete()

    @property
    def _about(self) -> str:
        return f"message {self._message.id}"

    def _use(self, progress: int) -> None:
        self._transport.progress = progress
        self.is_used = True

    async def _look(self) -> None:
        """Look for the message where it was sent."""
        self._is_uncertain = False
        try:
            found = await self._transport.find_progress()
        except (*FAILURES, Unfindable) as error:
            self._is_refused = True  # another one would be displayed beside it
            _log.info("%s: progress not looked for: %s", self._about, describe(error))
        else:
            if found is not None:
                self._use(found)

    async def _is_wanted(self) -> bool:
        """Return whether neither the question nor the message is deleted, as far as is known."""
        sent = self._transport.progress
        for message_id in (self._message.id, *([str(sent)] if sent else [])):
            deleted = self._cards.is_deleted(self._message.place, message_id)
            if await value_or_none(deleted, self._about):
                return False
        return True

    async def _display(self, sentence: str) -> None:
        """Send or edit the message; does not raise."""
        if self._is_refused:
            return
        try:
            if self._transport.progress is None:
                await self._send(sentence)
            else:
                await self._transport.show_progress(sentence)
        except (*FAILURES, StorageFailed) as error:
            _log.info("%s: progress not displayed: %s", self._about, describe(error))
            await self._on_failure(error)

    async def _send(self, sentence: str) -> None:
        async with self._lock:
            self._is_uncertain = True
            sent = await self._transport.show_progress(sentence)
            self._is_uncertain = False
            self.is_used = True
            await self._cards.on_progress_sent(self._message, str(sent.id))

    async def _on_failure(self, error: BaseException) -> None:
        if isinstance(error, (*CONNECTION_FAILURES, StorageFailed)):
            return
        self._is_uncertain = False
        code = error.code if isinstance(error, discord.HTTPException) else 0
        if code == NO_MESSAGE_HISTORY:
            self._transport.drop_reference()
        elif code == UNKNOWN_MESSAGE and self._transport.progress is not None:
            await self._record_deletion()
        else:
            self._is_refused = True

    async def _delete(self) -> None:
        if self._transport.progress is not None:
            await succeeds(self._transport.delete_progress(), f"{self._about}: progress")

    async def _record_deletion(self) -> None:
        deleted = self._cards.on_deleted(self._message.place, str(self._transport.progress))
        await value_or_none(deleted, self._about)
