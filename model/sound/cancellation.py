"""Ends the process of work that another thread waits for."""

import threading
from typing import Protocol


class Killable(Protocol):
    """A process."""

    def kill(self) -> None:
        """End it; do nothing if it has ended."""


class Cancellation:
    """Cancelled once, for good; for use by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: Killable | None = None
        self._is_cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._is_cancelled

    def cancel(self) -> None:
        """End the process that was started last, and each that is started from now on."""
        with self._lock:
            self._is_cancelled = True
            if self._process:
                self._process.kill()

    def started(self, process: Killable) -> None:
        """Take note of a process that ends with `cancel`; end it if that was called."""
        with self._lock:
            self._process = process
            if self._is_cancelled:
                process.kill()
