"""Files are fetched from Slack's host in bounded time and size, with the token for it alone."""

import asyncio
import io
import tempfile

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.concurrency.body_copy import DiskFailed, temporary_file
from bot.domain.errors import NotAudio, Unavailable
from bot.platforms.slack import uploads
from bot.platforms.slack.api import FILES, SLACK
from bot.platforms.slack.credentials import Credentials
from bot.platforms.slack.uploads import FileHost, SlackUpload
from model.sound.errors import Problem
from tests.support.full_disk import full_file
from tests.support.loopback import Loopback

TOKEN = "xoxb-hush"  # noqa: S105 - not a real one
PATH = "/files-pri/T1-F1/song.mp3"


def upload(loopback: Loopback) -> SlackUpload:
    info = {"name": "song.mp3", "url_private": f"{loopback.url}{PATH}"}
    return SlackUpload(AsyncWebClient(TOKEN), FileHost(loopback.url), info)


async def test_file_is_written_to_the_target(loopback: Loopback) -> None:
    loopback.text(PATH, "music", headers={"Content-Encoding": "identity"})
    target, file = io.BytesIO(), upload(loopback)
    await file.fetch(target)
    assert (target.getvalue(), file.name, file.is_message_content) == (b"music", "song.mp3", True)
    (request,) = loopback.requests
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("told", "size"), [(1234, 1234), (0, 0), (None, None), ("1234", None), (-1, None)]
)
def test_size_is_what_slack_tells(told: object, size: int | None) -> None:
    info = {"name": "song.mp3", "size": told}
    assert SlackUpload(AsyncWebClient(TOKEN), FileHost(""), info).size == size


async def test_endless_file_ends_at_the_bound(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", 100_000)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(50_000))

    loopback.answer(PATH, endless)
    target = io.BytesIO()
    with pytest.raises(NotAudio) as raised:
        await upload(loopback).fetch(target)
    assert raised.value.problem is Problem.TOO_BIG
    assert len(target.getvalue()) <= 100_000


async def test_full_disk_is_not_blamed_on_slack(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.text(PATH, "music")
    monkeypatch.setattr(tempfile, "TemporaryFile", full_file)
    with pytest.raises(DiskFailed), temporary_file() as file:
        await upload(loopback).fetch(file)


async def test_compressed_bytes_are_not_inflated(loopback: Loopback) -> None:
    async def compressed(_: web.Request) -> web.Response:
        return web.Response(body=b"not gzip", headers={"Content-Encoding": "gzip"})

    loopback.answer(PATH, compressed)
    target = io.BytesIO()
    await upload(loopback).fetch(target)
    assert target.getvalue() == b"not gzip"


async def test_silent_host_is_given_up(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    answered = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        await answered.wait()
        return web.Response()

    loopback.answer(PATH, silent)
    with pytest.raises(Unavailable):
        await upload(loopback).fetch(io.BytesIO())
    answered.set()


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [(429, {"Retry-After": "240"}, 240), (429, {}, None), (503, {}, None), (500, {}, None)],
)
async def test_pause_that_slack_demands_is_passed_on(
    loopback: Loopback, status: int, headers: dict[str, str], pause: float | None
) -> None:
    loopback.text(PATH, "busy", status=status, headers=headers)
    with pytest.raises(Unavailable) as raised:
        await upload(loopback).fetch(io.BytesIO())
    assert raised.value.retry_after == pause


@pytest.mark.parametrize(
    ("url", "files"),
    [
        (SLACK, FILES),
        ("http://127.0.0.1:4000/api/", "http://127.0.0.1:4000"),
        ("https://slack.example/api/", "https://slack.example"),
    ],
)
def test_files_are_on_slacks_host_or_on_that_of_another_web_api(url: str, files: str) -> None:
    assert Credentials(url=url).files == files


@pytest.mark.parametrize(
    "address",
    [
        f"{FILES}/files-pri/T1-F1/song.mp3",
        "https://FILES.slack.com:443/files-pri/T1-F1/song.mp3",
    ],
)
def test_addresses_on_slacks_host_are_served(address: str) -> None:
    assert FileHost(FILES).address(address) == URL(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://files.slack.com/song.mp3",
        "https://files.slack.com:8443/song.mp3",
        "https://files.slack.com.example/song.mp3",
        "https://slack.com/song.mp3",
        "https://files.slack.com@example.com/song.mp3",
        "https://name:word@files.slack.com/song.mp3",
        "https://example.com/files.slack.com",
        "//files.slack.com/song.mp3",
        "song.mp3",
    ],
)
def test_other_addresses_are_not_served(address: str) -> None:
    assert FileHost(FILES).address(address) is None
