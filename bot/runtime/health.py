"""Heartbeat file, by which `health` and a container's check see that the event loop runs."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from bot.domain.errors import ConfigurationError
from bot.services.services import NotifyReady
from bot.texts import operator

_log = logging.getLogger(__name__)

INTERVAL: Final = 10.0
"""Seconds between two updates of the file."""

MAX_AGE: Final = 30.0
"""Seconds after which a file that was not updated counts as stale."""


@asynccontextmanager
async def heartbeat(
    file: Path,
    platforms: int,
    notify_ready: NotifyReady,
    interval: float = INTERVAL,
    *,
    required: bool = True,
) -> AsyncIterator[NotifyReady]:
    """Update `file` regularly once all platforms are ready, and remove it on exit.

    Args:
        file: The heartbeat file.
        platforms: Number of platforms that must be ready.
        notify_ready: Called for each platform that is ready.
        interval: Seconds between updates.
        required: Whether a file that cannot be written is an error; else it is a log line.

    Yields:
        A function to pass to the platforms instead of `notify_ready`.

    Raises:
        ConfigurationError: The file cannot be written, and is required.
    """
    try:
        _check_writable(file)
    except ConfigurationError as error:
        if required:
            raise
        _log.warning("%s", error)
        yield notify_ready
        return
    ready = asyncio.Semaphore(0)

    count = 0

    async def on_ready(line: str) -> None:
        nonlocal count
        await notify_ready(line)
        ready.release()
        count += 1

    beats = asyncio.create_task(_beat(file, platforms, ready, interval))
    try:
        yield on_ready
    finally:
        beats.cancel()
        with suppress(asyncio.CancelledError):
            await beats
        if count == platforms:  # else the file is another bot's
            _remove(file)


def is_fresh(file: Path, now: float) -> bool:
    """Return whether a heartbeat file was updated recently; `now` is a POSIX timestamp.

    Future timestamps are compared by distance, as clocks may be set back.
    """
    try:
        return abs(now - file.stat().st_mtime) < MAX_AGE
    except OSError:
        return False


async def _beat(file: Path, platforms: int, ready: asyncio.Semaphore, interval: float) -> None:
    for _ in range(platforms):
        await ready.acquire()
    while True:
        _touch(file)
        await asyncio.sleep(interval)


def _check_writable(file: Path) -> None:
    """Remove the stale file of a killed process; raise ConfigurationError if it is not writable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size:
            raise FileExistsError(operator.FILE_NOT_EMPTY)  # heartbeat files are empty
        if is_fresh(file, time.time()):  # of a bot that is running, or was killed just now
            return
        file.touch()
        file.unlink()
    except OSError as error:
        raise ConfigurationError(operator.health_file_unusable(file, error)) from error


def _touch(file: Path) -> None:
    with suppress(OSError):  # the file then becomes stale, as it should
        file.touch()


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
