"""What bounds a retraining: its priority, its memory, and that it is alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from training.errors import CannotRetrain

NICENESS: Final = 15
"""Niceness of a retraining in the background; 19 is the lowest priority."""

LOCK: Final = "retraining.lock"
MEGABYTE: Final = 1 << 20


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder; raises CannotRetrain if another process holds it.

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
            raise CannotRetrain(f"another retraining is running (it holds {file.name})") from None
        yield


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
