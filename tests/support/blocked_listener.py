"""A listener of the fakes that lets sounds wait."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from bot.domain.sound_ports import HeardSound, Waiting
from tests.support.fake_app import FakeApp


@contextmanager
def blocked_listener(
    app: FakeApp, before: int = 3
) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Let sounds wait behind `before` others.

    Yield an event that lets them proceed, and one set if one is cancelled.
    """
    proceed, cancelled = asyncio.Event(), asyncio.Event()
    listen = app.listener.listen

    async def wait(sound: BinaryIO, group: str, waiting: Waiting | None = None) -> HeardSound:
        if waiting:
            await waiting(before)
        try:
            await proceed.wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return await listen(sound, group)

    app.listener.listen = wait  # type: ignore[method-assign] # until the block ends
    try:
        yield proceed, cancelled
    finally:
        app.listener.listen = listen  # type: ignore[method-assign] # as it was
