"""Stop time: one limit for what is stopped one after another."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class StopTime:
    """Time for stopping, which what is stopped later shares with what was stopped before.

    Args:
        seconds: The time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends_at: float | None = None

    @contextmanager
    def begins_at_end(self) -> Iterator[None]:
        """Begin at the end of the block."""
        try:
            yield
        finally:
            self._ends_at = asyncio.get_running_loop().time() + self._seconds

    @property
    def left(self) -> float:
        """Seconds that are left; all of them if it has not begun."""
        if self._ends_at is None:
            return self._seconds
        return max(0.0, self._ends_at - asyncio.get_running_loop().time())
