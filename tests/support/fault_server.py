"""HTTP server on loopback that answers every request with one fault."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import formatdate
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestServer

Fault = Callable[[web.Request, asyncio.Event], Awaitable[web.StreamResponse]]
"""Answers a request; the event is set when the server stops."""

DAY: Final = 86_400
HUGE: Final = b'"' + b"x" * (8 << 20) + b'"'
TRAP: Final = web.AppKey("trap", str)


def _bomb(megabytes: int) -> bytes:
    packed = zlib.compressobj(wbits=31)
    zeros = b"0" * (1 << 20)
    return b"".join(packed.compress(zeros) for _ in range(megabytes)) + packed.flush()


BOMB: Final = _bomb(64)
"""Body of 64 MB in 64 kB."""


def reply(
    body: bytes | str = b"",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Fault:
    """Answer with a body."""
    content = body.encode() if isinstance(body, str) else body

    async def answer(_: web.Request, __: asyncio.Event) -> web.Response:
        return web.Response(body=content, status=status, headers=headers, content_type=content_type)

    return answer


async def silence(_: web.Request, stopped: asyncio.Event) -> web.Response:
    """Answer nothing."""
    await stopped.wait()
    return web.Response()


async def slow_drip(request: web.Request, stopped: asyncio.Event) -> web.StreamResponse:
    """Send a byte at a time, without end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while not stopped.is_set():
        await response.write(b" ")
        await asyncio.wait([asyncio.ensure_future(stopped.wait())], timeout=0.02)
    return response


async def cut(request: web.Request, _: asyncio.Event) -> web.StreamResponse:
    """Close the connection within the body."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"content": [')
    assert request.transport is not None
    request.transport.abort()
    return response


async def cut_at_once(request: web.Request, _: asyncio.Event) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def busy(retry_after: str | None, status: int = 429) -> Fault:
    """Demand a pause."""
    return reply("busy", status, {"Retry-After": retry_after} if retry_after is not None else {})


def moved(address: str, status: int = 302) -> Fault:
    """Redirect to an address, in which TRAP stands for a server that must not be asked."""

    async def answer(request: web.Request, __: asyncio.Event) -> web.Response:
        location = address.replace("TRAP", request.app[TRAP])
        return web.Response(status=status, headers={"Location": location})

    return answer


FAULTS: Final[Mapping[str, Fault]] = {
    "no answer": silence,
    "slow drip": slow_drip,
    "cut in the body": cut,
    "cut at once": cut_at_once,
    "garbage": reply(bytes(range(256)) * 4),
    "empty body": reply(),
    "half of a body": reply('{"content": [{"id": "'),
    "null": reply("null"),
    "a list": reply("[1, 2, 3]"),
    "a list of objects": reply('[{"a": 1}]'),
    "a text": reply('"error"'),
    "a number": reply("7"),
    "another object": reply('{"a": {"b": [null]}}'),
    "deep nesting": reply("[" * 200_000),
    "a page": reply("<html><body>Sign in</body></html>", content_type="text/html"),
    "429 for a second": busy("1"),
    "429 for a day": busy(str(DAY)),
    "429 until a date": busy(formatdate(4_102_444_800, usegmt=True)),
    "429 without a time": busy(None),
    "429 with garbage": busy("soon"),
    "503 for a minute": busy("60", 503),
    "500": reply("oops", 500),
    "502": reply("oops", 502),
    "503": reply("oops", 503),
    "504": reply("oops", 504),
    "401": reply('{"error": {"status": 401, "message": "no"}}', 401),
    "403": reply('{"error": {"status": 403, "message": "no"}}', 403),
    "404": reply('{"error": {"status": 404, "message": "no"}}', 404),
    "418": reply("", 418),
    "huge body": reply(HUGE),
    "gzip bomb": reply(BOMB, headers={"Content-Encoding": "gzip"}),
    "damaged gzip": reply(BOMB[:1000], headers={"Content-Encoding": "gzip"}),
    "redirect to another server here": moved("TRAP/a"),
    "redirect to private data": moved("http://169.254.169.254/latest/meta-data"),
    "redirect to itself": moved("/a", 307),
    "redirect to a file": moved("file:///etc/passwd", 301),
}
"""Faults of outside services by name."""


class FaultServer:
    """Serves one fault, and counts the requests.

    `normal` are replies by path that are without the fault. `trap` counts the requests that reached
    the server to which redirects lead.
    """

    def __init__(self, fault: Fault, normal: Mapping[str, Fault] | None = None) -> None:
        self._fault = fault
        self._normal = normal or {}
        self._stopped = asyncio.Event()
        self.requests = self.trap = 0
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FaultServer"]:
        trap = TestServer(_app(self._trapped), host="127.0.0.1")
        app = _app(self._serve)
        await trap.start_server()
        app[TRAP] = str(trap.make_url("")).rstrip("/")
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            self._stopped.set()
            await server.close()
            await trap.close()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if normal := self._normal.get(request.path):
            return await normal(request, self._stopped)
        self.requests += 1
        return await self._fault(request, self._stopped)

    async def _trapped(self, _: web.Request) -> web.StreamResponse:
        self.trap += 1
        return web.json_response({})


def _app(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    return app
