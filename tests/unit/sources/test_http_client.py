"""Asking a service: whatever it does, an answer or a typed error comes back in bounded time."""

import asyncio
import time
from email.utils import formatdate

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Forbidden, Unavailable
from bot.sources.http_client import (
    DEFAULT_RETRY_AFTER,
    MAX_BODY_BYTES,
    MAX_RETRY_AFTER,
    HttpService,
    retry_after,
)
from tests.support.loopback import Loopback

FAST = aiohttp.ClientTimeout(total=0.2)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(loopback: Loopback, session: aiohttp.ClientSession, clock: Clock) -> HttpService:
    return HttpService("x", loopback.url, session, FAST, clock)


async def test_json_comes_back(service: HttpService, loopback: Loopback) -> None:
    loopback.json("/a", {"b": 1})
    assert await service.get("/a", q="c d") == {"b": 1}
    assert loopback.requests[0].query["q"] == "c d"


@pytest.mark.parametrize("status", [400, 404, 410, 422])
async def test_what_a_service_does_not_know_is_none(
    service: HttpService, loopback: Loopback, status: int
) -> None:
    loopback.json("/a", {}, status=status)
    assert await service.get("/a") is None


@pytest.mark.parametrize("status", [401, 403])
async def test_being_shut_out_is_told_apart(
    service: HttpService, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "Active premium subscription required", status=status)
    with pytest.raises(Forbidden):
        await service.get("/a")


@pytest.mark.parametrize("status", [301, 418, 500, 502, 503])
async def test_any_other_status_is_unavailable(
    service: HttpService, loopback: Loopback, status: int
) -> None:
    loopback.text("/a", "oops", status=status, headers={"Location": "/b"})
    loopback.json("/b", {"followed": True})
    with pytest.raises(Unavailable, match=str(status)):
        await service.get("/a")


@pytest.mark.parametrize("body", ["", "{", "<html>", "\x00", "[" * 200_000])
async def test_what_is_no_json_is_unavailable(
    service: HttpService, loopback: Loopback, body: str
) -> None:
    loopback.text("/a", body)
    with pytest.raises(Unavailable, match="JSON"):
        await service.get("/a")


async def test_a_body_without_end_is_cut(service: HttpService, loopback: Loopback) -> None:
    loopback.text("/a", '"' + "x" * MAX_BODY_BYTES + '"')
    with pytest.raises(Unavailable):
        await service.get("/a")


async def test_a_service_that_never_answers_costs_bounded_time(
    service: HttpService, loopback: Loopback
) -> None:
    hang_up = asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        await hang_up.wait()
        return web.Response()

    loopback.answer("/a", never)
    with pytest.raises(Unavailable, match="Timeout"):
        await service.get("/a")
    hang_up.set()


async def test_a_trickle_of_bytes_does_not_stretch_the_time(
    service: HttpService, loopback: Loopback
) -> None:
    hang_up = asyncio.Event()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"[")
        await hang_up.wait()
        return response

    loopback.answer("/a", trickle)
    with pytest.raises(Unavailable):
        await service.get("/a")
    hang_up.set()


async def test_nobody_there_is_unavailable(session: aiohttp.ClientSession) -> None:
    with pytest.raises(Unavailable, match="Connector"):
        await HttpService("x", "http://127.0.0.1:1", session, FAST).get("/a")


async def test_what_was_searched_for_stays_out_of_errors_and_logs(
    service: HttpService, loopback: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    hang_up = asyncio.Event()

    async def never(_: web.Request) -> web.Response:
        await hang_up.wait()
        return web.Response()

    loopback.answer("/a", never)
    for away in (service, HttpService("y", "http://127.0.0.1:1", service._session, FAST)):
        with caplog.at_level("DEBUG"), pytest.raises(Unavailable) as raised:
            await away.get("/a", q="private words")
        assert "private" not in str(raised.value)
    hang_up.set()
    assert "private" not in caplog.text


async def test_a_connection_cut_in_the_middle_is_unavailable(
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
        await service.get("/a")


async def test_after_a_429_nothing_is_asked_until_its_pause_is_over(
    service: HttpService, loopback: Loopback, clock: Clock
) -> None:
    loopback.json("/a", {}, status=429, headers={"Retry-After": "60"})
    with pytest.raises(Unavailable) as raised:
        await service.get("/a")
    assert raised.value.retry_after == 60
    loopback.json("/a", {"back": True})
    clock.seconds += 59
    with pytest.raises(Unavailable) as raised:
        await service.get("/a")
    assert raised.value.retry_after == pytest.approx(1)
    assert loopback.asked("/a") == 1
    clock.seconds += 1
    assert await service.get("/a") == {"back": True}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, DEFAULT_RETRY_AFTER),
        ("", DEFAULT_RETRY_AFTER),
        ("soon", DEFAULT_RETRY_AFTER),
        ("nan", DEFAULT_RETRY_AFTER),
        ("-5", 0),
        ("7", 7),
        ("1.5", 1.5),
        ("86400", MAX_RETRY_AFTER),
        ("1e99", MAX_RETRY_AFTER),
        ("inf", MAX_RETRY_AFTER),
    ],
)
def test_retry_after_is_read_within_a_day(header: str | None, seconds: float) -> None:
    assert retry_after(header) == seconds


def test_retry_after_may_be_a_date() -> None:
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    assert 57 <= retry_after(in_a_minute) <= 60
