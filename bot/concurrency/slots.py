"""Slots: bounds how much is worked on at once, how much waits for that, and how long."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from bot.concurrency.fair_queue import FairQueue


class NoSlot(Exception):
    """Too many wait for a slot, or none was free in time."""


class Slots:
    """A number of slots, which are given to groups of callers in turn, to the oldest of each first.

    Own code: asyncio.Semaphore knows no groups, and bounds neither how many wait nor how long.

    Args:
        number: Slots.
        waiting: Callers that may wait for one.
        seconds: Time that a caller waits.
        per_group: Slots that one group may have; None for all of them.
    """

    def __init__(
        self, number: int, waiting: int, seconds: float, per_group: int | None = None
    ) -> None:
        self._free = number
        self._max_waiting = waiting
        self._seconds = seconds
        # One more than may wait, as a caller that need not wait is in it for a moment.
        size = waiting + 1
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue(size, size, per_group or number)

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return len(self._queue)

    @asynccontextmanager
    async def take(self, group: Hashable = None) -> AsyncIterator[None]:
        """Have a slot until the end of the block; raise NoSlot."""
        await self._wait(group)
        try:
            yield
        finally:
            self._release(group)

    async def _wait(self, group: Hashable) -> None:
        turn = asyncio.get_running_loop().create_future()
        if not self._queue.put(group, turn):
            raise NoSlot
        self._give()
        if turn.done():
            return
        if self.waiting > self._max_waiting:
            self._queue.remove(group, turn)
            raise NoSlot
        try:
            async with asyncio.timeout(self._seconds):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # the slot came in the same moment
                self._release(group)
            else:
                self._queue.remove(group, turn)
            if isinstance(error, TimeoutError):
                raise NoSlot from None
            raise

    def _give(self) -> None:
        while self._free and (taken := self._queue.take()):
            self._free -= 1
            taken[1].set_result(None)

    def _release(self, group: Hashable) -> None:
        self._queue.done(group)
        self._free += 1
        self._give()
