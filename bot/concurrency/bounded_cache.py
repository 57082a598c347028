"""A cache with a bound: the latest values, each for a time."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedCache(Generic[T]):
    """Keeps the values that were used last, at most `size`, and none after its time.

    Own code because cachetools, the library for it, keeps all values of a cache equally long.

    Args:
        size: Number of values to keep, least recently used first out.
        monotonic: Clock in seconds.
    """

    def __init__(self, size: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[T, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: str) -> bool:
        """Return whether `get` would find a value; this does not count as a use of it."""
        found = self._kept.get(key)
        return found is not None and self._monotonic() < found[1]

    def get(self, key: str) -> T | None:
        """Return the value of a key; None if it is not kept."""
        found = self._kept.get(key)
        if found is None:
            return None
        value, ends = found
        if self._monotonic() >= ends:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return value

    def put(self, key: str, value: T, seconds: float = math.inf) -> None:
        """Keep a value for a number of seconds, in place of an earlier one."""
        self._kept[key] = (value, self._monotonic() + seconds)
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def discard(self, key: str) -> None:
        """Forget the value of a key."""
        self._kept.pop(key, None)

    def discard_all(self, prefix: str) -> None:
        """Forget the values of all keys that begin with `prefix`."""
        for key in [key for key in self._kept if key.startswith(prefix)]:
            del self._kept[key]

    def clear(self) -> None:
        """Forget all values."""
        self._kept.clear()
