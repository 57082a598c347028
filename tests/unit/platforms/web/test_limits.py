"""Limits of the page for everyone: for each address, and for all strangers together."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.domain.cards import Card
from bot.domain.places import Message, Place
from bot.domain.tracks import Track
from bot.platforms.http.refusals import REFUSALS, Refusals, Refused
from bot.platforms.web import limits
from bot.platforms.web.limits import (
    CAPACITIES,
    LIMITS,
    RATES,
    Busy,
    Capacity,
    Limit,
    Limits,
    Rate,
    Share,
)
from bot.platforms.web.site import SITE as SITE_KEY
from bot.services.job_scheduler import MAX_CONCURRENT_OF_WORKSPACE
from bot.texts import public_page
from tests.support.fake_app import LINK, FakeApp
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.public import SITE, serving, status, visit
from tests.unit.platforms.web.requests import ID

DISCORD = Place("discord", "1", "2")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def few(number: int = 2, seconds: float = 60) -> dict[Limit, Rate]:
    """Return rates of a few requests of each kind, and of many in all."""
    return dict.fromkeys(Limit, Rate(number, seconds)) | {Limit.OTHER: Rate(1000, 1)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def public(fake: FakeServices, clock: Clock) -> AsyncIterator[Client]:
    async with serving(fake.services, SITE, Limits(clock, few())) as running:
        yield running


async def ask(client: Client, visitor: int = 7, number: int = 0) -> int:
    body = {"id": f"{ID}-{visitor}-{number}", "text": "heroes"}
    async with client.post("/api/messages", json=body, headers=visit(visitor)) as response:
        return response.status


def test_every_kind_has_a_rate_and_every_share_a_capacity() -> None:
    assert set(RATES) == set(Limit)
    assert set(CAPACITIES) == set(Share)
    assert CAPACITIES[Share.QUESTION].at_once <= MAX_CONCURRENT_OF_WORKSPACE


async def test_address_past_its_limit_gets_a_sentence_and_a_time(
    public: Client, clock: Clock
) -> None:
    assert [await ask(public, number=number) for number in range(2)] == [200, 200]
    clock.now += 47.5
    body = {"id": ID, "text": "heroes"}
    async with public.post("/api/messages", json=body, headers=visit()) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "13")
        notice = (await response.json())["notice"]
    assert notice["text"] == public_page.too_fast(12.5)
    assert "13 seconds" in notice["text"]
    assert await ask(public, visitor=8) == 200
    clock.now += 12.5
    assert await ask(public) == 200


async def test_spoofed_addresses_do_not_get_past_the_limit(public: Client) -> None:
    found = []
    for number in range(3):
        headers = visit(X_Forwarded_For=f"198.51.100.{number}, 203.0.113.7")
        body = {"id": f"{ID}-{number}", "text": "heroes"}
        async with public.post("/api/messages", json=body, headers=headers) as response:
            found.append(response.status)
    assert found == [200, 200, 429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_addresses_of_one_ipv6_network_count_together(address: str, counted: str) -> None:
    assert limits.counted_as(address) == counted


async def test_each_kind_is_counted_on_its_own(public: Client) -> None:
    for theme in ("light", "dark"):
        assert await status(public, f"/cards/1.png?theme={theme}", visit()) == 404
    assert await status(public, "/cards/1.png", visit()) == 429
    assert await ask(public) == 200


async def test_pictures_are_counted_and_refused_in_plain_text(public: Client) -> None:
    assert await ask(public) == 200
    paths = [f"/cards/1.{format_}" for format_ in ("png", "svg", "pdf")]
    assert [await status(public, path, visit()) for path in paths[:2]] == [200, 200]
    async with public.get(paths[2], headers=visit()) as response:
        assert (response.status, response.content_type) == (429, "text/plain")
        assert await response.text() == f"{public_page.too_fast(60)}\n"


async def test_votes_and_files_are_counted(public: Client) -> None:
    for path, body in (("/api/votes", b"{}"), ("/api/sounds", b"")):
        found = []
        for _ in range(3):
            async with public.post(path, data=body, headers=visit()) as response:
                found.append(response.status)
        assert found[-1] == 429
        assert response.headers["Connection"] == "close"  # the body was not read
        assert 429 not in found[:-1]


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html"),
        ("/song/spotify-2YpeDb67231RjR0MgVLzsG", "text/html"),
        ("/search?q=heroes", "text/html"),
        ("/api/history", "application/json"),
        ("/song/spotify-2YpeDb67231RjR0MgVLzsG.json", "application/json"),
        ("/oembed?url=x", "application/json"),
        ("/song/spotify-2YpeDb67231RjR0MgVLzsG/card.png", "text/plain"),
    ],
)
async def test_any_request_past_the_limit_is_refused_as_what_it_asks_for(
    fake: FakeServices, clock: Clock, path: str, content_type: str
) -> None:
    rates = {**RATES, Limit.OTHER: Rate(1, 10)}
    async with serving(fake.services, SITE, Limits(clock, rates)) as client:
        assert await status(client, path, visit()) != 429
        async with client.get(path, headers=visit(), allow_redirects=False) as response:
            assert (response.status, response.content_type) == (429, content_type)
            assert response.headers["Retry-After"] == "10"
            assert response.headers["Cache-Control"] == "no-store"
            assert public_page.too_fast(10) in await response.text()
        assert await status(client, path, visit(8)) != 429
        for free in ("/healthz", "/static/1/page.js"):
            assert await status(client, free, visit()) in (200, 302)


async def test_page_for_this_computer_has_no_limits(client: Client) -> None:
    for number in range(RATES[Limit.MESSAGE].number + 1):
        body = {"id": f"{ID}-{number}", "text": "heroes"}
        async with client.post("/api/messages", json=body) as response:
            assert response.status == 200
    for _ in range(RATES[Limit.OTHER].number + 1):
        assert await status(client, "/healthz", {}) == 200


async def test_refusals_are_counted_in_one_line_of_the_log(
    public: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert public.app is not None
    refusals = Refusals("Web")
    public.app._state[REFUSALS] = refusals
    for number in range(5):
        await ask(public, number=number)
    refusals.report(final=True)
    assert "3 times: That was a lot at once. (message)" in caplog.text
    assert "203.0.113" not in caplog.text


class Asked(dict[object, object]):
    """What the limits read of a request."""

    def __init__(self, peer: str, *headers: str) -> None:
        super().__init__()
        self.app: dict[object, object] = {SITE_KEY: SITE, LIMITS: Limits()}
        self.remote = peer
        self.headers = CIMultiDict(dict.fromkeys(headers, "for=203.0.113.7"))
        self.transport = None


@pytest.mark.parametrize(
    ("peer", "header", "lines"),
    [
        ("10.0.0.1", "Forwarded", 1),
        ("10.0.0.1", "X-Forwarded-For", 1),
        ("100.64.0.1", "X-Forwarded-For", 1),  # of a platform's network
        ("127.0.0.1", "X-Forwarded-For", 0),  # trusted
        ("8.8.8.8", "X-Forwarded-For", 0),  # a stranger
        ("10.0.0.1", "Accept", 0),
    ],
)
def test_proxy_that_is_not_trusted_is_named_once(
    caplog: pytest.LogCaptureFixture, peer: str, header: str, lines: int
) -> None:
    request = cast(web.Request, Asked(peer, header))  # noqa: TC006 - used at run time
    warned = Limits()
    for _ in range(2):
        warned.warn_of_proxy(request)
    assert [one.message for one in caplog.records] == [public_page.unknown_proxy(peer)] * lines


async def test_every_request_tells_whether_the_proxy_is_known(
    fake: FakeServices, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(fake.services, replace(SITE, proxies=())) as client:
        assert await status(client, "/api/history", visit()) == 200
    assert public_page.unknown_proxy("127.0.0.1") in caplog.text


class NarrowService:
    """A lookup that many share: it has 16 places, and strangers' songs keep theirs for a while."""

    def __init__(self, app: FakeApp) -> None:
        self.places = asyncio.Semaphore(16)
        self.strangers = 0
        self.may_end = asyncio.Event()
        self._get = app.lookup.get
        app.lookup.get = self.get  # type: ignore[method-assign]

    async def get(self, known: Track) -> Track | None:
        async with self.places:
            found = await self._get(known)
            if found is None and not self.may_end.is_set():
                self.strangers += 1
                await self.may_end.wait()
            return found


