"""The open connections of a server, and which of them to close.

A connection is *busy* while a request on it is processed. It *waits* before the head of its first
request has arrived, while a body arrives, and between two requests. When all places are taken, one
that waits is closed for each new one: of the address that has most of them, as behind a proxy all
have one address and a fixed number for each would be Slack's too; first of those that never sent a
request; the oldest first. A busy one is never closed for another.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

MAX_CONNECTIONS: Final = 4096
DESCRIPTOR_SHARE: Final = 3
"""A server takes at most this fraction of the process's file descriptors: two servers may run, and
the last third is left for the database, the platforms and the sources.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server.

    Attributes:
        connections: Number of connections open at once.
        grace: Seconds that a connection has before it may be closed for another.
        head_seconds: Seconds for the first request's head to arrive.
        idle_seconds: Seconds between two requests.
        write_seconds: Seconds that a client may leave a response unread.
    """

    connections: int
    grace: float = 0.25
    head_seconds: float = 10
    idle_seconds: float = 75
    write_seconds: float = 10


def default_limits() -> Limits:
    """Return limits that leave some of the process's file descriptors to others."""
    if sys.platform == "win32":
        return Limits(MAX_CONNECTIONS)
    import resource  # noqa: PLC0415 - Windows has none

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return Limits(MAX_CONNECTIONS)
    return Limits(max(1, min(MAX_CONNECTIONS, soft // DESCRIPTOR_SHARE)))


class Connection(asyncio.Protocol):
    """Stands between a transport and aiohttp's protocol, and knows what the connection does.

    Own code, as aiohttp limits neither the number of connections nor the time of a request's head.
    """

    def __init__(self, protocol: asyncio.Protocol, table: "Connections", address: str) -> None:
        self.address = address
        self.is_busy = False
        self.has_asked = False
        self.changed_at = table.now()
        self.unread_since: float | None = None
        self._protocol = protocol
        self._table = table
        self._transport: asyncio.Transport | None = None
        self._is_aborted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pass on."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._protocol.connection_made(transport)
        if self._is_aborted:
            self.abort()

    def data_received(self, data: bytes) -> None:
        """Pass on."""
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Note that the client does not read its response."""
        self.unread_since = self._table.now()
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Note that the client reads on."""
        self.unread_since = None
        self._protocol.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the connection's place."""
        self._table.remove(self)
        self._protocol.connection_lost(exc)

    def abort(self) -> None:
        """Close without waiting until what was written has been read."""
        self._is_aborted = True
        self._table.remove(self)
        if self._transport is not None:
            self._transport.abort()

    @contextmanager
    def state(self, *, busy: bool) -> Iterator[None]:
        """Set whether the connection is busy until the end of the block."""
        before = self.is_busy
        self._set(busy=busy)
        try:
            yield
        finally:
            self._set(busy=before)

    def _set(self, *, busy: bool) -> None:
        self.is_busy, self.has_asked, self.changed_at = busy, True, self._table.now()

    def is_overdue(self, limits: Limits) -> bool:
        """Return whether the client has taken too long to ask or to read."""
        now = self._table.now()
        if self.unread_since is not None and now - self.unread_since > limits.write_seconds:
            return True
        seconds = limits.idle_seconds if self.has_asked else limits.head_seconds
        return not self.is_busy and now - self.changed_at > seconds


class Connections:
    """The open connections of a server.

    Args:
        limits: Its limits.
        now: Clock in seconds.
    """

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self.now = now
        self._limits = limits
        self._open: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, protocol: asyncio.Protocol, address: str) -> Connection:
        """Take a place for a new connection."""
        connection = Connection(protocol, self, address)
        self._open[connection] = None
        return connection

    def remove(self, connection: Connection) -> None:
        """Free a connection's place, if it has one."""
        self._open.pop(connection, None)

    def make_room(self) -> int | None:
        """Close connections if all places are taken.

        Returns the number of those closed; None if none can be, so that a new one has to wait.
        """
        if len(self._open) < self._limits.connections:
            return 0
        latest = self.now() - self._limits.grace
        waiting = [c for c in self._open if not c.is_busy and c.changed_at <= latest]
        if not waiting:
            return None
        by_address = Counter(connection.address for connection in waiting)
        waiting.sort(key=lambda c: (-by_address[c.address], c.has_asked, c.changed_at))
        # Some more than one: sorting for each of thousands of connections would take too long.
        closed = waiting[: max(1, self._limits.connections // 8)]
        for connection in closed:
            connection.abort()
        return len(closed)

    def close_overdue(self) -> None:
        """Close the connections whose clients have taken too long."""
        for connection in [c for c in self._open if c.is_overdue(self._limits)]:
            connection.abort()


@web.middleware
async def mark_busy(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Mark a request's connection as busy while the request is processed."""
    with state(request, busy=True):
        return await handler(request)


@contextmanager
def state(request: web.Request, *, busy: bool) -> Iterator[None]:
    """Set whether a request's connection is busy until the end of the block.

    Does nothing for a server without limits, as in tests.
    """
    transport = request.transport
    connection = transport.get_protocol() if transport is not None else None
    if isinstance(connection, Connection):
        with connection.state(busy=busy):
            yield
    else:
        yield
