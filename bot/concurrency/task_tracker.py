"""Work under way, so that a platform can finish it before it stops."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class TaskTracker:
    """Knows the tasks that are at work."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Count the running task as at work until the block ends."""
        task = asyncio.current_task()
        if task is None or task in self._tasks:
            yield
            return
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    def begin(self) -> None:
        """Count the running task as at work until it is done."""
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Wait until nothing is at work, but no longer than that."""
        under_way = self._tasks - {asyncio.current_task()}
        if under_way:
            await asyncio.wait(under_way, timeout=seconds)
