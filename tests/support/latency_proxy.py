"""TCP proxy on loopback that delays data, as a distant server would."""

import asyncio
import selectors
import socket
import sys
from asyncio.subprocess import PIPE
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import ROOT


@asynccontextmanager
async def latency_proxy(target: int | Path, delay_s: float) -> AsyncIterator[int]:
    """Forward connections to `target`, each direction delayed by `delay_s`; yield the port.

    The proxy is a process of its own, so that a busy caller adds no delay.

    Args:
        target: Port on loopback, or the path of a Unix socket.
        delay_s: Delay in seconds; the round trip takes twice as long.
    """
    command = (sys.executable, "-m", __name__, str(target), str(delay_s))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


async def _serve(target: str, delay_s: float) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    await _Proxy(int(target) if target.isdecimal() else Path(target), delay_s).start(listening)
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main(target: str, delay_s: str) -> None:
    """Serve until the process is terminated."""
    # select() has microseconds; epoll, the default, rounds delays up to milliseconds.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    loop.run_until_complete(_serve(target, float(delay_s)))


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


if __name__ == "__main__":
    main(*sys.argv[1:])
