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
from tests.support.virtual_time import in_virtual_time

FAST = aiohttp.ClientTimeout(total=1.5)


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


async def test_headers_name_the_bot_and_what_the_call_adds(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    loopback.json("/a", {})
    agent = "Soundslike/1 ( me@example.org )"
    service = HttpService("x", f"{loopback.url}/", session, user_agent=agent)
    await service.get("track", "/a", headers={"Authorization": "Discogs token=t"})
    headers = loopback.requests[0].headers
    assert headers["User-Agent"] == agent
    assert headers["Accept"] == "application/json"
    assert headers["Authorization"] == "Discogs token=t"


@pytest.mark.parametrize(
    ("status", "header", "pause"), [(429, None, 30), (503, "7", 7), (503, None, None)]
)
async def test_pause_that_a_status_demands_holds_for_all_endpoints(
    service: HttpService, loopback: Loopback, status: int, header: str | None, pause: float | None
) -> None:
    loopback.json("/a", {}, status=status, headers={"Retry-After": header} if header else None)
    with pytest.raises(Unavailable) as raised:
        await service.get("track", "/a")
    assert raised.value.retry_after == pause
    loopback.json("/b", {"b": 1})
    if pause is None:
        assert await service.get("search", "/b") == {"b": 1}
    else:
        with pytest.raises(Unavailable):
            await service.get("search", "/b")
        assert loopback.asked("/b") == 0


@in_virtual_time
async def test_requests_are_held_when_the_service_says_that_none_is_left() -> None:
    now = asyncio.get_running_loop().time
    service = HttpService("x", "", None, guard=SourceGuard("x", clock=now))  # type: ignore[arg-type]
    service._obey_limits({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset-In": "9"})
    async with service._guard.call("track"):
        assert now() == 0
    service._obey_limits({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "2"})
    async with service._guard.call("track"):
        assert now() == 2


async def test_rejection_inside_a_reply_is_returned_and_counts(
    service: HttpService, loopback: Loopback
) -> None:
    loopback.json("/a", {"error": {"code": 4}})
    await service.get("track", "/a")
    error = service.rejected("track", "quota limit exceeded", retry_after=5)
    assert (error.reason, error.retry_after) == ("quota limit exceeded", 5)
    with pytest.raises(Unavailable):
        await service.get("search", "/a")


async def test_unexpected_replies_stop_the_endpoint_that_the_task_asked(
    service: HttpService, loopback: Loopback
) -> None:
    loopback.json("/a", {"a": 1})

    async def ask_other() -> None:
        await service.get("search", "/a")

    for _ in range(3):
        await service.get("track", "/a")
        await asyncio.create_task(ask_other())
        service.malformed("no title")
    with pytest.raises(Unavailable):
        await service.get("track", "/a")
    await service.get("search", "/a")


async def test_service_that_refuses_its_caller_is_switched_off(
    service: HttpService, loopback: Loopback
) -> None:
    error = service.refused("LASTFM_API_KEY is refused")
    assert isinstance(error, Forbidden)
    with pytest.raises(Forbidden):
        await service.get("track", "/a")
    assert loopback.requests == []