async def test_flooded_page_leaves_the_others_their_places() -> None:
    app = FakeApp()
    service, at_once = NarrowService(app), CAPACITIES[Share.QUESTION].at_once
    async with serving(app.services) as client:
        flood = [asyncio.create_task(post_link(client, number)) for number in range(40)]
        while client.server.app[LIMITS].waiting(Share.QUESTION) < 40 - at_once:  # type: ignore[attr-defined]
            await status(client, "/healthz", visit())
        async with asyncio.timeout(10):
            question = Message(DISCORD, "1", "someone", LINK)
            (reply,) = await app.services.ask.answer_message(question)
        assert isinstance(reply, Card)
        assert service.strangers == at_once
        service.may_end.set()
        assert await asyncio.gather(*flood) == [200] * 40


async def post_link(client: Client, number: int) -> int:
    # A song each, as equal questions share an answer.
    link = f"https://open.spotify.com/track/{number:022}"
    body = {"id": f"{ID}-{number}", "text": link}
    async with client.post("/api/messages", json=body, headers=visit(number)) as response:
        return response.status


async def test_question_that_finds_no_place_may_be_sent_again(fake: FakeServices) -> None:
    fake.ask.gate.clear()
    strict = Limits(capacities=dict.fromkeys(Share, Capacity(1, 0, 1)))
    async with serving(fake.services, SITE, strict) as client:
        first = asyncio.create_task(ask(client, 1))
        await fake.ask.arrived.wait()
        body = {"id": f"{ID}-2", "text": "heroes"}
        async with client.post("/api/messages", json=body, headers=visit(2)) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
            assert (await response.json())["notice"]["text"] == public_page.BUSY
        fake.ask.gate.set()
        assert await first == 200
        assert await ask(client, 2) == 200


async def test_question_whose_asker_has_gone_is_not_worked_on() -> None:
    request = cast("web.Request", Asked("203.0.113.7"))
    with pytest.raises(Refused):
        async with limits.share(request, Share.QUESTION):
            pytest.fail("it is worked on")


async def test_few_pictures_are_drawn_at_once() -> None:
    drawn = Limits(capacities={**CAPACITIES, Share.PICTURE: Capacity(1, 0, 1)})
    async with drawn.share(Share.PICTURE):
        with pytest.raises(Busy, match="too_many"):
            async with drawn.share(Share.PICTURE):
                pass
    async with drawn.share(Share.PICTURE), drawn.share(Share.QUESTION):
        pass
