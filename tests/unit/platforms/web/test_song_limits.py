"""Limits of the pages of songs, on a page for everyone: only what costs something is counted."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.web import events
from bot.platforms.web.limits import CAPACITIES, LIMITS, Limit, Limits, Rate
from bot.platforms.web.site import Site
from tests.support.factories import HEROES, OLD_TOWN_ROAD
from tests.support.fake_app import FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.song_pages import UNKNOWN, app

__all__ = ["app"]

OTHERS = {kind: Rate(1000, 60) for kind in Limit}


@pytest.fixture
async def public(app: FakeApp) -> AsyncIterator[Client]:
    """Return a client of a page for everyone, which may ask for two new songs and one picture."""
    application = events.build(app.services, Site(is_public=True))
    rates = {**OTHERS, Limit.SONG: Rate(2, 60), Limit.PICTURE: Rate(1, 60)}
    application[LIMITS] = Limits(lambda: 0.0, rates, CAPACITIES)
    async with TestClient(TestServer(application)) as client:
        yield client


async def status(client: Client, path: str, tag: str = "") -> int:
    headers = {"If-None-Match": tag} if tag else {}
    async with client.get(path, headers=headers) as response:
        if response.status == 429:
            assert int(response.headers["Retry-After"]) > 0
        return response.status


async def test_new_songs_are_counted_and_those_in_memory_are_not(public: Client) -> None:
    first, unknown = f"/song/{OLD_TOWN_ROAD}", f"/song/{UNKNOWN}"
    assert [await status(public, path) for path in (first, unknown)] == [200, 404]
    for path in (f"/song/{HEROES}", f"/song/{HEROES}.json", f"/api/ballot?song={HEROES}"):
        assert await status(public, path) == 429
    for path in (first, f"{first}.json", f"/api/ballot?song={OLD_TOWN_ROAD}", unknown, "/song/x"):
        assert await status(public, path) in (200, 404)


async def test_pictures_that_are_drawn_are_counted_and_kept_ones_are_not(public: Client) -> None:
    picture, chart = (f"/song/{OLD_TOWN_ROAD}/{name}.png" for name in ("card", "chart"))
    async with public.get(picture) as response:
        assert response.status == 200
        tag = response.headers["ETag"]
    assert await status(public, chart) == 429
    assert await status(public, picture) == 200
    assert await status(public, picture, tag) == 304
