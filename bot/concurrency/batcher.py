"""Batcher: concurrent submissions are worked off together, in one call."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Batcher(Generic[T, R]):
    """Collects the items that arrive while `work` runs, and passes them to its next call.

    Own code: a queue and a future for each item; the known libraries batch by time, which delays a
    single item.

    Args:
        work: Works off at most `limit` items and returns one result for each, in order.
        limit: Items in one call.
        on_idle: Called when everything is worked off.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        limit: int = 500,
        on_idle: Callable[[], object] | None = None,
    ) -> None:
        self._work = work
        self._limit = limit
        self._on_idle = on_idle
        self._in_work = 0
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """Return the result for an item; raise what `work` raises for its batch.

        A cancelled caller does not stop the work.
        """
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            # In a context of its own, as the first caller's deadline is not that of the others.
            self._running = asyncio.create_task(self._run(), context=Context())
        return await future

    @property
    def pending(self) -> int:
        """How many items are being worked off, or wait for it."""
        return self._in_work + len(self._waiting)

    async def join(self) -> None:
        """Wait until everything submitted so far is worked off."""
        while self._running is not None:
            await asyncio.wait([self._running])

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
                self._in_work = len(batch)
                await self._work_off(batch)
        finally:
            self._in_work = 0
            self._running = None
            if self._on_idle:
                self._on_idle()

    async def _work_off(self, batch: Sequence[tuple[T, "asyncio.Future[R]"]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
            pairs = list(zip(batch, results, strict=True))
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    _fail(future, error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), result in pairs:
            if not future.done():
                future.set_result(result)


def _fail(future: "asyncio.Future[R]", error: BaseException) -> None:
    if isinstance(error, asyncio.CancelledError):
        future.cancel()
    else:
        future.set_exception(error)
