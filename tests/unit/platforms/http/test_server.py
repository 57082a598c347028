"""A server on loopback under connections and bodies that cost it more than their sender."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.platforms.http import bodies, refusals, server
from bot.platforms.http.bodies import Budget
from bot.platforms.http.connections import Limits
from bot.texts import http as words

LIMITS = Limits(4, grace=0)
SIZE = 1000
LONG = 30.0
"""Seconds that no test reaches."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class App:
    """An application that reads bodies, and records them."""

    def __init__(self, seconds: float = LONG, budget: int = 10 * SIZE) -> None:
        self.bodies: list[bytes] = []
        self.proceed = asyncio.Event()
        self.started = asyncio.Event()
        self.seconds = seconds
        self.application = web.Application(middlewares=[refusals.to_text])
        self.application[bodies.BUDGET] = Budget(budget)
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


async def test_a_request_is_answered_among_more_silent_connections_than_places() -> None:
    app = App()
    async with serving(app) as port:
        silent = [await connect(port) for _ in range(20)]  # on Linux, they wait in the kernel
        slow = [await connect(port, b"POST / HT") for _ in range(20)]
        assert await answer(await connect(port, get())) == (200, "here")
        closed = [connection for connection in slow if await is_closed(connection)]
    assert len(closed) >= len(slow) - LIMITS.connections
    for _, writer in silent:
        writer.close()


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


async def test_a_request_in_progress_is_not_closed_for_others_which_wait() -> None:
    app = App()
    async with serving(app, Limits(1, grace=LONG)) as port:
        first = await connect(port, get("/wait"))
        await app.started.wait()
        second = await connect(port, get())
        reading = asyncio.create_task(answer(second))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not reading.done()
        app.proceed.set()
        assert await answer(first) == (200, "waited")
        assert await reading == (200, "here")


async def test_a_connection_kept_alive_serves_several_requests() -> None:
    async with serving(App()) as port, aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                assert await response.text() == "here"


async def test_a_body_is_read_in_pieces_and_chunks() -> None:
    app = App()
    chunked = post(0, b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", Transfer_Encoding="chunked")
    async with serving(app) as port:
        reader, writer = await connect(port, post(6, b"abc"))
        await app.started.wait()
        writer.write(b"def")
        assert await answer((reader, writer)) == (200, "read")
        chunked = chunked.replace(b"Content-Length: 0\r\n", b"")
        assert await answer(await connect(port, chunked)) == (200, "read")
    assert app.bodies == [b"abcdef", b"abcde"]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        pytest.param(post(9, Content_Encoding="gzip"), 415, words.COMPRESSED, id="compressed"),
        pytest.param(post(9, Content_Encoding="x, br"), 415, words.COMPRESSED, id="twice"),
        pytest.param(post(9, Content_Type="text/html"), 415, words.CONTENT_TYPE, id="type"),
        pytest.param(post(SIZE + 1), 413, words.too_long(SIZE), id="too long"),
        pytest.param(
            post(0, b"fff\r\n" + b"x" * 0xFFF, Transfer_Encoding="chunked").replace(
                b"Content-Length: 0\r\n", b""
            ),
            413,
            words.too_long(SIZE),
            id="too long in chunks",
        ),
    ],
)
async def test_a_request_is_refused_before_its_body_has_arrived(
    sent: bytes, status: int, sentence: str
) -> None:
    app = App()
    async with serving(app) as port:
        assert await answer(await connect(port, sent)) == (status, sentence)
    assert app.bodies == []


async def test_a_compressed_body_is_not_decompressed() -> None:
    app = App()
    packed = gzip.compress(b"x" * SIZE)
    sent = post(len(packed), packed, Content_Encoding="gzip")
    sent = sent.replace(b"POST /", b"POST /unchecked", 1)
    async with serving(app) as port:
        assert await answer(await connect(port, sent)) == (200, "read")
    assert app.bodies == [packed]


async def test_a_body_that_arrives_too_slowly_is_refused() -> None:
    app = App(seconds=0.01)
    async with serving(app) as port:
        assert await answer(await connect(port, post(9, b"x"))) == (408, words.TOO_SLOW)


