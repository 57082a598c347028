"""Gateway sessions across processes: the last one is resumed, and this one stays resumable."""

import asyncio
import logging
from collections.abc import Awaitable, Container
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bot.platforms.discord.catch_up import ENDED, RESUMABLE, CatchUp
from bot.platforms.discord.event_stream import EventStream
from bot.platforms.discord.failures import succeeds

if TYPE_CHECKING:
    from bot.platforms.discord.events import Client

SAVE_INTERVAL: Final = 1.0
"""Seconds between two attempts to store how far events are handled."""

RESUMED_AT_ONCE: Final = 8
"""Sessions that are resumed at once; each may take `catch_up.TIME_LIMIT`."""

CLOSE_SECONDS: Final = 1.0
"""Time for all connections together to close when the bot stops; discord.py waits 30 s for each."""

_log = logging.getLogger(__name__)


class Sessions:
    """The sessions of a client and of the process before it.

    Args:
        client: The client.
        stream: Its events.
        shards: The shards that this process runs; None for all.
        save_interval: Seconds between two attempts to store how far events are handled.
    """

    def __init__(
        self,
        client: "Client",
        stream: EventStream,
        *,
        shards: Container[int] | None,
        save_interval: float = SAVE_INTERVAL,
    ) -> None:
        self._client = client
        self._stream = stream
        self._shards = shards
        self._save_interval = save_interval
        self._catch_ups: list[CatchUp] = []
        self._saving: asyncio.Task[None] | None = None

    async def resume(self) -> None:
        """Ask for the events since the end of the last process, before the client connects."""
        places = asyncio.Semaphore(RESUMED_AT_ONCE)

        async def start(catch_up: CatchUp) -> None:
            async with places:
                if await catch_up.start():
                    self._catch_ups.append(catch_up)

        sessions = await self._stream.load()
        async with asyncio.TaskGroup() as group:
            for session in sessions:
                if self._shards is None or session.shard in self._shards:
                    group.create_task(start(CatchUp(self._client, self._stream, session)))

    def on_connect(self, shard: int) -> None:
        """Guard the connection of a shard, and store how far its events are handled.

        They are not stored while those of an earlier session come first.
        """
        self._stream.guard(self._client._get_websocket(shard_id=shard))  # noqa: SLF001 - as in EventStream
        self._start_saving()

    async def on_ready(self) -> None:
        """Handle the events of earlier sessions, as the client now knows its servers."""
        handled = await asyncio.gather(*(catch_up.handle() for catch_up in self._catch_ups))
        if count := sum(handled):
            _log.info("Discord: %s earlier events", count)
        if self._catch_ups:
            await self._stream.save()  # before Discord forgets the earlier sessions
        await asyncio.gather(*(catch_up.close(ENDED) for catch_up in self._catch_ups))
        self._catch_ups.clear()
        self._start_saving()

    async def leave(self) -> None:
        """Close the connections so that Discord keeps the sessions for the next process."""
        if self._saving:
            self._saving.cancel()
            await self._stream.save()
        closing: list[Awaitable[object]] = [catch_up.close() for catch_up in self._catch_ups]
        for shard in self._client.shards.values():
            shard._parent._cancel_task()  # noqa: SLF001 - else it reconnects; discord.py ends sessions
            closed = shard._parent.ws.close(code=RESUMABLE)  # noqa: SLF001
            closing.append(succeeds(closed, f"shard {shard.id}: closing"))
        with suppress(TimeoutError):  # Discord keeps the sessions of connections that are lost
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.gather(*closing)

    def _start_saving(self) -> None:
        if not self._catch_ups and self._saving is None:
            self._saving = asyncio.create_task(self._keep_saving())

    async def _keep_saving(self) -> None:
        while True:
            await self._stream.save()
            await asyncio.sleep(self._save_interval)
