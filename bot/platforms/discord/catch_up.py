"""Asks Discord for the events between the end of the last process and the start of this one.

The session of the last process is resumed on a connection of its own, whose events are collected.
They are handled when the client's own session is ready, as only that one knows the servers. Until
then both sessions receive new events, so that none falls between them; the inbox recognises those
that arrive twice.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.domain.jobs import GatewaySession
from bot.platforms.discord.event_stream import EventOrigin, EventStream
from bot.platforms.discord.failures import FAILURES, describe

if TYPE_CHECKING:
    from bot.platforms.discord.events import Client

TIME_LIMIT: Final = 10.0
"""Seconds for resuming a session, and for handling its events."""

RESUMABLE: Final = 4000
ENDED: Final = 1000
"""Close codes after which Discord keeps a session, and forgets it."""

RESUMED: Final = "RESUMED"
COLLECTED: Final = frozenset(
    {
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_DELETE",
        "MESSAGE_DELETE_BULK",
        "MESSAGE_REACTION_ADD",
        "MESSAGE_REACTION_REMOVE",
        "INTERACTION_CREATE",
    }
)
"""Events that the bot acts on."""

_log = logging.getLogger(__name__)


class CatchUp:
    """The resumed session of one shard of an earlier process."""

    def __init__(self, client: "Client", stream: EventStream, session: GatewaySession) -> None:
        self._client = client
        self._stream = stream
        self._session = session
        self._socket: DiscordWebSocket | None = None
        self._reading: asyncio.Task[None] | None = None
        self._resumed = asyncio.Event()
        self._events: list[tuple[str, Any, EventOrigin]] = []

    async def start(self) -> bool:
        """Resume the session and collect its events; return False if Discord has forgotten it."""
        try:
            async with asyncio.timeout(TIME_LIMIT):
                self._socket = await DiscordWebSocket.from_client(
                    self._client,
                    gateway=yarl.URL(self._session.url),
                    shard_id=self._session.shard,
                    session=self._session.session_id,
                    sequence=self._session.sequence,
                    resume=True,
                )
                self._stream.guard(self._socket)
                self._socket._discord_parsers = _Collector(self._collect)  # type: ignore[assignment]  # noqa: SLF001
                self._reading = asyncio.create_task(self._read(self._socket))
                await self._resumed.wait()
        except (*FAILURES, ReconnectWebSocket) as error:
            _log.info("shard %s: not resumed: %s", self._session.shard, describe(error))
        else:
            if not self._reading.done():
                return True
            _log.info("shard %s: Discord keeps no earlier events", self._session.shard)
        await self.close()
        return False

    async def handle(self) -> int:
        """Handle the collected events; return how many there were."""
        events, self._events = self._events, []
        for name, data, origin in events:
            self._stream.replay(name, data, origin)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stream.wait_handled(self._session.session_id), TIME_LIMIT)
        return len(events)

    async def close(self, code: int = RESUMABLE) -> None:
        """Close the connection."""
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._socket:
            await self._socket.close(code=code)

    async def _read(self, socket: DiscordWebSocket) -> None:
        try:
            while True:
                await socket.poll_event()
        except (*FAILURES, ReconnectWebSocket) as error:
            _log.debug("shard %s: %s", self._session.shard, describe(error))
        finally:
            self._resumed.set()

    def _collect(self, name: str, data: Any) -> None:
        if name == RESUMED:
            self._resumed.set()
        elif name in COLLECTED and self._socket and self._socket.sequence is not None:
            origin = EventOrigin(self._session.session_id, self._socket.sequence)
            self._events.append((name, data, origin))


class _Collector(Mapping[str, Callable[[Any], None]]):
    """Stands for discord.py's parsers: passes each event with its name to `collect`."""

    def __init__(self, collect: Callable[[str, Any], None]) -> None:
        self._collect = collect

    def __getitem__(self, name: str) -> Callable[[Any], None]:
        return partial(self._collect, name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
