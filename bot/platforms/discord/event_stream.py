"""The gateway's events: a malformed one ends nothing, and none is lost when the bot is restarted.

Discord numbers the events of a session, and sends those after a given number again to a client that
resumes it. The number before which nothing is missing in the database is stored, and a new process
resumes the session of the one before it (`catch_up`).

Uses attributes of discord.py 2.7.1 that are not documented: `_connection.parsers`,
`_get_websocket` and the websocket's `sequence` and `session_id`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.domain.errors import NotAccepting, StorageFailed
from bot.domain.jobs import GatewaySession
from bot.domain.ports import GatewaySessionStore
from bot.platforms.discord.failures import FAILURES
from bot.services.malformed_log import MalformedLog

if TYPE_CHECKING:
    from bot.platforms.discord.events import Client

PLATFORM: Final = "discord"

_log = logging.getLogger(__name__)

Parser = Callable[[Any], None]


class EventOrigin(NamedTuple):
    """Where an event comes from: its session, and its number in it."""

    session_id: str
    sequence: int

    @property
    def event_id(self) -> str:
        """Identifies the event, also when it is sent again."""
        return f"{self.session_id}:{self.sequence}"


_current: ContextVar[EventOrigin | None] = ContextVar("current event", default=None)


def current_origin() -> EventOrigin | None:
    """Return the origin of the event that the current task handles, if it is known."""
    return _current.get()


class EventStream:
    """Passes events to discord.py's parsers, and stores how far they are handled."""

    def __init__(self, client: "Client", sessions: GatewaySessionStore) -> None:
        self._client = client
        self._sessions = sessions
        self._held: dict[str, Counter[int]] = {}
        self._saved: dict[int, GatewaySession] = {}
        self._released = asyncio.Event()
        self.malformed = MalformedLog(PLATFORM)

    def install(self) -> None:
        """Wrap the parsers of the client."""
        parsers = self._client._connection.parsers  # noqa: SLF001 - not documented, see above
        for name, parser in list(parsers.items()):
            parsers[name] = partial(self._parse_live, name, parser)
        self._parsers: dict[str, Parser] = parsers

    def guard(self, socket: DiscordWebSocket) -> None:
        """Let a connection outlive frames that are no JSON, or no gateway events."""
        receive = getattr(socket, "received_message", None)
        if receive is None:  # a simulated connection, which passes events without frames
            return

        async def guarded(frame: Any, /) -> None:
            try:
                await receive(frame)
            except (*FAILURES, ReconnectWebSocket):
                raise  # for discord.py, which connects again
            except Exception as error:  # noqa: BLE001 - discord.py would end the client
                self.malformed.add("event frame", error)

        socket.received_message = guarded  # type: ignore[method-assign]

    def replay(self, name: str, data: Any, origin: EventOrigin) -> None:
        """Handle an event of an earlier session."""
        parser = self._parsers.get(name)
        if isinstance(parser, partial):
            self._parse(name, parser.args[1], data, origin)

    def hold(self) -> None:
        """Note that the handling of the current event begins."""
        if origin := current_origin():
            self._held.setdefault(origin.session_id, Counter())[origin.sequence] += 1

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Note at the end of the block that the current event, which is held, is handled.

        It is not if the bot is stopping: the next process asks for the event again.
        """
        try:
            yield
        except (NotAccepting, asyncio.CancelledError):
            return
        except BaseException:
            self._release()
            raise
        self._release()

    def _release(self) -> None:
        if origin := current_origin():
            held = self._held[origin.session_id]
            held[origin.sequence] -= 1
            if held[origin.sequence] <= 0:
                del held[origin.sequence]
            self._released.set()

    async def wait_handled(self, session_id: str) -> None:
        """Wait until all events of a session that were begun are handled."""
        while self._held.get(session_id):
            self._released.clear()
            await self._released.wait()

    async def save(self) -> None:
        """Store how far the events of each shard are handled, if that changed."""
        for shard in self._client.shards:
            session = self._session(shard)
            if session is None or self._saved.get(shard) == session:
                continue
            try:
                await self._sessions.save(PLATFORM, session)
            except StorageFailed as error:
                _log.info("shard %s: position in the event stream not stored: %s", shard, error)
                return
            self._saved[shard] = session

    async def load(self) -> list[GatewaySession]:
        """Return the sessions of the process before this one; empty if they cannot be read."""
        try:
            return list(await self._sessions.load(PLATFORM))
        except StorageFailed as error:
            _log.warning("earlier events are not asked for: %s", error)
            return []

    def _session(self, shard: int) -> GatewaySession | None:
        socket = self._client._get_websocket(shard_id=shard)  # noqa: SLF001 - see above
        session_id: str | None = getattr(socket, "session_id", None)
        if session_id is None or socket.sequence is None:
            return None  # not connected yet
        held = self._held.get(session_id)
        sequence = min(held) - 1 if held else socket.sequence
        return GatewaySession(shard, session_id, str(socket.gateway), sequence)

    def _parse_live(self, name: str, parser: Parser, data: Any) -> None:
        self._parse(name, parser, data, self._origin(data))

    def _parse(self, name: str, parser: Parser, data: Any, origin: EventOrigin | None) -> None:
        token = _current.set(origin)
        try:
            parser(data)
        except Exception as error:  # noqa: BLE001 - discord.py would end the connection
            self.malformed.add(f"event {name}", error)
        finally:
            _current.reset(token)

    def _origin(self, data: Any) -> EventOrigin | None:
        """Return the origin of the event that a shard just received."""
        try:
            guild = data.get("guild_id")
            count = self._client.shard_count or 1
            shard = (int(guild) >> 22) % count if guild else 0
            socket = self._client._get_websocket(shard_id=shard)  # noqa: SLF001 - see above
            known = socket.session_id and socket.sequence is not None
            return EventOrigin(str(socket.session_id), int(socket.sequence or 0)) if known else None
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
