"""An application on loopback that reads bodies, and requests to it by plain sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.platforms.http import bodies, refusals, server
from bot.platforms.http.bodies import Budget
from bot.platforms.http.connections import Limits

LIMITS = Limits(4, grace=0)
SIZE = 1000
LONG = 30.0
"""Seconds that no test reaches."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class App:
    """An application that reads bodies, and records them."""

    def __init__(self, seconds: float = LONG, budget: int = 10 * SIZE, small: int = SIZE) -> None:
        self.bodies: list[bytes] = []
        self.proceed = asyncio.Event()
        self.started = asyncio.Event()
        self.seconds = seconds
        self.application = web.Application(middlewares=[refusals.to_text])
        self.budget = self.application[bodies.BUDGET] = Budget(budget, small)
        self.application.router.add_get("/", self.get)
        self.application.router.add_get("/wait", self.wait)
        self.application.router.add_get("/fault", self.fault)
        self.application.router.add_post("/", self.post)
        self.application.router.add_post("/unchecked", self.unchecked)

    async def get(self, _: web.Request) -> web.Response:
        return web.Response(text="here")

    async def wait(self, _: web.Request) -> web.Response:
        self.started.set()
        await self.proceed.wait()
        return web.Response(text="waited")

    async def fault(self, _: web.Request) -> web.Response:
        raise RuntimeError("HUSH".lower())

    async def unchecked(self, request: web.Request) -> web.Response:
        self.bodies.append(await bodies.read(request, SIZE, self.seconds))
        return web.Response(text="read")

    async def post(self, request: web.Request) -> web.Response:
        bodies.check_head(request, {"text/plain"}, SIZE)
        self.started.set()
        self.bodies.append(await bodies.read(request, SIZE, self.seconds))
        return web.Response(text="read")


@asynccontextmanager
async def serving(app: App, limits: Limits = LIMITS) -> AsyncIterator[int]:
    async with server.serving(app.application, "Test", "127.0.0.1", 0, limits=limits) as port:
        yield port


async def connect(port: int, sent: bytes = b"") -> Connection:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    return reader, writer


async def answer(connection: Connection) -> tuple[int, str]:
    """Return status and text of an answer; 0 if the connection was closed without one."""
    reader, writer = connection
    try:
        async with asyncio.timeout(LONG):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split()[0])
            text = (await reader.readexactly(length)).decode()
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0, ""
    finally:
        writer.close()
    return int(head.split()[1]), text.strip()


def get(path: str = "/") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def post(length: int, sent: bytes = b"", **headers: str) -> bytes:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Content-Type": "text/plain", "Content-Length": str(length)} | given
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST / HTTP/1.1\r\nHost: x\r\n{text}\r\n".encode() + sent


async def is_closed(connection: Connection) -> bool:
    """Return whether the server has closed a connection; wait for what has arrived already."""
    reader, writer = connection
    try:
        async with asyncio.timeout(0.05):
            return await reader.read(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    finally:
        writer.close()