async def test_bodies_that_are_too_long_together_are_refused_and_room_is_given_back() -> None:
    app = App(budget=SIZE)
    async with serving(app) as port:
        held = await connect(port, post(SIZE, b"x" * (SIZE - 1)))
        await app.started.wait()
        while app.application[bodies.BUDGET]._left > 1:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
        assert await answer(await connect(port, post(2, b"xx"))) == (503, words.TOO_MANY)
        held[1].write(b"x")
        assert await answer(held) == (200, "read")
        assert await answer(await connect(port, post(SIZE, b"y" * SIZE))) == (200, "read")


async def test_a_busy_server_says_when_to_try_again() -> None:
    app = App(budget=0)
    async with (
        serving(app) as port,
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/", data="x") as response,
    ):
        assert (response.status, response.headers["Retry-After"]) == (503, "1")


async def test_a_connection_without_a_request_is_closed_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "SWEEP_SECONDS", 0.01)
    async with serving(App(), Limits(4, head_seconds=0.01)) as port:
        assert await answer(await connect(port, b"GET / HTTP/1.1\r\nHost: x\r\n")) == (0, "")


async def test_refusals_are_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    app = App()
    async with serving(app, Limits(64)) as port:
        for _ in range(3):
            await answer(await connect(port, post(SIZE + 1)))
            await answer(await connect(port, b"\x16\x03\x01\r\n\r\n"))
            await answer(await connect(port, b"GET / HTTP/1.1\r\nno header\r\n\r\n"))
        for _ in range(2):  # the client goes while its body is read
            app.started.clear()
            _, writer = await connect(port, post(9, b"x"))
            await app.started.wait()
            writer.transport.abort()
        async with asyncio.timeout(LONG):
            while app.application[refusals.REFUSALS]._counts[words.CUT_SHORT] < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
    (line,) = [record.getMessage() for record in caplog.records]
    for part in (
        f"3 times: {words.too_long(SIZE)[:-1]}",
        f"6 times: {words.NOT_HTTP[:-1]}",
        "2 times: ",
    ):
        assert part in line
    assert "Traceback" not in caplog.text


async def test_a_fault_is_logged_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(App()) as port:
        assert await answer(await connect(port, get("/fault"))) == (500, words.FAILED)
    assert "RuntimeError" in caplog.text
    assert "hush" not in caplog.text


async def test_the_server_goes_on_when_no_descriptor_is_left(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    accept, failures = server._accept, [OSError(24, "Too many open files")] * 2
    monkeypatch.setattr(server, "DESCRIPTOR_PAUSE", 0)

    async def failing(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return await accept(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(server, "_accept", failing)
    async with serving(App()) as port:
        assert await answer(await connect(port, get())) == (200, "here")
    assert f"2 times: {words.NO_DESCRIPTORS[:-1]}" in caplog.text


async def test_the_port_is_free_after_the_server_has_stopped() -> None:
    async with serving(App()) as port:
        held = await connect(port, b"GET / HT")
        await answer(await connect(port, get()))  # so that the other was accepted, too
    async with server.serving(App().application, "Test", "127.0.0.1", port):
        assert await answer(await connect(port, get())) == (200, "here")
    assert await is_closed(held)


@pytest.mark.parametrize("port", [-1, 65_536, 70_000])
async def test_a_port_out_of_range_is_an_error(port: int) -> None:
    with pytest.raises(OverflowError):
        async with server.serving(App().application, "Test", "127.0.0.1", port):
            pass


def test_reports_are_a_minute_apart(caplog: pytest.LogCaptureFixture) -> None:
    seconds = 0.0
    clock: Callable[[], float] = lambda: seconds  # noqa: E731 - closes over the local clock
    counter = refusals.Refusals("Test", clock)
    for seconds in (0.0, 1.0, 59.0, 60.0, 61.0):  # noqa: B007 - the clock
        counter.count("A reason.")
        counter.report()
    counter.report(final=True)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(": ")[2] for line in lines] == [
        "1 times: A reason", "3 times: A reason", "1 times: A reason",
    ]  # fmt: skip
    assert caplog.records[0].levelno == logging.WARNING


def test_faults_of_the_protocol_are_logged_without_their_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = refusals.ProtocolLog(refusals.Refusals("Test"))
    log.exception("failed", exc_info=RuntimeError("HUSH".lower()))  # noqa: LOG004 - as aiohttp does
    log.exception("no error")  # noqa: LOG004
    assert ("RuntimeError" in caplog.text, "no error" in caplog.text) == (True, True)
    assert "hush" not in caplog.text
