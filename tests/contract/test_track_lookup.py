"""Contract of TrackLookup: the adapters against a loopback server, and the fake."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from jsonschema import Draft202012Validator

from bot.domain.errors import Unavailable
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import TrackLookup, TrackSearch
from bot.domain.tracks import AudioFeatures, Track
from bot.sources.embedded_songs import EmbeddedSong, EmbeddedSongs
from bot.sources.http_client import HttpService
from bot.sources.oembed import OEmbedLookup
from bot.sources.reccobeats import ReccoBeatsLookup
from bot.sources.spotify.lookup import SpotifyLookup
from bot.sources.spotify.session import SpotifySession
from tests.support.factories import OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeLookup
from tests.support.loopback import Loopback

UNKNOWN = "0" * 22
TITLE, ARTISTS = "Old Town Road - Remix", ["Lil Nas X", "Billy Ray Cyrus"]

RECCOBEATS_ROW = {
    "id": "8212bab8-0000-4000-8000-000000000001",
    "trackTitle": TITLE,
    "artists": [{"id": "a", "name": name, "href": "https://x"} for name in ARTISTS],
    "durationMs": 157067,
    "isrc": "USSM11904128",
    "href": f"https://open.spotify.com/track/{OLD_TOWN_ROAD}",
    "popularity": 69,
}
SPOTIFY_ROW = {
    "id": OLD_TOWN_ROAD,
    "name": TITLE,
    "artists": [{"name": name, "type": "artist"} for name in ARTISTS],
    "album": {
        "album_type": "single",
        "artists": [],
        "available_markets": [],
        "external_urls": {},
        "href": "https://api.spotify.com/v1/albums/4IRiXE5NROxknUSAUSjMoO",
        "id": "4IRiXE5NROxknUSAUSjMoO",
        "images": [{"url": "https://i.scdn.co/image/a", "height": 640, "width": 640}],
        "name": "7 EP",
        "release_date": "2019-06-21",
        "release_date_precision": "day",
        "total_tracks": 8,
        "type": "album",
        "uri": "spotify:album:4IRiXE5NROxknUSAUSjMoO",
    },
    "duration_ms": 157067,
    "external_ids": {"isrc": "USSM11904128"},
    "external_urls": {"spotify": f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"},
    "type": "track",
}


def serve_reccobeats(server: Loopback) -> None:
    async def tracks(request: web.Request) -> web.Response:
        # The service omits unknown ids and may add rows for other ids.
        known = RECCOBEATS_ROW if request.query["ids"] == OLD_TOWN_ROAD else None
        other = {**RECCOBEATS_ROW, "href": f"https://open.spotify.com/track/{'1' * 22}"}
        return web.json_response({"content": [other, known] if known else []})

    async def search(request: web.Request) -> web.Response:
        known = request.query["searchText"].lower() in TITLE.lower()
        return web.json_response({"content": [RECCOBEATS_ROW] if known else []})

    server.answer("/v1/track", tracks)
    server.answer("/v1/track/search", search)


def serve_spotify(server: Loopback) -> None:
    async def search(request: web.Request) -> web.Response:
        assert int(request.query["limit"]) <= 10
        known = request.query["q"].lower() in TITLE.lower()
        items = [None, SPOTIFY_ROW] if known else []
        return web.json_response({"tracks": {"items": items}})

    server.json("/token", {"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
    server.json(f"/v1/tracks/{OLD_TOWN_ROAD}", SPOTIFY_ROW)
    server.json(f"/v1/tracks/{UNKNOWN}", {"error": {"status": 404, "message": "no"}}, status=404)
    server.answer("/v1/search", search)


def serve_oembed(server: Loopback) -> None:
    async def oembed(request: web.Request) -> web.Response:
        if not request.query["url"].endswith(OLD_TOWN_ROAD):
            return web.Response(status=404)
        return web.json_response(
            {"title": TITLE, "thumbnail_url": "https://i.scdn.co/image/a", "type": "rich"}
        )

    server.answer("/oembed", oembed)


def spotify(url: str, session: aiohttp.ClientSession) -> SpotifySession:
    return SpotifySession("id", "secret", session, api=f"{url}/v1/", token_url=f"{url}/token")


Build = Callable[[str], TrackLookup]


@pytest.fixture(params=["fake", "sample", "reccobeats", "spotify", "oembed"])
async def lookup(
    request: pytest.FixtureRequest, loopback: Loopback, session: aiohttp.ClientSession
) -> AsyncIterator[TrackLookup]:
    for serve in (serve_reccobeats, serve_spotify, serve_oembed):
        serve(loopback)
    known = track(title=TITLE, artists=tuple(ARTISTS))
    match request.param:
        case "fake":
            yield FakeLookup(known)
        case "sample":
            yield EmbeddedSongs(
                [EmbeddedSong(known, AudioFeatures.from_source(VALUES, "sample"), "hip-hop")]
            )
        case "reccobeats":
            yield ReccoBeatsLookup(HttpService("reccobeats", loopback.url, session))
        case "spotify":
            yield SpotifyLookup(spotify(loopback.url, session), "US")
        case _:
            yield OEmbedLookup(HttpService("oembed", loopback.url, session))


async def test_known_id_returns_its_track(lookup: TrackLookup) -> None:
    found = await lookup.get(Track(OLD_TOWN_ROAD))
    assert found is not None
    assert (found.spotify_id, found.title) == (OLD_TOWN_ROAD, TITLE)
    assert found.url == f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
    assert list(found.artists) == ([] if isinstance(lookup, OEmbedLookup) else ARTISTS)


async def test_unknown_id_returns_none(lookup: TrackLookup) -> None:
    assert await lookup.get(Track(UNKNOWN)) is None


@pytest.fixture
def track_search(lookup: TrackLookup) -> TrackSearch:
    assert isinstance(lookup, FakeLookup | EmbeddedSongs | ReccoBeatsLookup | SpotifyLookup)
    return lookup


SEARCHES = pytest.mark.parametrize(
    "lookup", ["fake", "sample", "reccobeats", "spotify"], indirect=True
)


@SEARCHES
async def test_search_by_title_returns_tracks(track_search: TrackSearch) -> None:
    found = await track_search.search(SongQuery("old town road"))
    assert [t.title for t in found] == [TITLE]


@SEARCHES
async def test_search_without_a_match_is_empty(track_search: TrackSearch) -> None:
    assert list(await track_search.search(SongQuery("zzzz"))) == []


@pytest.fixture(params=["reccobeats", "spotify", "oembed"])
def build(request: pytest.FixtureRequest, session: aiohttp.ClientSession) -> Build:
    factories: dict[str, Build] = {
        "reccobeats": lambda url: ReccoBeatsLookup(HttpService("r", url, session)),
        "spotify": lambda url: SpotifyLookup(spotify(url, session), "US"),
        "oembed": lambda url: OEmbedLookup(HttpService("o", url, session)),
    }
    return factories[request.param]


PATHS = ("/v1/track", f"/v1/tracks/{OLD_TOWN_ROAD}", "/oembed")
TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}


SHAPES: list[Any] = [None, [], "x", 7, {}, {"content": 1}, {"content": [1]}, {"title": None}]


@pytest.mark.parametrize("body", [*SHAPES, {"id": OLD_TOWN_ROAD, "name": None}])
async def test_unexpected_json_raises_unavailable(
    build: Build, loopback: Loopback, body: Any
) -> None:
    loopback.json("/token", TOKEN)
    for path in PATHS:
        loopback.json(path, body)
    with pytest.raises(Unavailable, match="unexpected"):
        await build(loopback.url).get(Track(OLD_TOWN_ROAD))


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_error_status_raises_unavailable(
    build: Build, loopback: Loopback, status: int
) -> None:
    loopback.json("/token", TOKEN)
    for path in PATHS:
        loopback.text(path, "no", status=status, headers={"Retry-After": "86400"})
    with pytest.raises(Unavailable) as raised:
        await build(loopback.url).get(Track(OLD_TOWN_ROAD))
    demanded = pytest.approx(86400, abs=1) if status in (429, 503) else None
    assert raised.value.retry_after == demanded


async def test_refused_connection_raises_unavailable(build: Build) -> None:
    with pytest.raises(Unavailable):
        await build("http://127.0.0.1:1").get(Track(OLD_TOWN_ROAD))


async def test_row_without_title_and_artists_raises_unavailable(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    loopback.json("/v1/track", {"content": [{"href": RECCOBEATS_ROW["href"]}]})
    with pytest.raises(Unavailable, match="unexpected"):
        await ReccoBeatsLookup(HttpService("r", loopback.url, session)).get(Track(OLD_TOWN_ROAD))


@pytest.mark.parametrize(
    "invalid",
    [{"album": "x"}, {"album": {"images": ["u"]}}, {"album": {"images": {}}}, {"album": None},
     {"external_ids": ["a"]}, {"external_ids": None}, {"artists": [1, {"name": "Lil Nas X"}]}],
    ids=str,
)  # fmt: skip
async def test_invalid_optional_fields_of_a_spotify_track_are_omitted(
    loopback: Loopback, session: aiohttp.ClientSession, invalid: dict[str, Any]
) -> None:
    loopback.json("/token", TOKEN)
    loopback.json(PATHS[1], SPOTIFY_ROW | invalid)
    found = await SpotifyLookup(spotify(loopback.url, session), "US").get(Track(OLD_TOWN_ROAD))
    assert found is not None
    assert (found.title, found.year) == (TITLE, None), "Spotify's release date is not used"


@pytest.mark.parametrize("duration", [-5, 10**400, "long", None, True])
async def test_invalid_duration_is_omitted(
    loopback: Loopback, session: aiohttp.ClientSession, duration: object
) -> None:
    loopback.json("/v1/track", {"content": [RECCOBEATS_ROW | {"durationMs": duration}]})
    found = await ReccoBeatsLookup(HttpService("r", loopback.url, session)).get(
        Track(OLD_TOWN_ROAD)
    )
    assert found is not None
    assert (found.duration_ms, found.duration_source) == (None, None)


async def test_duration_has_its_source(loopback: Loopback, session: aiohttp.ClientSession) -> None:
    serve_reccobeats(loopback)
    found = await ReccoBeatsLookup(HttpService("r", loopback.url, session)).get(
        Track(OLD_TOWN_ROAD)
    )
    assert found is not None
    assert (found.duration_ms, found.duration_source) == (157067, "reccobeats")


async def test_a_dash_is_read_as_title_and_artist_in_both_orders(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    loopback.json("/v1/track/search", {"content": []})
    lookup = ReccoBeatsLookup(HttpService("r", loopback.url, session))
    await lookup.search(SongQuery("Heroes - 2017 Remaster - David Bowie"))
    asked = [(one.query["searchText"], one.query["artist"]) for one in loopback.requests]
    assert asked == [("heroes", "david bowie"), ("david bowie", "heroes")]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, '{"error": "invalid_client"}', "SPOTIFY_CLIENT_ID"),
        (403, "Active premium subscription required for the owner of the app.", "Premium"),
        (500, "oops", "500"),
        (429, "{}", "too many"),
    ],
)
async def test_refused_spotify_token_raises_with_the_reason_and_blocks_further_requests(
    loopback: Loopback, session: aiohttp.ClientSession, status: int, body: str, reason: str
) -> None:
    loopback.text("/token", body, status=status)
    lookup = SpotifyLookup(spotify(loopback.url, session), "US")
    with pytest.raises(Unavailable) as raised:
        await lookup.get(Track(OLD_TOWN_ROAD))
    assert reason in raised.value.reason
    with pytest.raises(Unavailable):
        await lookup.get(Track(OLD_TOWN_ROAD))
    assert loopback.asked("/token") == (2 if status == 500 else 1)


async def test_exceeded_spotify_quota_is_named_in_the_error(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    loopback.json("/token", TOKEN)
    loopback.json(PATHS[1], {"error": error}, status=429, headers={"Retry-After": "30"})
    with pytest.raises(Unavailable, match="quota"):
        await SpotifyLookup(spotify(loopback.url, session), "US").get(Track(OLD_TOWN_ROAD))


async def test_recorded_spotify_replies_are_read(
    loopback: Loopback, session: aiohttp.ClientSession, spotify_replies: Path
) -> None:
    single = json.loads((spotify_replies / "track_info.json").read_text())
    loopback.json("/token", TOKEN)
    loopback.json(f"/v1/tracks/{single['id']}", single)
    lookup = SpotifyLookup(spotify(loopback.url, session), "US")
    found = await lookup.get(Track(single["id"]))
    assert found is not None
    assert (found.title, found.artists) == (single["name"], (single["artists"][0]["name"],))
    assert found.isrc == single["external_ids"]["isrc"]
    assert found.image == single["album"]["images"][0]["url"]
    assert found.duration_ms is None
    for name in ("track_request", "japanese_track_request", "missing_request"):
        reply = json.loads((spotify_replies / f"{name}.json").read_text())
        loopback.json("/v1/search", reply)
        titles = [item["name"] for item in reply["tracks"]["items"]]
        assert [t.title for t in await lookup.search(SongQuery("x"))] == titles


def test_track_of_these_tests_is_valid_by_spotifys_schema(specs: Path) -> None:
    document = yaml.load((specs / "spotify-openapi.yml").read_bytes(), yaml.CSafeLoader)
    schema = {"$ref": "#/components/schemas/TrackObject", "components": document["components"]}
    assert list(Draft202012Validator(schema).iter_errors(SPOTIFY_ROW)) == []
