"""A listener that a test lets go on."""

import asyncio
from typing import BinaryIO

from bot.domain.sound_ports import HeardSound, Waiting
from tests.support.fake_app import FakeApp


class GatedListener:
    """Says that a sound waits, then listens once `gate` is set."""

    def __init__(self, app: FakeApp) -> None:
        self._listen = app.listener.listen
        self.arrived, self.gate = asyncio.Event(), asyncio.Event()
        self.ended = asyncio.Event()
        app.listener.listen = self.listen  # type: ignore[method-assign]

    async def listen(
        self, sound: BinaryIO, group: str, waiting: Waiting | None = None
    ) -> HeardSound:
        try:
            found = await self._listen(sound, group, waiting)
            self.arrived.set()
            await self.gate.wait()
            assert not sound.closed
            return found
        finally:
            self.ended.set()
