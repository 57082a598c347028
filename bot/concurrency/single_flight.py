"""Single flight: work that several ask for at once is done once, and its results remembered."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs one piece of work for all who ask for it at once, and remembers the latest results."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: OrderedDict[str, asyncio.Task[T]] = OrderedDict()

    async def get(self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        """Return the result of `work` for `key`; errors reach everyone and are not remembered."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(_run(work))
            task.add_done_callback(lambda done: self._forget_failure(key, done))
            self._tasks[key] = task
            if len(self._tasks) > self._most:
                self._tasks.popitem(last=False)
        self._tasks.move_to_end(key)
        return await asyncio.shield(task)

    def drop(self, key: str) -> None:
        """Do not remember the result for `key`."""
        self._tasks.pop(key, None)

    def _forget_failure(self, key: str, task: asyncio.Task[T]) -> None:
        failed = task.cancelled() or task.exception() is not None
        if failed and self._tasks.get(key) is task:
            del self._tasks[key]


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
