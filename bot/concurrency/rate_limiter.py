"""How often somebody may ask."""

from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic
from typing import Final

MOST_KEYS: Final = 10_000
"""People or channels remembered; beyond that the one that has been quiet longest is forgotten."""


class RateLimiter:
    """Grants `most` turns in any `seconds`, to each key on its own. In memory, for one process.

    A library was looked at (limits): its store starts a thread and reads the wall clock.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._turns: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take a turn and return 0; or, if there is none, the seconds until there is one."""
        turns = self._turns.setdefault(key, deque(maxlen=self._most))
        self._turns.move_to_end(key)
        if left := self.left(key):
            return left
        turns.append(self._clock())
        if len(self._turns) > MOST_KEYS:
            self._turns.popitem(last=False)
        return 0

    def left(self, key: str) -> float:
        """Return the seconds until there is a turn, without taking one."""
        turns = self._turns.get(key)
        if turns is None or len(turns) < self._most:
            return 0
        return max(0, turns[0] + self._seconds - self._clock())
