"""What bounds a retraining: its priority, its memory, that it is alone, and how it is ended."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from training.errors import AnotherRetrains, CannotRetrain

NICENESS: Final = 15
"""Niceness of a retraining in the background; 19 is the lowest priority."""

LOCK: Final = "retraining.lock"
MEGABYTE: Final = 1 << 20


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder.

    Raises AnotherRetrains if another process holds it, CannotRetrain if it cannot be written.

    The system releases the lock of a process that ends, however it ends. On systems without
    `flock` (Windows) nothing is locked.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a", encoding="utf-8")
    except OSError as error:
        raise CannotRetrain(f"{folder} cannot be written: {error.strerror}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AnotherRetrains(f"another retraining is running (it holds {file.name})") from None
        yield


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Leave the block at SIGTERM as at an exception, so that temporary folders are removed.

    The process then ends by the signal. A second one is ignored. For the main thread.
    """

    def leave(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise _Terminated

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except _Terminated:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


class _Terminated(SystemExit):
    """SIGTERM arrived."""


def lower_priority() -> None:
    """Let other processes of this computer go first, where the system has priorities."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def limit_memory(megabytes: int) -> None:
    """Let allocations beyond so much memory fail with MemoryError, where the system can.

    It bounds the private memory that can be written (RLIMIT_DATA), as the compiler of the networks
    reserves far more addresses than it uses.
    """
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = megabytes * MEGABYTE
    if highest != resource.RLIM_INFINITY:
        wanted = min(wanted, highest)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, highest))
