"""Gateway sessions across processes: the last one is resumed, and this one stays resumable."""

import asyncio
import logging
from collections.abc import Container
from typing import TYPE_CHECKING, Final

from bot.platforms.discord.catch_up import ENDED, RESUMABLE, CatchUp
from bot.platforms.discord.event_stream import EventStream
from bot.platforms.discord.failures import succeeds

if TYPE_CHECKING:
    from bot.platforms.discord.events import Client

SAVE_INTERVAL: Final = 1.0
"""Seconds between two attempts to store how far events are handled."""

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
        for session in await self._stream.load():
            if self._shards is None or session.shard in self._shards:
                catch_up = CatchUp(self._client, self._stream, session)
                if await catch_up.start():
                    self._catch_ups.append(catch_up)

    def on_connect(self, shard: int) -> None:
        """Guard the connection of a shard, and store how far its events are handled.

        They are not stored while those of an earlier session come first.
        """
        self._stream.guard(self._client._get_websocket(shard_id=shard))  # noqa: SLF001 - as in EventStream
        self._start_saving()

    async def on_ready(self) -> None:
        """Handle the events of earlier sessions, as the client now knows its servers."""
        for catch_up in self._catch_ups:
            if count := await catch_up.handle():
                _log.info("Discord: %s earlier events", count)
        if self._catch_ups:
            await self._stream.save()  # before Discord forgets the earlier sessions
        for catch_up in self._catch_ups:
            await catch_up.close(ENDED)
        self._catch_ups.clear()
        self._start_saving()

    async def leave(self) -> None:
        """Close the connections so that Discord keeps the sessions for the next process."""
        if self._saving:
            self._saving.cancel()
            await self._stream.save()
        for catch_up in self._catch_ups:
            await catch_up.close()
        for shard in self._client.shards.values():
            shard._parent._cancel_task()  # noqa: SLF001 - else it reconnects; discord.py ends sessions
            await succeeds(shard._parent.ws.close(code=RESUMABLE), f"shard {shard.id}: closing")  # noqa: SLF001

    def _start_saving(self) -> None:
        if not self._catch_ups and self._saving is None:
            self._saving = asyncio.create_task(self._keep_saving())

    async def _keep_saving(self) -> None:
        while True:
            await self._stream.save()
            await asyncio.sleep(self._save_interval)
