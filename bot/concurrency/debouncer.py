"""Work that is put off a little, so that many reasons for it at once cause it once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable


class Debouncer:
    """Does work `delay` seconds after it was first asked for, once for each key."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._waiting: dict[Hashable, asyncio.Task[None]] = {}
        self._working: set[asyncio.Task[None]] = set()

    def do(self, key: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, which does not raise, unless the same is about to be done anyway."""
        if key not in self._waiting:
            task = asyncio.create_task(self._do(key, work))
            self._waiting[key] = task
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def close(self) -> None:
        """Drop what was not begun."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _do(self, key: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await asyncio.sleep(self._delay)
        finally:
            del self._waiting[key]
        await work()
