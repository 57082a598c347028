"""Rate limiter with a sliding window."""

from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic
from typing import Final

MAX_KEYS: Final = 10_000
"""Keys held in memory; beyond that the least recently used one is dropped."""


class RateLimiter:
    """Allows `limit` calls within any `seconds`, separately for each key. For one process.

    Own code because neither aiolimiter nor limits reports how long a refused caller must wait
    without blocking it (aiolimiter) or starting a thread (limits).
    """

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def acquire(self, key: str) -> float:
        """Count a call and return 0, or return the seconds until one is allowed."""
        calls = self._calls.setdefault(key, deque(maxlen=self._limit))
        self._calls.move_to_end(key)
        if wait := self.wait_time(key):
            return wait
        calls.append(self._clock())
        self._drop_old()
        return 0

    def wait_time(self, key: str) -> float:
        """Return the seconds until a call is allowed, without counting one."""
        calls = self._calls.get(key)
        if calls is None or len(calls) < self._limit:
            return 0
        return max(0, calls[0] + self._seconds - self._clock())

    def _drop_old(self) -> None:
        """Drop the keys used longest ago: those whose calls do not count any more, or too many."""
        expired = self._clock() - self._seconds
        while self._calls:
            calls = next(iter(self._calls.values()))
            if len(self._calls) <= MAX_KEYS and calls and calls[-1] > expired:
                return
            self._calls.popitem(last=False)
