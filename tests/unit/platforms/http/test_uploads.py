"""Long bodies that are received into files: too long, too slow, too many, cut short."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.concurrency.body_copy import BLOCK_BYTES
from bot.concurrency.temporary_files import TemporaryFiles
from bot.platforms.http import refusals, server
from bot.platforms.http.uploads import Limits, Uploads
from bot.texts import http as words
from tests.support.full_disk import full_file
from tests.support.http_app import LONG, Connection, answer, connect, post

SIZE = 3 * BLOCK_BYTES
FAST = Limits(number=2, disk_bytes=2 * SIZE, idle_seconds=LONG, start_seconds=LONG)


class App:
    """An application that receives files; `files` are those that it closed again."""

    def __init__(self, limits: Limits = FAST, files: TemporaryFiles | None = None) -> None:
        self.uploads = Uploads(limits, files)
        self.bodies: list[bytes] = []
        self.files: list[Any] = []
        self.received = asyncio.Event()
        self.proceed = asyncio.Event()
        self.proceed.set()
        self.application = web.Application(middlewares=[refusals.to_text])
        self.application.router.add_post("/", self.post)

    async def post(self, request: web.Request) -> web.Response:
        sender = request.headers.get("Sender")
        async with self.uploads.receive(request, SIZE, sender) as file:
            self.bodies.append(file.read())
            self.files.append(file)
            self.received.set()
            await self.proceed.wait()
        return web.Response(text="received")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async with server.serving(self.application, "Test", "127.0.0.1", 0) as port:
            yield port


def chunked(*chunks: bytes, end: bool = True) -> bytes:
    head = post(0, Transfer_Encoding="chunked").replace(b"Content-Length: 0\r\n", b"")
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head + body + (b"0\r\n\r\n" if end else b"")


async def until(condition: Any) -> None:
    """Wait until a condition holds, which other tasks make true."""
    async with asyncio.timeout(LONG):
        while not condition():  # noqa: ASYNC110 - other tasks tell nothing of it
            await asyncio.sleep(0)


async def test_a_body_is_written_to_a_file_that_is_closed_with_the_block() -> None:
    app, body = App(), bytes(range(256)) * (SIZE // 256)
    async with app.serving() as port:
        assert await answer(await connect(port, post(SIZE, body))) == (200, "received")
        assert await answer(await connect(port, chunked(b"abc", b"de"))) == (200, "received")
        assert await answer(await connect(port, post(0))) == (200, "received")
    assert app.bodies == [body, b"abcde", b""]
    assert all(file.closed for file in app.files)
    assert (app.uploads.number, app.uploads.reserved) == (0, 0)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(post(2 << 30), id="two gigabytes announced"),
        pytest.param(post(SIZE + 1), id="one byte too many announced"),
        pytest.param(chunked(bytes(SIZE), b"x", end=False), id="without a length"),
    ],
)
async def test_what_is_too_long_is_refused_before_the_rest_arrives(sent: bytes) -> None:
    app = App()
    async with app.serving() as port:
        assert await answer(await connect(port, sent)) == (413, words.too_long(SIZE))
    assert app.bodies == []
    assert app.uploads.reserved == 0


@pytest.mark.parametrize("sent", [b"", b"abc"], ids=["nothing", "a part"])
@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(idle_seconds=0.05, start_seconds=LONG), id="nothing for a while"),
        pytest.param(
            Limits(idle_seconds=LONG, start_seconds=0.05, bytes_per_second=1 << 20), id="too slow"
        ),
    ],
)
async def test_what_arrives_too_slowly_is_refused(limits: Limits, sent: bytes) -> None:
    app = App(limits)
    async with app.serving() as port:
        assert await answer(await connect(port, post(9, sent))) == (408, words.TOO_SLOW)
    assert app.bodies == []


def test_the_time_of_a_body_grows_with_its_bytes() -> None:
    limits = Limits(idle_seconds=10, start_seconds=5, bytes_per_second=100)
    assert limits.deadline(start=0, now=0, received=0) == 5
    assert limits.deadline(start=0, now=1, received=400) == 9
    assert limits.deadline(start=0, now=1, received=10_000) == 11


async def test_more_than_its_number_or_its_bytes_are_refused_until_others_end() -> None:
    app = App()
    app.proceed.clear()
    async with app.serving() as port:
        first = await connect(port, post(SIZE, bytes(SIZE)))
        await app.received.wait()
        # A body without a length counts as the longest one.
        second = await connect(port, chunked(b"a", end=False))
        await until(lambda: app.uploads.number == 2)
        busy = (503, words.TOO_MANY_UPLOADS)
        assert await answer(await connect(port, post(1, b"b"))) == busy
        second[1].write(b"0\r\n\r\n")
        await until(lambda: len(app.bodies) == 2)
        assert await answer(await connect(port, post(0))) == busy
        app.proceed.set()
        assert await answer(first) == await answer(second) == (200, "received")
        assert await answer(await connect(port, post(SIZE, bytes(SIZE)))) == (200, "received")


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(sender_number=2), id="number"),
        pytest.param(Limits(sender_bytes=2 * SIZE), id="bytes"),
    ],
)
async def test_one_sender_leaves_the_others_room(limits: Limits) -> None:
    app = App(limits)
    async with app.serving() as port:
        # Whatever is announced counts, also if it does not come.
        waiting = [await connect(port, post(SIZE, Sender="many")) for _ in range(2)]
        await until(lambda: app.uploads.number == 2)
        refused = await answer(await connect(port, post(1, b"a", Sender="many")))
        assert refused == (503, words.TOO_MANY_UPLOADS)
        for other in (post(SIZE, bytes(SIZE), Sender="other"), post(1, b"a")):
            assert await answer(await connect(port, other)) == (200, "received")
        waiting[0][1].close()
        await until(lambda: app.uploads.number == 1)
        assert await answer(await connect(port, post(1, b"a", Sender="many"))) == (200, "received")
        waiting[1][1].close()
        await until(lambda: app.uploads.number == 0)
    assert app.uploads._of_sender == {}


async def test_files_from_elsewhere_count() -> None:
    files = TemporaryFiles(max_bytes=SIZE)
    app = App(files=files)
    async with app.serving() as port:
        with files.open(SIZE - 1):
            busy = (503, words.TOO_MANY_UPLOADS)
            assert await answer(await connect(port, post(2, b"ab"))) == busy
            assert await answer(await connect(port, post(1, b"a"))) == (200, "received")
        # Without a length, a body counts as the longest one until it has arrived.
        app.proceed.clear()
        waiting = await connect(port, chunked(b"ab"))
        await until(lambda: len(app.bodies) == 2)
        assert files.reserved == 2
        app.proceed.set()
        assert await answer(waiting) == (200, "received")
    assert files.reserved == 0


async def test_bytes_on_the_disk_are_counted_before_they_arrive() -> None:
    app = App(Limits(number=9, disk_bytes=SIZE))
    async with app.serving() as port:
        waiting = await connect(port, post(SIZE))
        await until(lambda: app.uploads.reserved == SIZE)
        refused = await answer(await connect(port, post(1, b"a")))
        assert refused == (503, words.TOO_MANY_UPLOADS)
        waiting[1].close()
        await until(lambda: app.uploads.reserved == 0)
        assert await answer(await connect(port, post(1, b"a"))) == (200, "received")


async def test_a_client_that_goes_away_ends_its_upload(caplog: pytest.LogCaptureFixture) -> None:
    app = App()
    async with app.serving() as port:
        for sent in (post(SIZE), post(SIZE, bytes(BLOCK_BYTES + 1)), chunked(b"abc", end=False)):
            connection: Connection = await connect(port, sent)
            await until(lambda: app.uploads.number == 1)
            connection[1].close()
            await until(lambda: app.uploads.number == 0)
        assert await answer(await connect(port, chunked(b"abc"))) == (200, "received")
    assert app.bodies == [b"abc"]
    assert "Traceback" not in caplog.text


async def test_a_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_folder(**_: object) -> None:
        raise FileNotFoundError("no usable temporary folder")

    app = App()
    async with app.serving() as port:
        for broken in (full_file, no_folder):
            monkeypatch.setattr(tempfile, "TemporaryFile", broken)
            sent = await connect(port, post(SIZE, bytes(SIZE)))
            assert await answer(sent) == (507, words.DISK_FULL)
    assert (app.uploads.number, app.bodies) == (0, [])
