"""Serves an aiohttp application to strangers.

Connections are accepted here and not by asyncio, which accepts without limit, and logs a traceback
for each connection for which no file descriptor is left. While all places are taken by connections
that are busy, others wait in the kernel's queue.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.platforms.http.connections import (
    Connection,
    Connections,
    Limits,
    default_limits,
    mark_busy,
)
from bot.platforms.http.refusals import REFUSALS, ProtocolLog, Refusals
from bot.texts import http as words

BACKLOG: Final = 4096
"""Connections that wait in the kernel's queue; the kernel may allow fewer."""

RECEIVE_BUFFER: Final = 1 << 14
"""Bytes in the kernel's buffer of a connection, of which Linux doubles the number; asyncio reads
all of them in one piece. With `READ_BUFFER`, it bounds the memory of unread bodies.
"""

READ_BUFFER: Final = 1 << 13
"""Bytes of an unread body that aiohttp holds before it stops reading; it holds up to twice that."""

LINGER_SECONDS: Final = 1.0
"""Time that the rest of a refused body is read and dropped, for its client to see the response."""

SHUTDOWN_SECONDS: Final = 60.0
"""Time for open requests to finish; aiohttp's default."""

ACCEPTED_AT_ONCE: Final = 256
"""Connections that are accepted before others have a turn."""

FULL_PAUSE: Final = 0.02
"""Seconds until the next look for a free place."""

DESCRIPTOR_PAUSE: Final = 0.2
"""Seconds until the next attempt when no file descriptor is left."""

DEFER_SECONDS: Final = 10
"""Time that the kernel keeps a connection on which nothing has arrived, before it is accepted."""

MAX_PORT: Final = 65535

SWEEP_SECONDS: Final = 1.0
"""Seconds between two looks for connections that take too long."""


@asynccontextmanager
async def serving(
    application: web.Application,
    name: str,
    host: str,
    port: int,
    *,
    shutdown_seconds: float = SHUTDOWN_SECONDS,
    limits: Limits | None = None,
) -> AsyncIterator[int]:
    """Serve an application; yield its port.

    Args:
        application: The application; `connections.mark_busy` and `REFUSALS` are added to it.
        name: Name of the platform, for the log.
        host: Address to listen on.
        port: Port; 0 selects a free one.
        shutdown_seconds: Time for open requests to finish at the end of the block.
        limits: Limits; `default_limits()` unless given.

    Raises:
        OSError: The address cannot be bound.
        OverflowError: The port is not from 0 to 65535.
    """
    refusals = Refusals(name)
    runner = _runner(application, refusals, shutdown_seconds)
    await runner.setup()
    try:
        listeners = await _listeners(host, port)
        async with _Server(runner, refusals, limits or default_limits()).serving(listeners):
            yield listeners[0].getsockname()[1]
    finally:
        await runner.cleanup()
        refusals.report(final=True)


def _runner(
    application: web.Application, refusals: Refusals, shutdown_seconds: float
) -> web.AppRunner:
    application[REFUSALS] = refusals
    application.middlewares.insert(0, mark_busy)
    return web.AppRunner(
        application,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=shutdown_seconds,
        auto_decompress=False,
        read_bufsize=READ_BUFFER,
        lingering_time=LINGER_SECONDS,
        logger=ProtocolLog(refusals),
    )


async def _listeners(host: str, port: int) -> list[socket.socket]:
    """Return a listening socket for each address of a host."""
    if not 0 <= port <= MAX_PORT:  # getaddrinfo would take its last 16 bits
        raise OverflowError(f"port must be 0-{MAX_PORT}")
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    listeners: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((family, address) for family, *_, address in found):
            listener = socket.create_server(address, family=family, backlog=BACKLOG)
            listeners.append(listener)
            # Connections inherit it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux: silent ones wait in the kernel
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, DEFER_SECONDS)
            listener.setblocking(False)  # noqa: FBT003 - the standard library's
    except BaseException:
        for listener in listeners:
            listener.close()
        raise
    return listeners


async def _accept(listener: socket.socket) -> tuple[socket.socket, tuple[object, ...]]:
    """Accept a connection; none is lost if this is cancelled, as by `loop.sock_accept` on Linux."""
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        return await loop.sock_accept(listener)
    while True:
        try:
            return listener.accept()
        except BlockingIOError:
            readable = asyncio.Event()
            loop.add_reader(listener, readable.set)
            try:
                await readable.wait()
            finally:
                loop.remove_reader(listener)


class _Server:
    """Accepts connections for a runner, within limits."""

    def __init__(self, runner: web.AppRunner, refusals: Refusals, limits: Limits) -> None:
        self._loop = asyncio.get_running_loop()
        self._runner = runner
        self._refusals = refusals
        self._connections = Connections(limits, self._loop.time)
        self._opening: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self, listeners: Sequence[socket.socket]) -> AsyncIterator[None]:
        """Accept connections until the end of the block; then close the listeners."""
        tasks = [asyncio.create_task(self._accept_all(listener)) for listener in listeners]
        tasks.append(asyncio.create_task(self._sweep()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for listener in listeners:
                listener.close()
            await asyncio.gather(*self._opening)  # connections that were accepted

    async def _accept_all(self, listener: socket.socket) -> None:
        """Accept connections until cancelled."""
        while True:
            for _ in range(ACCEPTED_AT_ONCE):
                await self._make_room()
                try:
                    accepted, address = await _accept(listener)
                except ConnectionError:  # the client has gone
                    continue
                except OSError:
                    self._refusals.count(words.NO_DESCRIPTORS)
                    await asyncio.sleep(DESCRIPTOR_PAUSE)
                    continue
                self._start(accepted, str(address[0]))
            await asyncio.sleep(0)

    async def _sweep(self) -> None:
        """Close connections that take too long, and report refusals, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self._connections.close_overdue()
            self._refusals.report()

    async def _make_room(self) -> None:
        while (closed := self._connections.make_room()) is None:  # noqa: ASYNC110 - time frees places
            await asyncio.sleep(FULL_PAUSE)
        if closed:
            self._refusals.count(words.CONNECTION_CLOSED, closed)
            await asyncio.sleep(0)  # their descriptors are closed in the next turn of the loop

    def _start(self, accepted: socket.socket, address: str) -> None:
        server = self._runner.server
        if server is None:
            raise RuntimeError("the runner is not set up")
        # At once, so that its place is taken before the next one is accepted.
        connection = self._connections.add(server(), address)
        task = self._loop.create_task(self._open(accepted, connection))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, accepted: socket.socket, connection: Connection) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: connection, accepted)
        except OSError:  # the client has gone
            self._connections.remove(connection)
            accepted.close()
