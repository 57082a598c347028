"""One lock for each key, so that events of one channel are handled in order."""

import asyncio
from collections.abc import Hashable
from weakref import WeakValueDictionary


class KeyedLocks:
    """Creates an `asyncio.Lock` per key and drops it when no task holds it or waits for it.

    Usage: `async with locks.of(place): ...`. Waiting tasks acquire a lock in FIFO order.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: Hashable) -> asyncio.Lock:
        """Return the lock of `key`."""
        return self._locks.setdefault(key, asyncio.Lock())
