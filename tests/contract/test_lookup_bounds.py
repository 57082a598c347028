"""Bounds of TrackLookup: whatever a service sends, a track has names of bounded length."""

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import pytest

from bot.domain.errors import Unavailable
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import TrackLookup
from bot.domain.tracks import MAX_ARTISTS, MAX_TITLE_LENGTH, Track
from bot.sources.http_client import MAX_BODY_BYTES, HttpService
from bot.sources.names import MAX_ADDRESS_LENGTH
from bot.sources.oembed import OEmbedLookup
from bot.sources.reccobeats import ReccoBeatsLookup
from bot.sources.spotify.lookup import SpotifyLookup
from bot.sources.spotify.session import SpotifySession
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.loopback import Loopback

LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
LONG = "x" * 900_000


def many(artists: int) -> list[dict[str, str]]:
    return [{"name": f"{number} {'y' * 900}"} for number in range(artists)]


TOKEN = {"access_token": "a", "token_type": "Bearer", "expires_in": 3600}


def oembed(
    server: Loopback, session: aiohttp.ClientSession, title: str, artists: int
) -> TrackLookup:
    del artists
    server.json("/oembed", {"title": title, "thumbnail_url": f"https://{'a' * MAX_ADDRESS_LENGTH}"})
    return OEmbedLookup(HttpService("oembed", server.url, session))


def reccobeats(
    server: Loopback, session: aiohttp.ClientSession, title: str, artists: int
) -> TrackLookup:
    row = {"href": LINK, "trackTitle": title, "artists": many(artists),
           "isrc": "z" * 900}  # fmt: skip
    server.json("/v1/track", {"content": [row]})
    server.json("/v1/track/search", {"content": [row] * (1 if len(title) > 900 else 100)})
    return ReccoBeatsLookup(HttpService("reccobeats", server.url, session))


def spotify(
    server: Loopback, session: aiohttp.ClientSession, title: str, artists: int
) -> SpotifyLookup:
    row = {"id": OLD_TOWN_ROAD, "name": title, "artists": many(artists),
           "album": {"images": [{"url": f"https://{'a' * MAX_ADDRESS_LENGTH}"}]},
           "external_ids": {"isrc": "z" * 900}}  # fmt: skip
    server.json("/token", TOKEN)
    server.json(f"/v1/tracks/{OLD_TOWN_ROAD}", row)
    server.json("/v1/search", {"tracks": {"items": [row] * (1 if len(title) > 900 else 100)}})
    url = server.url
    opened = SpotifySession("id", "secret", session, api=f"{url}/v1/", token_url=f"{url}/token")
    return SpotifyLookup(opened, "US")


LOOKUPS: Mapping[str, Callable[[Loopback, aiohttp.ClientSession, str, int], TrackLookup]] = {
    "oembed": oembed,
    "reccobeats": reccobeats,
    "spotify": spotify,
}


@pytest.fixture(params=LOOKUPS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_names_are_shortened_and_endless_identifiers_left_out(
    kind: str, loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    found = await LOOKUPS[kind](loopback, session, LONG, 70).get(Track(OLD_TOWN_ROAD))
    assert found is not None
    assert len(found.title) == MAX_TITLE_LENGTH
    assert len(found.artists) == (0 if kind == "oembed" else MAX_ARTISTS)
    assert all(len(name) == MAX_TITLE_LENGTH for name in found.artists)
    assert (found.isrc, found.image) == (None, None)


@pytest.mark.parametrize(("kind", "limit"), [("reccobeats", 25), ("spotify", 10)])
async def test_no_more_matches_are_read_than_were_requested(
    kind: str, limit: int, loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    search = LOOKUPS[kind](loopback, session, "short", 1)
    assert isinstance(search, ReccoBeatsLookup | SpotifyLookup)
    assert len(await search.search(SongQuery("old town road"))) == limit


async def test_a_reply_that_is_too_long_is_not_read_whole(
    kind: str, loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    lookup = LOOKUPS[kind](loopback, session, "x" * MAX_BODY_BYTES, 1)
    with pytest.raises(Unavailable):
        await lookup.get(Track(OLD_TOWN_ROAD))


async def test_an_endless_spotify_id_is_malformed(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    lookup = spotify(loopback, session, "short", 1)
    row: dict[str, Any] = {"id": "a" * 900, "name": "x", "artists": []}
    loopback.json("/v1/search", {"tracks": {"items": [row]}})
    with pytest.raises(Unavailable):
        await lookup.search(SongQuery("x"))
