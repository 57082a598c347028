"""Work that several callers share, follow while it runs, and end by leaving it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Generic, TypeVar

R = TypeVar("R")

Report = Callable[[int, int], None]
"""Called by the work: how much of it is done, and how much there is."""

Follow = Callable[[int, int], Awaitable[None]]
"""Called for one caller with the same; what is reported while it runs is left out but the last."""

Work = Callable[[Report], Awaitable[R]]


class SharedWork(Generic[R]):
    """Runs one piece of work per key at a time. Nothing is cached.

    Unlike `SingleFlight`, it tells its callers how far the work is, and cancels the work when all
    of them were cancelled.
    """

    def __init__(self) -> None:
        self._running: dict[str, _Running[R]] = {}

    async def get(self, key: str, work: Work[R], follow: Follow | None = None) -> R:
        """Return the result of `work` for `key`, or of the work in progress for it.

        Errors of the work reach all callers; errors of `follow` reach its caller only.
        """
        running = self._running.get(key) or self._start(key, work)
        running.callers += 1
        try:
            if follow:
                await running.follow(follow)
            return await asyncio.shield(running.task)
        finally:
            running.callers -= 1
            if not running.callers and not running.task.done():
                self._forget(key, running)
                running.task.cancel()
                await asyncio.wait([running.task])

    def _start(self, key: str, work: Work[R]) -> "_Running[R]":
        running = _Running(work)
        self._running[key] = running
        running.task.add_done_callback(lambda _: self._forget(key, running))
        return running

    def _forget(self, key: str, running: "_Running[R]") -> None:
        if self._running.get(key) is running:
            del self._running[key]


class _Running(Generic[R]):
    """A task and what it last reported; `callers` counts those who wait for it."""

    def __init__(self, work: Work[R]) -> None:
        self.callers = 0
        self._reported: tuple[int, int] | None = None
        self._next_report = asyncio.get_running_loop().create_future()
        # In a context of its own: the deadline of the first caller is not that of the others.
        self.task = asyncio.create_task(self._run(work), context=Context())

    async def follow(self, follow: Follow) -> None:
        """Call `follow` with what is reported until the task is done."""
        passed_on = None
        while not self.task.done():
            if self._reported != passed_on:
                passed_on = self._reported
                await follow(*(passed_on or (0, 0)))
            else:
                waiting = (self.task, self._next_report)
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    async def _run(self, work: Work[R]) -> R:
        return await work(self._report)

    def _report(self, done: int, total: int) -> None:
        self._reported = (done, total)
        if not self._next_report.done():
            self._next_report.set_result(None)
        self._next_report = asyncio.get_running_loop().create_future()
