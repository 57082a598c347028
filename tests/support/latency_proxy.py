"""TCP proxy on loopback that delays data, as a distant server would."""

import asyncio
import selectors
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def latency_proxy(target: int | Path, delay_s: float) -> AsyncIterator[int]:
    """Forward connections to `target`, each direction delayed by `delay_s`; yield the port.

    The proxy runs in a thread with an event loop of its own, so that a busy loop of the caller
    adds no delay.

    Args:
        target: Port on loopback, or the path of a Unix socket.
        delay_s: Delay in seconds; the round trip takes twice as long.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    # select() has microseconds; epoll, the default, rounds delays up to milliseconds.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    thread = threading.Thread(target=loop.run_forever, name="latency proxy")
    thread.start()
    proxy = _Proxy(target, delay_s)
    try:
        await _run_in(loop, proxy.start(listening))
        yield listening.getsockname()[1]
    finally:
        await _run_in(loop, proxy.stop())
        loop.call_soon_threadsafe(loop.stop)
        await asyncio.to_thread(thread.join)
        loop.close()


async def _run_in(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[object, object, None]
) -> None:
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))


class _Proxy:
    """Listens, and connects to the target for each connection."""

    def __init__(self, target: int | Path, delay_s: float) -> None:
        self._target = target
        self._delay_s = delay_s
        self._sides: list[_Side] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.AbstractServer | None = None

    async def start(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, sock=listening)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for side in self._sides:
            if side.transport:
                side.transport.abort()
        await asyncio.sleep(0)  # aborted transports close in the next pass of the loop

    def _accept(self) -> "_Side":
        near = _Side(self._delay_s, self._connect)
        self._sides.append(near)
        return near

    def _connect(self, near: "_Side") -> None:
        task = asyncio.create_task(self._connect_far(near))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect_far(self, near: "_Side") -> None:
        loop = asyncio.get_running_loop()
        far = _Side(self._delay_s)
        near.other, far.other = far, near
        if isinstance(self._target, Path):
            await loop.create_unix_connection(lambda: far, str(self._target))
        else:
            await loop.create_connection(lambda: far, "127.0.0.1", self._target)
        self._sides.append(far)
        if near.transport:
            near.transport.resume_reading()


class _Side(asyncio.Protocol):
    """One of two connections; passes what it receives on to the other one, in order and late."""

    def __init__(
        self, delay_s: float, on_connected: Callable[["_Side"], None] | None = None
    ) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: _Side | None = None
        self._delay_s = delay_s
        self._on_connected = on_connected
        self._passed_on: deque[Callable[[asyncio.Transport], None]] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._on_connected:
            transport.pause_reading()  # until the other side is connected
            self._on_connected(self)

    def data_received(self, data: bytes) -> None:
        self._pass_on_later(lambda transport: transport.write(data))

    def eof_received(self) -> bool:
        self._pass_on_later(lambda transport: transport.write_eof())
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self._pass_on_later(lambda transport: transport.close())

    def _pass_on_later(self, action: Callable[[asyncio.Transport], None]) -> None:
        self._passed_on.append(action)
        asyncio.get_running_loop().call_later(self._delay_s, self._pass_on)

    def _pass_on(self) -> None:
        action = self._passed_on.popleft()
        if self.other and self.other.transport and not self.other.transport.is_closing():
            action(self.other.transport)
