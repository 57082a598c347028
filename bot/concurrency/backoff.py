"""Exponential back-off between attempts to connect."""

from typing import Final

FIRST_DELAY: Final = 2.0
MAX_DELAY: Final = 60.0
"""Seconds."""


class Backoff:
    """Delays that double from `first` to `maximum` seconds and start again after a success.

    Own code because tenacity and stamina retry one call; here a success in the middle of a
    long-running call resets the delay.
    """

    def __init__(self, first: float = FIRST_DELAY, maximum: float = MAX_DELAY) -> None:
        self._first = self._next = first
        self._maximum = maximum

    def next_delay(self) -> float:
        """Return the seconds to wait before the next attempt."""
        delay = self._next
        self._next = min(delay * 2, self._maximum)
        return delay

    def reset(self) -> None:
        """Start again from the first delay."""
        self._next = self._first
