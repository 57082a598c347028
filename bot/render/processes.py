"""Processes that paint, for bursts of charts on machines with several cores."""

import logging
from collections.abc import Callable
from typing import Final, Protocol

from bot.concurrency.worker_process import WorkerProcess, is_supported
from bot.texts import charts
from model.cores import cores

TIME_LIMIT: Final = 10.0
"""Seconds for one picture, with the start of the process."""

MAX_PROCESSES: Final = 2
MAX_FAILURES: Final = 3
"""Failures in a row after which no process is started any more."""

_log = logging.getLogger(__name__)


class Process(Protocol):
    """A process that paints one scene at a time."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""

    def ask(self, message: bytes) -> bytes:
        """Return the PNG of a scene in JSON, empty if it cannot be painted; raise OSError."""

    def close(self) -> None:
        """End the process."""


def start_painter() -> WorkerProcess:
    """Start `bot.render.worker`."""
    return WorkerProcess("bot.render.worker", TIME_LIMIT)


class ProcessPool:
    """Starts a process when all others are busy, and keeps it. For use by several threads."""

    def __init__(self, start: Callable[[], Process] = start_painter) -> None:
        self._start = start
        self._idle: list[Process] = []
        self._failures = 0

    def paint(self, scene: bytes) -> bytes | None:
        """Return the PNG of a scene in JSON; None if no process painted it."""
        if self._failures >= MAX_FAILURES:
            return None
        process = self._idle_one()
        was_idle = process is not None
        try:
            process = process or self._start()
            picture = process.ask(scene)
        except OSError as error:
            if process:
                process.close()
            if was_idle and isinstance(error, BrokenPipeError):
                # It ended, being idle for long, just when it was asked.
                return self.paint(scene)
            self._failures += 1
            _log.warning(charts.process_failed(error))
            return None
        self._failures = 0
        self._idle.append(process)
        return picture or None

    def close(self) -> None:
        """End the processes; none may be painting."""
        while self._idle:
            self._idle.pop().close()

    def _idle_one(self) -> Process | None:
        while self._idle:
            process = self._idle.pop()
            if process.is_running:
                return process
            process.close()  # it was idle for long
        return None


def process_count() -> int:
    """Return how many processes may paint: one core less than there are; 0 on Windows."""
    return min(MAX_PROCESSES, cores() - 1) if is_supported() else 0
