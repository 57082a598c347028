"""On the page for everyone, nobody takes what others need, or pays for what costs nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from html import unescape

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.what_if import Correction, CorrectionKind
from bot.platforms.web import events, limits
from bot.platforms.web.limits import (
    CAPACITIES,
    RATES,
    Busy,
    Capacity,
    Limit,
    Limits,
    Rate,
    Share,
)
from bot.platforms.web.site import Site
from bot.texts import http, public_page
from bot.texts import what_if as words
from tests.support.factories import HEROES, OLD_TOWN_ROAD
from tests.support.fake_app import LINK, FakeApp
from tests.support.virtual_time import in_virtual_time
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.public import SITE, serving, status, visit
from tests.unit.platforms.web.requests import ID

FULL = Limits(capacities=dict.fromkeys(Share, Capacity(1, 0, 1)))
"""Limits with one place of each kind."""

CHART = f"/compare/chart.png?a={OLD_TOWN_ROAD}&b={HEROES}"


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


def strict(kind: Limit, number: int = 1) -> Limits:
    """Return limits of which one is strict."""
    return Limits(lambda: 0.0, {**dict.fromkeys(RATES, Rate(1000, 1)), kind: Rate(number, 60)})


@pytest.fixture
async def full(app: FakeApp) -> AsyncIterator[Client]:
    """Return a client of a page on which somebody has the one place for questions."""
    async with serving(app.services, SITE, FULL) as client, FULL.share(Share.QUESTION):
        yield client


@pytest.mark.parametrize("share", [Share.QUESTION, Share.SUGGESTION])
@in_virtual_time
async def test_one_address_cannot_have_all_places(share: Share) -> None:
    everyone, (at_once, _, seconds, of_address) = Limits(), CAPACITIES[share]
    assert of_address is not None
    assert of_address < at_once
    async with AsyncExitStack() as stack:
        for _ in range(of_address):
            await stack.enter_async_context(everyone.share(share, "2001:db8::1"))
        with pytest.raises(Busy):
            await stack.enter_async_context(everyone.share(share, "2001:db8::2"))
        assert asyncio.get_running_loop().time() == seconds
        await stack.enter_async_context(everyone.share(share, "203.0.113.8"))
        assert asyncio.get_running_loop().time() == seconds


@pytest.mark.parametrize("path", ["/whatif?energy=0.5", "/api/whatif?energy=0.5"])
async def test_predictions_have_a_share_of_their_own(app: FakeApp, path: str) -> None:
    async with serving(app.services, SITE, FULL) as client:
        async with FULL.share(Share.WHAT_IF), client.get(path, headers=visit()) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
            assert public_page.BUSY in await response.text()
        assert await status(client, path, visit()) == 200


@pytest.mark.parametrize(
    "path", ["/whatif?song=", "/api/whatif?song=", "/api/ballot?song=", "/song/"]
)
async def test_songs_are_looked_up_in_the_share_of_questions(full: Client, path: str) -> None:
    assert await status(full, f"{path}{HEROES}", visit()) == 503


async def vote(client: Client, song: str) -> int:
    body = {"song": song, "kind": "right", "added": True, "genre": None}
    async with client.post("/api/votes", json=body, headers=visit()) as response:
        return response.status


async def test_vote_on_a_song_looks_it_up_as_its_page_does(app: FakeApp, full: Client) -> None:
    assert await vote(full, HEROES) == 503
    assert app.features.asked == 0
    async with serving(app.services, SITE, strict(Limit.SONG)) as client:
        assert [await vote(client, song) for song in (HEROES, HEROES, OLD_TOWN_ROAD)] == [
            200,
            200,
            429,
        ]


async def test_sliders_use_up_nothing_but_their_own_limit(app: FakeApp) -> None:
    async with serving(app.services, SITE, strict(Limit.OTHER)) as client:
        for _ in range(3):
            assert await status(client, "/api/whatif?energy=0.5", visit()) == 200
        assert await status(client, "/whatif", visit()) == 200
        assert await status(client, "/whatif", visit()) == 429


async def ask(client: Client, visitor: int) -> int:
    """Return the number of the card that answers a link."""
    body = {"id": f"{ID}-{visitor}", "text": LINK}
    async with client.post("/api/messages", json=body, headers=visit(visitor)) as response:
        card: int = (await response.json())["replies"][0]["id"]
        return card


async def test_charts_in_memory_do_not_count(app: FakeApp) -> None:
    async with serving(app.services, SITE, strict(Limit.PICTURE)) as client:
        for visitor in (7, 7, 8):
            chart = f"/charts/{await ask(client, visitor)}.png"
            for _ in range(2):
                assert await status(client, chart, visit(visitor)) == 200
        assert await status(client, f"{chart}?theme=dark", visit(8)) == 200
        assert await status(client, f"/cards/{await ask(client, 8)}.png", visit(8)) == 429


@pytest.mark.parametrize("path", [CHART, f"/song/{OLD_TOWN_ROAD}/chart.png"])
async def test_chart_that_a_browser_has_is_neither_counted_nor_drawn(
    app: FakeApp, path: str
) -> None:
    one_picture = Limits(
        lambda: 0.0, {**RATES, Limit.PICTURE: Rate(1, 60)}, dict.fromkeys(Share, Capacity(1, 0, 1))
    )
    async with serving(app.services, SITE, one_picture) as client:
        async with client.get(path, headers=visit()) as response:
            assert response.status == 200
            tag = response.headers["ETag"]
        app.renderer.broken = True
        async with one_picture.share(Share.PICTURE):
            assert await status(client, path, visit(If_None_Match=tag)) == 304
            assert await status(client, path, visit()) == 200


async def test_file_of_an_address_counts_for_it(app: FakeApp) -> None:
    seen: list[str | None] = []

    async def whose(request: web.Request) -> web.Response:
        seen.append(limits.sender(request))
        return web.Response()

    for site in (SITE, Site()):
        application = events.build(app.services, site)
        application.router.add_get("/api/whose", whose)
        async with TestClient(TestServer(application)) as client:
            headers = {"Host": "localhost", "X-Forwarded-For": "2001:db8::7"}
            assert await status(client, "/api/whose", headers) == 200
    assert seen == ["2001:db8::/64", None]


SONG = f"song={HEROES}"


@pytest.mark.parametrize("away", [True, False])
async def test_song_that_cannot_be_looked_up_now_is_not_said_to_be_unknown(
    app: FakeApp, *, away: bool
) -> None:
    app.features.away = away
    async with serving(app.services) as client:
        async with client.get(f"/whatif?energy=0.25&{SONG}", headers=visit()) as response:
            assert response.status == (503 if away else 200)
            assert response.headers.get("Retry-After") == ("90" if away else None)
            kept = response.headers["Cache-Control"]
            assert kept == ("no-store" if away else "public, max-age=60")
            page = unescape(await response.text())
        async with client.get(f"/api/whatif?energy=0.25&{SONG}", headers=visit()) as response:
            assert response.status == 200
            address = (await response.json())["address"]
    said = words.correction(Correction(CorrectionKind.NOT_NOW))
    assert (said in page) is away
    assert words.correction(Correction(CorrectionKind.NO_SONG)) not in page
    # The link and the sliders keep the song for later.
    assert address.endswith(SONG)
    assert f'name="song" value="{HEROES}"' in page
    assert (f'href="/song/{HEROES}"' in page) is not away


async def test_sliders_go_on_while_the_song_cannot_be_looked_up(app: FakeApp) -> None:
    app.features.away = True
    async with serving(app.services, SITE, strict(Limit.SONG)) as client:
        for number in range(5):
            path = f"/api/whatif?energy=0.{number}&{SONG}"
            assert await status(client, path, visit()) == 200
    assert app.features.asked == 1


@pytest.mark.parametrize(
    "path",
    [
        f"/song/{HEROES}",
        f"/whatif?{SONG}",
        CHART,
        f"/compare?a={HEROES}",
        "/search?q=heroes",
        f"/api/ballot?song={HEROES}",
    ],
)
async def test_log_does_not_name_what_was_asked_for(
    app: FakeApp, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.INFO, "bot")
    app.features.away = app.lookup.away = True
    async with serving(app.services) as client:
        await status(client, path, visit())
        assert await vote(client, HEROES) == 409
        body = {"id": ID, "text": f"https://open.spotify.com/track/{HEROES}"}
        async with client.post("/api/messages", json=body, headers=visit()) as response:
            assert response.status == 200
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("bot.")]
    assert ours
    assert not [line for line in ours if HEROES in line or "heroes" in line.lower() or ID in line]


async def test_method_that_an_address_does_not_have_is_said(app: FakeApp) -> None:
    async with (
        serving(app.services) as client,
        client.delete("/api/votes", headers=visit()) as response,
    ):
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert (await response.json())["notice"]["text"] == http.METHOD
