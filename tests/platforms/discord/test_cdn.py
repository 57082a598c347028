"""Files are fetched in pieces, from Discord's hosts only, within limits of time and size."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import BinaryIO

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from discord.http import Route
from yarl import URL

from bot.concurrency.body_copy import DiskFailed, temporary_file
from bot.domain.errors import NotAudio, Unavailable
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.platforms.discord.cdn import TIMEOUT, Cdn, Gone, discords
from model.sound.errors import Problem
from tests.support.full_disk import full_file

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fetch = Callable[..., Awaitable[bytes]]
SHORT = aiohttp.ClientTimeout(total=5, sock_read=0.05)


@pytest.fixture
async def fetch(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fetch]:
    """Return a function that fetches the file that a handler sends, from a server on loopback."""
    handlers: list[Handler] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        return await handlers[-1](request)

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    client = discord.Client(intents=discord.Intents.none())
    async with TestServer(app, host="127.0.0.1") as server, aiohttp.ClientSession() as session:
        monkeypatch.setattr(Route, "BASE", str(server.make_url("/api/v10")))
        monkeypatch.setattr(client.http, "_HTTPClient__session", session)

        async def download(
            handler: Handler,
            limits: aiohttp.ClientTimeout = TIMEOUT,
            target: BinaryIO | None = None,
        ) -> bytes:
            handlers.append(handler)
            received = io.BytesIO()
            address = str(server.make_url("/attachments/1.mp3"))
            await Cdn(client, limits).download(address, target or received)
            return received.getvalue()

        yield download


async def send(request: web.Request, length: int | None, *pieces: bytes) -> web.StreamResponse:
    """Send pieces of a file, whose declared length may be another one, and end the connection."""
    response = web.StreamResponse()
    response.content_length = length
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
    if request.transport:
        request.transport.close()
    return response


async def test_file_is_fetched(fetch: Fetch) -> None:
    content = bytes(range(256)) * 1000

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=content)

    assert await fetch(handler) == content


async def test_full_disk_is_not_blamed_on_discord(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"music")

    monkeypatch.setattr(tempfile, "TemporaryFile", full_file)
    with pytest.raises(DiskFailed), temporary_file() as file:
        await fetch(handler, target=file)


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_file_that_is_gone_is_told_apart(fetch: Fetch, status: int) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, text="This content is no longer available.")

    with pytest.raises(Gone):
        await fetch(handler)


@pytest.mark.parametrize("status", [206, 301, 302, 429, 500, 503])
async def test_other_statuses_are_failures_and_redirects_are_not_followed(
    fetch: Fetch, status: int
) -> None:
    asked = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    with pytest.raises(Unavailable):
        await fetch(handler)
    assert asked == ["/attachments/1.mp3"]


async def test_file_that_ends_early_is_a_failure(fetch: Fetch) -> None:
    with pytest.raises(Unavailable) as raised:
        await fetch(lambda request: send(request, 1000, b"half"))
    assert isinstance(raised.value.__cause__, aiohttp.ClientPayloadError)


async def test_server_that_hangs_is_a_failure(fetch: Fetch) -> None:
    asserted = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = 1000
        await response.prepare(request)
        await response.write(b"half")
        await asserted.wait()
        return response

    with pytest.raises(Unavailable) as raised:
        await fetch(handler, SHORT)
    assert isinstance(raised.value.__cause__, TimeoutError)
    asserted.set()


async def test_file_that_is_declared_too_big_is_not_read(fetch: Fetch) -> None:
    with pytest.raises(NotAudio) as raised:
        await fetch(lambda request: send(request, MAX_UPLOAD_BYTES + 1, b"begin"))
    assert raised.value.problem is Problem.TOO_BIG


async def test_file_that_is_longer_than_declared_to_nobody_is_cut(fetch: Fetch) -> None:
    piece = bytes(1 << 20)

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        try:
            for _ in range(MAX_UPLOAD_BYTES // len(piece) + 2):
                await response.write(piece)
        except ConnectionError:  # the bot has hung up
            pass
        return response

    with pytest.raises(NotAudio) as raised:
        await fetch(handler)
    assert raised.value.problem is Problem.TOO_BIG


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.discordapp.com/attachments/1/2/song.mp3?ex=1",
        "https://media.discordapp.net/attachments/1/2/song.mp3",
    ],
)
def test_addresses_on_discords_hosts_are_fetched(url: str) -> None:
    assert discords(url) == URL(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "song.mp3",
        "/attachments/1/2/song.mp3",
        "http://cdn.discordapp.com/attachments/1/2/song.mp3",
        "https://cdn.discordapp.com:8443/attachments/1/2/song.mp3",
        "https://cdn.discordapp.com.example/song.mp3",
        "https://example.com/cdn.discordapp.com/song.mp3",
        "https://cdn.discordapp.com@example.com/song.mp3",
        "https://name:word@cdn.discordapp.com/song.mp3",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_other_addresses_are_not_fetched(url: str) -> None:
    assert discords(url) is None
