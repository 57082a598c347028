"""Throttle: of values that change often, the newest one is passed on, now and then."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Throttle(Generic[T]):
    """Passes on the newest value.

    Own code: the known libraries throttle calls of synchronous functions, or let them wait.

    Args:
        pass_on: Awaited with the newest value, one call at a time; must not raise.
        delay: Seconds between the first value and the first call.
        interval: Seconds between the end of a call and the next one.
    """

    def __init__(
        self, pass_on: Callable[[T], Awaitable[None]], *, delay: float, interval: float
    ) -> None:
        self._pass_on = pass_on
        self._delay = delay
        self._interval = interval
        self._newest: list[T] = []
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def put(self, value: T) -> None:
        """Replace the value, unless it is the same; ignored after `stop`."""
        if self._stopped.is_set() or self._newest == [value]:
            return
        self._newest = [value]
        self._changed.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Pass on nothing more, and wait for the call in progress."""
        self._stopped.set()
        self._changed.set()
        if self._task:
            await asyncio.wait([self._task])

    def cancel(self) -> None:
        """Pass on nothing more, and cancel the call in progress."""
        self._stopped.set()
        if self._task:
            self._task.cancel()

    async def _run(self) -> None:
        await self._pause(self._delay)
        while not self._stopped.is_set():
            self._changed.clear()
            await self._pass_on(self._newest[0])
            await self._pause(self._interval)
            await self._changed.wait()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)
