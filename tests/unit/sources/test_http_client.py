"""HttpService returns JSON or raises a typed error within its timeout."""

import asyncio
import time
from email.utils import formatdate

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Forbidden, Unavailable
from bot.sources.guard import SourceGuard
from bot.sources.http_client import (
    MAX_BODY_BYTES,
    MAX_RETRY_AFTER,
    HttpService,
    retry_after,
)
from tests.support.clock import ManualClock
from tests.support.loopback import Loopback

FAST = aiohttp.ClientTimeout(total=0.2)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def service(loopback: Loopback, session: aiohttp.ClientSession, clock: ManualClock) -> HttpService:
    return HttpService(
        "x", loopback.url, session, guard=SourceGuard("x", clock=clock), timeout=FAST
    )


async def test_json_is_returned(service: HttpService, loopback: Loopback) -> None:
    loopback.json("/a", {"b": 1})
    assert await service.get("track", "/a", q="c d") == {"b": 1}
    assert loopback.requests[0].query["q"] == "c d"


@pytest.mark.parametrize("status", [400, 404, 410, 422])
async def test_status_for_an_unknown_id_returns_none(
    service: HttpService, loopback: Loopback, status: int
) -> None:
    loopback.json("/a", {}, status=status)
    assert await service.get("track", "/a") is None


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_access_raises_forbidden(
    service: HttpService, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "Active premium subscription required", status=status)
    with pytest.raises(Forbidden):
        await service.get("track", "/a")


@pytest.mark.parametrize("status", [301, 418, 500, 502, 503])
async def test_other_status_raises_unavailable(
    service: HttpService, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "oops", status=status, headers={"Location": "/b"})
    loopback.json("/b", {"followed": True})
    with pytest.raises(Unavailable, match=str(status)):
        await service.get("track", "/a")


@pytest.mark.parametrize("body", ["", "{", "<html>", "\x00", "[" * 200_000])
async def test_invalid_json_raises_unavailable(
    service: HttpService, loopback: Loopback, body: str
) -> None:
    loopback.text("/a", body)
    with pytest.raises(Unavailable, match="JSON"):
        await service.get("track", "/a")


async def test_too_long_body_raises_unavailable(service: HttpService, loopback: Loopback) -> None:
    loopback.text("/a", '"' + "x" * MAX_BODY_BYTES + '"')
    with pytest.raises(Unavailable):
        await service.get("track", "/a")


async def test_hanging_service_times_out(service: HttpService, loopback: Loopback) -> None:
    release = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    loopback.answer("/a", hang)
    with pytest.raises(Unavailable, match="Timeout"):
        await service.get("track", "/a")
    release.set()


async def test_slow_body_times_out(service: HttpService, loopback: Loopback) -> None:
    release = asyncio.Event()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"[")
        await release.wait()
        return response

    loopback.answer("/a", trickle)
    with pytest.raises(Unavailable):
        await service.get("track", "/a")
    release.set()


async def test_refused_connection_raises_unavailable(session: aiohttp.ClientSession) -> None:
    with pytest.raises(Unavailable, match="Connector"):
        await HttpService("x", "http://127.0.0.1:1", session).get("track", "/a")


async def test_search_text_is_not_in_errors_and_logs(
    service: HttpService, loopback: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    release = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    loopback.answer("/a", hang)
    for unavailable in (service, HttpService("y", "http://127.0.0.1:1", service._session)):
        with caplog.at_level("DEBUG"), pytest.raises(Unavailable) as raised:
            await unavailable.get("track", "/a", q="private words")
        assert "private" not in str(raised.value)
    release.set()
    assert "private" not in caplog.text


async def test_aborted_connection_raises_unavailable(
    service: HttpService, loopback: Loopback
) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"a": ')
        assert request.transport is not None
        request.transport.abort()
        return response

    loopback.answer("/a", cut)
    with pytest.raises(Unavailable):
        await service.get("track", "/a")


async def test_no_request_is_sent_until_retry_after_has_passed(
    service: HttpService, loopback: Loopback, clock: ManualClock
) -> None:
    loopback.json("/a", {}, status=429, headers={"Retry-After": "60"})
    with pytest.raises(Unavailable) as raised:
        await service.get("track", "/a")
    assert raised.value.retry_after == 60
    loopback.json("/a", {"available": True})
    clock.now += 59
    with pytest.raises(Unavailable) as raised:
        await service.get("track", "/a")
    assert raised.value.retry_after == pytest.approx(1)
    assert loopback.asked("/a") == 1
    clock.now += 1
    assert await service.get("track", "/a") == {"available": True}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("-5", 0),
        ("7", 7),
        ("1.5", 1.5),
        ("86400", MAX_RETRY_AFTER),
        ("1e99", MAX_RETRY_AFTER),
        ("inf", MAX_RETRY_AFTER),
    ],
)
def test_retry_after_is_bounded(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_retry_after_can_be_a_date() -> None:
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    seconds = retry_after(in_a_minute)
    assert seconds is not None
    assert 57 <= seconds <= 60
