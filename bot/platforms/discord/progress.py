"""Displays how far the work on an album, a playlist or an artist is, and stops it.

The message is sent when the work takes longer than a moment, and edited while it goes on; the first
reply replaces it, so that nothing is sent twice: an edit can be repeated. A process that takes over
the job goes on with the message. When the question or the message is deleted, the work is cancelled.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

import discord

from bot.domain.errors import StorageFailed
from bot.domain.places import Message
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
from bot.services.job_outcomes import HandBack, Lost

_log = logging.getLogger(__name__)
R = TypeVar("R")


class Timing(NamedTuple):
    """Times in seconds.

    Attributes:
        delay: Work that is done within it displays no progress.
        interval: Time between two edits, and between two looks whether the question was deleted.
    """

    delay: float = 1.0
    interval: float = 2.0


TIMING: Final = Timing()


class Stopped(Exception):
    """The question was deleted, or the message that displays the progress."""


class ProgressDisplay:
    """Displays the progress of one job; call it with the sentence to display.

    Args:
        cards: Stores what was sent.
        transport: Sends and edits the message.
        message: The message or command that is answered.
        lock: Keeps the events of its channel in order.
        timing: When the message is sent and edited.
    """

    def __init__(
        self,
        cards: CardService,
        transport: Transport,
        message: Message,
        lock: asyncio.Lock,
        timing: Timing = TIMING,
    ) -> None:
        self._cards = cards
        self._transport = transport
        self._message = message
        # Not among the answers, as these are not sent again when they are recorded.
        self._recorded_for = replace(message, id=f"progress/{message.id}")
        self._lock = lock
        self._timing = timing
        self._begun = asyncio.get_running_loop().create_future()
        self._text = ""
        self._displayed = ""
        self._is_lost = False  # it may have been sent, although no answer arrived
        self._is_refused = False
        self.is_used = False

    async def __call__(self, text: str) -> None:
        """Display a sentence when it is time to."""
        self._text = text
        if not self._begun.done():
            self._begun.set_result(None)

    async def take_over(self) -> None:
        """Go on with the message that an earlier process sent; raise StorageFailed."""
        recorded = await self._cards.sent_replies(self._recorded_for)
        if recorded:
            self._use(int(recorded[-1][0]))
        else:
            await self._look()

    async def run(self, work: Awaitable[R]) -> R:
        """Return the result of `work`, and display its progress.

        Raises Stopped if there is nobody any more who waits for it, and what `work` raises.
        """
        working = asyncio.ensure_future(work)
        displaying = asyncio.create_task(self._display(working))
        try:
            await asyncio.wait((working, displaying), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                displaying.result()
                raise Stopped
            await displaying  # a request is not interrupted, as Discord may have its message
            if self._is_lost:
                await self._look()
            return working.result()
        finally:
            working.cancel()
            displaying.cancel()
            await asyncio.wait((working, displaying))

    @asynccontextmanager
    async def removed_at_the_end(self) -> AsyncIterator[None]:
        """Delete the message at the end unless a reply has replaced it, or the job goes on."""
        try:
            yield
        except (HandBack, Lost, StorageFailed):
            raise
        except Exception:
            await self.remove()
            raise
        await self.remove()

    async def remove(self) -> None:
        """Delete the message, if there is one; does not raise."""
        if self._transport.progress is not None:
            await succeeds(self._transport.remove_progress(), f"{self._about}: progress")

    @property
    def _about(self) -> str:
        return f"message {self._message.id}"

    def _use(self, progress: int) -> None:
        self._transport.progress = progress
        self.is_used = True

    async def _look(self) -> None:
        """Look for the message where it was sent."""
        self._is_lost = False
        try:
            found = await self._transport.find_progress()
        except (*FAILURES, Unfindable) as error:
            _log.info("%s: progress not looked for: %s", self._about, describe(error))
        else:
            if found is not None:
                self._use(found)

    async def _display(self, working: "asyncio.Future[R]") -> None:
        """Display sentences until the work is done; return earlier if nobody waits for it."""
        delay = 0 if self.is_used else self._timing.delay
        await asyncio.wait((working, self._begun), return_when=asyncio.FIRST_COMPLETED)
        while not (await asyncio.wait((working,), timeout=delay))[0]:
            if await self._is_deleted() or not await self._update():
                return
            delay = self._timing.interval

    async def _is_deleted(self) -> bool:
        """Return whether the question or the message was deleted."""
        sent = self._transport.progress
        try:
            for message_id in (self._message.id, *([str(sent)] if sent else [])):
                if await self._cards.is_deleted(self._message.place, message_id):
                    return True
        except StorageFailed as error:
            _log.info("%s: deletions not looked up: %s", self._about, error)
        return False

    async def _update(self) -> bool:
        """Send or edit the message, if there is something new; return False if it was deleted."""
        text = self._text
        if text == self._displayed or self._is_refused:
            return True
        try:
            if self._transport.progress is None:
                await self._send(text)
            else:
                await self._transport.show_progress(text)
        except CONNECTION_FAILURES as error:
            self._is_lost = self._transport.progress is None
            _log.info("%s: progress not displayed: %s", self._about, describe(error))
        except StorageFailed as error:
            _log.warning("%s: progress not recorded: %s", self._about, error)
        except FAILURES as error:
            code = error.code if isinstance(error, discord.HTTPException) else 0
            if code == UNKNOWN_MESSAGE:
                return False
            _log.info("%s: progress not displayed: %s", self._about, describe(error))
            if code == NO_MESSAGE_HISTORY:
                self._transport.drop_reference()
            else:
                self._is_refused = True
        else:
            self._displayed = text
        return True

    async def _send(self, text: str) -> None:
        async with self._lock:
            sent = await self._transport.show_progress(text)
            self.is_used, self._is_lost = True, False
            await self._cards.on_other_sent(self._recorded_for, str(sent.id))
