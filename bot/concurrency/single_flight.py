"""Single flight: concurrent calls for one key share one execution."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Generic, TypeVar

from bot.concurrency.bounded_cache import BoundedCache

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs one call per key at a time and optionally caches the latest results.

    Own code because cachetools caches without sharing calls in flight, and async-lru derives the
    key from the arguments, which here are not hashable.

    Args:
        cache_size: Number of results to keep, least recently used first out; 0 keeps none.
    """

    def __init__(self, cache_size: int = 0) -> None:
        self._in_flight: dict[str, asyncio.Task[T]] = {}
        # In tuples, as a result may be None.
        self._results: BoundedCache[tuple[T]] = BoundedCache(cache_size)

    async def get(self, key: str, call: Callable[[], Awaitable[T]]) -> T:
        """Return the result of `call` for `key`, from the cache or a call in flight if possible.

        Errors reach every waiting caller and are not cached. A cancelled caller does not cancel
        the call.
        """
        if kept := self._results.get(key):
            return kept[0]
        if key not in self._in_flight:
            # In a context of its own, as the first caller's deadline is not that of the others.
            future = asyncio.get_running_loop().create_task(_run(call), context=Context())
            self._in_flight[key] = future
            future.add_done_callback(lambda done: self._on_done(key, done))
        return await asyncio.shield(self._in_flight[key])

    def __contains__(self, key: str) -> bool:
        """Return whether `get` would start no call: a result is cached, or a call in flight."""
        return key in self._results or key in self._in_flight

    async def join(self, key: str) -> T | None:
        """Return the result for `key` from the cache or a call in flight; None without either."""
        if key in self._in_flight:
            return await asyncio.shield(self._in_flight[key])
        kept = self._results.get(key)
        return kept[0] if kept else None

    def discard(self, key: str) -> None:
        """Remove the cached result for `key`."""
        self._results.discard(key)

    def discard_all(self, prefix: str) -> None:
        """Remove the cached results for all keys that begin with `prefix`."""
        self._results.discard_all(prefix)

    async def close(self) -> None:
        """Cancel the calls in flight and wait for their end."""
        running = list(self._in_flight.values())
        for future in running:
            future.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _on_done(self, key: str, future: "asyncio.Task[T]") -> None:
        del self._in_flight[key]
        if not future.cancelled() and future.exception() is None:
            self._results.put(key, (future.result(),))


async def _run(call: Callable[[], Awaitable[T]]) -> T:
    return await call()
