"""Debouncer: many requests for the same work within a delay run it once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable


class Debouncer:
    """Runs work `delay` seconds after the first request for its key.

    Own code: a delayed task per key; the known libraries debounce synchronous functions.
    """

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._waiting: set[Hashable] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def schedule(self, key: Hashable, work: Callable[[], Awaitable[object]]) -> None:
        """Schedule `work`, which must not raise, unless work for `key` is already scheduled."""
        if key not in self._waiting:
            self._waiting.add(key)
            task = asyncio.create_task(self._run(key, work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel scheduled and running work."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, key: Hashable, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await asyncio.sleep(self._delay)
        finally:
            self._waiting.discard(key)
        await work()
