"""Slots: bounds how much is worked on at once, how much waits for that, and how long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NoSlot(Exception):
    """Too many wait for a slot, or none was free in time."""


class Slots:
    """A number of slots, which are given in the order in which they are asked for.

    Own code: asyncio.Semaphore bounds neither how many wait nor how long.

    Args:
        number: Slots.
        waiting: Callers that may wait for one.
        seconds: Time that a caller waits.
    """

    def __init__(self, number: int, waiting: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(number)
        self._max_waiting = waiting
        self._seconds = seconds
        self.waiting = 0

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Have a slot until the end of the block; raise NoSlot."""
        await self._wait()
        try:
            yield
        finally:
            self._free.release()

    async def _wait(self) -> None:
        if not self._free.locked():
            await self._free.acquire()  # at once
            return
        if self.waiting >= self._max_waiting:
            raise NoSlot
        self.waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise NoSlot from None
        finally:
            self.waiting -= 1
