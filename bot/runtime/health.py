"""A sign of life for whoever watches the process: a file that stays young while the bot works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from bot.domain.errors import ConfigurationError
from bot.services.handlers import Ready
from bot.texts import operator

BEAT: Final = 10.0
FRESH: Final = 30.0
"""Seconds between two touches of the file, and the age at which it says nothing any more."""


@asynccontextmanager
async def heartbeat(
    file: Path | None, platforms: int, ready: Ready, beat: float = BEAT
) -> AsyncIterator[Ready]:
    """Lend a `ready` that passes on to the given one; called `platforms` times, all of them are up.

    From then on the event loop touches `file` every `beat` seconds, so that it ages when the loop
    hangs; it is gone when the block ends. Without a `file` nothing is done. Raises
    ConfigurationError when it cannot be written.
    """
    if file is None:
        yield ready
        return
    _clear(file)
    up = asyncio.Semaphore(0)

    async def told(line: str) -> None:
        await ready(line)
        up.release()

    beats = asyncio.create_task(_beat(file, platforms, up, beat))
    try:
        yield told
    finally:
        beats.cancel()
        with suppress(asyncio.CancelledError):
            await beats
        _remove(file)


def is_fresh(file: Path, now: float) -> bool:
    """Say whether a file gives a sign of life; `now` is in seconds since 1970.

    One from the future is as good as its distance: clocks are set back now and then.
    """
    try:
        return abs(now - file.stat().st_mtime) < FRESH
    except OSError:
        return False


async def _beat(file: Path, platforms: int, up: asyncio.Semaphore, beat: float) -> None:
    for _ in range(platforms):
        await up.acquire()
    while True:
        _touch(file)
        await asyncio.sleep(beat)


def _clear(file: Path) -> None:
    """Remove what a killed process left, and find out now whether the file can be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        if file.stat().st_size:
            raise FileExistsError(operator.NOT_OURS)  # ours is empty: this one is somebody's
        file.unlink()
    except OSError as error:
        raise ConfigurationError(operator.health_file_unusable(file, error)) from error


def _touch(file: Path) -> None:
    with suppress(OSError):  # then it ages, which says enough
        file.touch()


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
