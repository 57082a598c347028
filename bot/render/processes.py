"""Processes that paint, for bursts of charts on machines with several cores."""

import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from bot.render.worker import LENGTH
from bot.texts import charts

TIME_LIMIT: Final = 10.0
"""Seconds for one picture, with the start of the process."""

MAX_PROCESSES: Final = 2
MAX_FAILURES: Final = 3
"""Failures in a row after which no process is started any more."""

CPU_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")
"""Quota and period of a container's CPU time in microseconds (cgroup v2)."""

ROOT: Final = Path(__file__).parents[2]
START: Final = "import sys; sys.path[:] = sys.argv[1:]; from bot.render.worker import main; main()"
"""Program of a process; its arguments are the search path for modules."""

_log = logging.getLogger(__name__)


class Process(Protocol):
    """A process that paints one scene at a time."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""

    def paint(self, scene: bytes) -> bytes:
        """Return the PNG of a scene in JSON, empty if it cannot be painted; raise OSError."""

    def close(self) -> None:
        """End the process."""


class WorkerProcess:
    """A running `bot.render.worker`.

    Own protocol over pipes, because the workers of concurrent.futures keep both ends of their queue
    open, so that they outlive a parent that was killed, and import the parent's main module.
    """

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._time_limit = time_limit
        # -I and -S leave out what the environment adds, which makes the start twice as fast.
        command = [sys.executable, "-I", "-S", "-c", START, str(ROOT), *sys.path]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, bufsize=0)  # noqa: S603
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("pipes were asked for")
        self._scenes, self._pictures = self._process.stdin, self._process.stdout

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def paint(self, scene: bytes) -> bytes:
        """Return the PNG of a scene in JSON, empty if it cannot be painted; raise OSError."""
        deadline = time.monotonic() + self._time_limit
        self._scenes.write(LENGTH.pack(len(scene)) + scene)
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        return self._read(length, deadline)

    def close(self) -> None:
        """End the process."""
        for pipe in (self._scenes, self._pictures):
            with suppress(OSError):
                pipe.close()
        self._process.kill()
        self._process.wait()

    def _read(self, length: int, deadline: float) -> bytes:
        ready = select.poll()
        ready.register(self._pictures, select.POLLIN)
        data = b""
        while len(data) < length:
            if not ready.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError(f"no picture in {self._time_limit:g} s")
            part = self._pictures.read(length - len(data))
            if not part:
                raise BrokenPipeError("the process ended")
            data += part
        return data


class ProcessPool:
    """Starts a process when all others are busy, and keeps it. For use by several threads."""

    def __init__(self, start: Callable[[], Process] = WorkerProcess) -> None:
        self._start = start
        self._idle: list[Process] = []
        self._failures = 0

    def paint(self, scene: bytes) -> bytes | None:
        """Return the PNG of a scene in JSON; None if no process painted it."""
        if self._failures >= MAX_FAILURES:
            return None
        process: Process | None = None
        try:
            process = self._take()
            picture = process.paint(scene)
        except OSError as error:
            self._failures += 1
            _log.warning(charts.process_failed(error))
            if process:
                process.close()
            return None
        self._failures = 0
        self._idle.append(process)
        return picture or None

    def close(self) -> None:
        """End the processes; none may be painting."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> Process:
        while self._idle:
            process = self._idle.pop()
            if process.is_running:
                return process
            process.close()  # it was idle for long
        return self._start()


def process_count() -> int:
    """Return how many processes may paint: one core less than there are; 0 on Windows."""
    return min(MAX_PROCESSES, cores() - 1) if hasattr(select, "poll") else 0


def cores(cpu_limit: Path = CPU_LIMIT) -> int:
    """Return the number of cores that this process may use, at least 1."""
    # os.process_cpu_count needs Python 3.13 and knows no quota.
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = map(int, cpu_limit.read_text().split())  # "max" is no number
        count = min(count, quota // period)
    return max(1, count)
