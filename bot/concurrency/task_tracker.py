"""Tracks running tasks, so that a platform can wait for them before it stops."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class TaskTracker:
    """Set of the tasks that are handling an event."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def create(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in a task that is tracked until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def track_current(self) -> None:
        """Track the current task until it is done."""
        if task := asyncio.current_task():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def wait(self, max_seconds: float) -> None:
        """Wait until no other tracked task runs, but at most `max_seconds`."""
        running = self._tasks - {asyncio.current_task()}
        if running:
            await asyncio.wait(running, timeout=max_seconds)
