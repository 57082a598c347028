"""Covers are fetched from the hosts of music services alone, in bounded time and size."""

import asyncio
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.runtime.source_clients import open_session
from bot.sources.circuit_breaker import FAILURES
from bot.sources.clients import SourceClients
from bot.sources.covers import DOMAINS, MAX_BYTES, MAX_REDIRECTS, Covers
from bot.sources.monitor import SourceMonitor
from bot.storage.stores import utc_now
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.fakes import FakeCovers
from tests.support.fault_server import FAULTS, FaultServer
from tests.support.loopback import Loopback

JPEG = b"\xff\xd8\xff\xe0" + bytes(500)
PATH = "/image/ab67"


@pytest.fixture
async def clients() -> AsyncIterator[SourceClients]:
    async with open_session() as session:
        yield SourceClients(session, SourceMonitor(FakeSourceLedger(utc_now), utc_now))


@pytest.fixture
async def covers(loopback: Loopback, clients: SourceClients) -> AsyncIterator[Covers]:
    made = Covers(clients, (loopback.url,), aiohttp.ClientTimeout(total=1.5))
    yield made
    await made.close()


def serve(loopback: Loopback, body: bytes, path: str = PATH, **headers: str) -> None:
    async def send(_: web.Request) -> web.Response:
        return web.Response(body=body, headers=headers)

    loopback.answer(path, send)


@pytest.mark.parametrize("kind", ["fake", "http"])
async def test_an_image_is_fetched_and_a_missing_one_is_none(
    kind: str, loopback: Loopback, covers: Covers
) -> None:
    serve(loopback, JPEG)
    fake = FakeCovers()
    fake.images[loopback.url + PATH] = JPEG
    source = fake if kind == "fake" else covers
    assert await source.fetch(loopback.url + PATH) == JPEG
    assert await source.fetch(loopback.url + "/none") is None


async def test_an_image_is_fetched_once_for_all_who_ask(loopback: Loopback, covers: Covers) -> None:
    serve(loopback, JPEG)
    address = loopback.url + PATH
    assert await asyncio.gather(*(covers.fetch(address) for _ in range(4))) == [JPEG] * 4
    await covers.fetch(address)
    assert loopback.asked(PATH) == 1


async def test_a_failure_is_not_kept(loopback: Loopback, covers: Covers) -> None:
    serve(loopback, b"<html>")
    assert await covers.fetch(loopback.url + PATH) is None
    serve(loopback, JPEG)
    assert await covers.fetch(loopback.url + PATH) == JPEG


async def test_no_cookie_is_kept_or_sent(loopback: Loopback, covers: Covers) -> None:
    serve(loopback, JPEG, **{"Set-Cookie": "a=b"})
    serve(loopback, JPEG, "/other")
    await covers.fetch(loopback.url + PATH)
    await covers.fetch(loopback.url + "/other")
    for request in loopback.requests:
        assert not {"Cookie", "Authorization"} & set(request.headers)
        assert request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.jpg",
        "http://i.scdn.co/image/a",
        "https://i.scdn.co:8443/image/a",
        "https://me:word@i.scdn.co/image/a",
        "https://i.scdn.co.evil.example/a",
        "https://evilscdn.co/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a",
        "http://localhost/a",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://[",
        "",
    ],
)
async def test_an_address_elsewhere_is_not_requested(
    address: str, covers: Covers, caplog: pytest.LogCaptureFixture
) -> None:
    assert await covers.fetch(address) is None
    assert [record.getMessage() for record in caplog.records] == [
        "drawing without a cover: covers: the address is not at a host of covers"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://i.scdn.co/image/ab67616d0000b273",
        "https://image-cdn-ak.spotifycdn.com/image/ab67616d00001e02",
        "https://cdn-images.dzcdn.net/images/cover/0/500x500-000000-80-0-0.jpg",
        "https://is1-ssl.mzstatic.com/image/thumb/Music/v4/a/600x600bb.jpg",
        "https://i.ytimg.com/vi/fJ9rUzIMcZQ/hqdefault.jpg",
        "https://resources.tidal.com/images/a/320x320.jpg",
        "https://i1.sndcdn.com/artworks-000-t500x500.jpg",
        "https://f4.bcbits.com/img/a1_16.jpg",
    ],
)
def test_the_hosts_of_services_covers_are_known(covers: Covers, address: str) -> None:
    assert covers._allowed.address(address) is not None


def test_no_domain_is_open_to_everyone() -> None:
    assert all("." in domain and not domain.startswith(".") for domain in DOMAINS)


async def test_redirects_are_followed_to_allowed_hosts_alone(
    loopback: Loopback, covers: Covers
) -> None:
    loopback.text("/a", "", status=302, headers={"Location": "/b"})
    loopback.text("/b", "", status=301, headers={"Location": loopback.url + PATH})
    serve(loopback, JPEG)
    assert await covers.fetch(loopback.url + "/a") == JPEG
    loopback.text("/c", "", status=302, headers={"Location": "http://169.254.169.254/"})
    assert await covers.fetch(loopback.url + "/c") is None
    loopback.text("/d", "", status=307, headers={"Location": "/d"})
    assert await covers.fetch(loopback.url + "/d") is None
    assert loopback.asked("/d") == MAX_REDIRECTS + 1


async def test_what_is_too_long_packed_or_no_image_is_none(
    loopback: Loopback, covers: Covers
) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(JPEG)
        for _ in range(MAX_BYTES // (1 << 16) + 2):
            await response.write(bytes(1 << 16))
        return response

    loopback.answer("/endless", endless)
    serve(loopback, JPEG + bytes(MAX_BYTES), "/long")
    serve(loopback, b"<svg/>", "/svg")
    serve(loopback, b"", "/empty")
    for path in ("/endless", "/long", "/svg", "/empty"):
        assert await covers.fetch(loopback.url + path) is None, path


HANGING = ("no answer", "slow drip")


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in HANGING])
async def test_a_fault_is_no_cover_and_one_line_without_the_address(
    fault: str, clients: SourceClients, caplog: pytest.LogCaptureFixture
) -> None:
    async with FaultServer(FAULTS[fault]).running() as server:
        covers = Covers(clients, (server.url,))
        assert await covers.fetch(f"{server.url}/secret") is None
        assert server.trap == 0
        await covers.close()
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if line.startswith("drawing without")]) == 1
    assert not any("secret" in line for line in lines)


@pytest.mark.parametrize("fault", HANGING)
async def test_a_host_that_hangs_is_given_up(fault: str, clients: SourceClients) -> None:
    async with FaultServer(FAULTS[fault]).running() as server:
        covers = Covers(clients, (server.url,), aiohttp.ClientTimeout(total=0.2))
        assert await covers.fetch(f"{server.url}/a") is None
        await covers.close()


async def test_a_host_that_fails_is_not_asked_again_for_a_time(
    loopback: Loopback, covers: Covers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    loopback.text(PATH, "oops", status=500)
    for _ in range(FAILURES + 2):
        assert await covers.fetch(loopback.url + PATH) is None
    assert loopback.asked(PATH) == FAILURES
