"""Bodies that are compressed, too long, too slow or too many for a server on loopback."""

import asyncio
import gzip

import aiohttp
import pytest

from bot.platforms.http.connections import Limits
from bot.texts import http as words
from tests.support.http_app import (
    LONG,
    SIZE,
    App,
    Connection,
    answer,
    connect,
    post,
    serving,
)


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


async def hold(app: App, port: int, length: int, count: int = 1) -> list[Connection]:
    """Send bodies without their last byte; return when all else has been read."""
    before = app.budget.used
    held = [await connect(port, post(length, b"x" * (length - 1))) for _ in range(count)]
    async with asyncio.timeout(LONG):
        while app.budget.used < before + count * (length - 1):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
    return held


async def test_bodies_that_never_end_keep_no_other_from_being_read() -> None:
    app = App(budget=4 * SIZE)
    async with serving(app, Limits(64)) as port:
        held = await hold(app, port, SIZE, count=4)
        for _ in range(8):
            assert await answer(await connect(port, post(SIZE, b"y" * SIZE))) == (200, "read")
        for _, writer in held:
            writer.close()
    assert app.bodies == [b"y" * SIZE] * 8


async def test_the_body_that_has_held_most_for_longest_is_given_up_for_another() -> None:
    app = App(budget=2 * SIZE)
    async with serving(app, Limits(64)) as port:
        (longest,) = await hold(app, port, SIZE)
        (short,) = await hold(app, port, SIZE // 4)
        assert await answer(await connect(port, post(SIZE, b"y" * SIZE))) == (200, "read")
        assert await answer(longest) == (503, words.TOO_MANY)
        short[1].write(b"x")
        assert await answer(short) == (200, "read")
    assert app.budget.used == 0


async def test_long_bodies_leave_a_quarter_to_small_ones() -> None:
    app = App(budget=4 * SIZE, small=SIZE // 2)
    async with serving(app, Limits(64)) as port:
        held = await hold(app, port, SIZE, count=3)
        (small,) = await hold(app, port, SIZE // 2)
        small[1].write(b"x")
        assert await answer(small) == (200, "read")
        (fourth,) = [await connect(port, post(SIZE, b"x" * (SIZE - 1)))]
        assert await answer(held[0]) == (503, words.TOO_MANY)
        for _, writer in (*held, fourth):
            writer.close()


async def test_a_body_that_is_given_up_by_itself_gives_its_bytes_back() -> None:
    app = App(budget=SIZE // 2)
    async with serving(app) as port:
        assert await answer(await connect(port, post(SIZE, b"x" * SIZE))) == (503, words.TOO_MANY)
        assert await answer(await connect(port, post(9, b"x" * 9))) == (200, "read")
    assert app.budget.used == 0


async def test_a_busy_server_says_when_to_try_again() -> None:
    app = App(budget=0)
    async with (
        serving(app) as port,
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/", data="x") as response,
    ):
        assert (response.status, response.headers["Retry-After"]) == (503, "1")
