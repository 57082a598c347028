"""One contract for every TrackCatalog: the real adapters, over loopback, and the fake."""

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
from bot.domain.ports import TrackLookup
from bot.domain.tracks import AudioFeatures
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
        # It answers unknown ids with silence, and may add rows nobody asked for.
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


def spotify(url: str) -> SpotifySession:
    return SpotifySession("id", "secret", api=f"{url}/v1/", token_url=f"{url}/token")


Build = Callable[[str], TrackLookup]


@pytest.fixture(params=["fake", "sample", "reccobeats", "spotify", "oembed"])
async def catalog(
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
            yield SpotifyLookup(spotify(loopback.url), "US")
        case _:
            yield OEmbedLookup(HttpService("oembed", loopback.url, session))


async def test_a_known_id_gives_its_track(catalog: TrackLookup) -> None:
    found = await catalog.get(OLD_TOWN_ROAD)
    assert found is not None
    assert (found.spotify_id, found.title) == (OLD_TOWN_ROAD, TITLE)
    assert found.url == f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
    assert list(found.artists) == ([] if isinstance(catalog, OEmbedLookup) else ARTISTS)


async def test_an_unknown_id_is_none(catalog: TrackLookup) -> None:
    assert await catalog.get(UNKNOWN) is None


async def test_a_search_finds_tracks_by_title(catalog: TrackLookup) -> None:
    found = await catalog.search("old town road")
    assert [t.title for t in found] == ([] if isinstance(catalog, OEmbedLookup) else [TITLE])


async def test_a_search_for_what_nobody_knows_is_empty(catalog: TrackLookup) -> None:
    assert list(await catalog.search("zzzz")) == []


REAL = ["reccobeats", "spotify", "oembed"]


@pytest.fixture(params=REAL)
def build(request: pytest.FixtureRequest, session: aiohttp.ClientSession) -> Build:
    makers: dict[str, Build] = {
        "reccobeats": lambda url: ReccoBeatsLookup(HttpService("r", url, session)),
        "spotify": lambda url: SpotifyLookup(spotify(url), "US"),
        "oembed": lambda url: OEmbedLookup(HttpService("o", url, session)),
    }
    return makers[request.param]


PATHS = ("/v1/track", f"/v1/tracks/{OLD_TOWN_ROAD}", "/oembed")
TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}


SHAPES: list[Any] = [None, [], "x", 7, {}, {"content": 1}, {"content": [1]}, {"title": None}]


@pytest.mark.parametrize("body", [*SHAPES, {"id": OLD_TOWN_ROAD, "name": None}])
async def test_json_of_another_shape_is_a_typed_error(
    build: Build, loopback: Loopback, body: Any
) -> None:
    loopback.json("/token", TOKEN)
    for path in PATHS:
        loopback.json(path, body)
    with pytest.raises(Unavailable, match="unexpected"):
        await build(loopback.url).get(OLD_TOWN_ROAD)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_a_refusal_or_a_fault_is_a_typed_error(
    build: Build, loopback: Loopback, status: int
) -> None:
    loopback.json("/token", TOKEN)
    for path in PATHS:
        loopback.text(path, "no", status=status, headers={"Retry-After": "86400"})
    with pytest.raises(Unavailable) as raised:
        await build(loopback.url).get(OLD_TOWN_ROAD)
    assert raised.value.retry_after == (86400 if status == 429 else None)


async def test_nobody_there_is_a_typed_error(build: Build) -> None:
    with pytest.raises(Unavailable):
        await build("http://127.0.0.1:1").get(OLD_TOWN_ROAD)


async def test_a_row_that_lacks_its_names_is_a_typed_error(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    loopback.json("/v1/track", {"content": [{"href": RECCOBEATS_ROW["href"]}]})
    with pytest.raises(Unavailable, match="unexpected"):
        await ReccoBeatsLookup(HttpService("r", loopback.url, session)).get(OLD_TOWN_ROAD)


@pytest.mark.parametrize(
    "odd",
    [{"album": "x"}, {"album": {"images": ["u"]}}, {"album": {"images": {}}}, {"album": None},
     {"external_ids": ["a"]}, {"external_ids": None}, {"artists": [1, {"name": "Lil Nas X"}]}],
    ids=str,
)  # fmt: skip
async def test_what_is_odd_about_a_spotify_track_is_left_out(
    loopback: Loopback, odd: dict[str, Any]
) -> None:
    loopback.json("/token", TOKEN)
    loopback.json(PATHS[1], SPOTIFY_ROW | odd)
    found = await SpotifyLookup(spotify(loopback.url), "US").get(OLD_TOWN_ROAD)
    assert found is not None
    assert found.title == TITLE


@pytest.mark.parametrize("duration", [-5, 10**400, "long", None, True])
async def test_a_duration_that_makes_no_sense_is_left_out(
    loopback: Loopback, session: aiohttp.ClientSession, duration: object
) -> None:
    loopback.json("/v1/track", {"content": [RECCOBEATS_ROW | {"durationMs": duration}]})
    found = await ReccoBeatsLookup(HttpService("r", loopback.url, session)).get(OLD_TOWN_ROAD)
    assert found is not None
    assert found.duration_ms is None


async def test_the_artist_of_a_search_is_what_follows_the_last_dash(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    loopback.json("/v1/track/search", {"content": []})
    catalog = ReccoBeatsLookup(HttpService("r", loopback.url, session))
    await catalog.search("Heroes - 2017 Remaster - David Bowie")
    assert loopback.requests[0].query["artist"] == "David Bowie"


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (400, '{"error": "invalid_client"}', "SPOTIFY_CLIENT_ID"),
        (403, "Active premium subscription required for the owner of the app.", "Premium"),
        (500, "oops", "500"),
        (429, "{}", "too many"),
    ],
)
async def test_spotify_refusing_a_token_says_why_and_is_not_asked_again_at_once(
    loopback: Loopback, status: int, body: str, why: str
) -> None:
    loopback.text("/token", body, status=status)
    catalog = SpotifyLookup(spotify(loopback.url), "US")
    for _ in range(2):
        with pytest.raises(Unavailable) as raised:
            await catalog.get(OLD_TOWN_ROAD)
        assert loopback.asked("/token") == (1 if status != 500 else _ + 1)
        if _ == 0:
            assert why in raised.value.reason


async def test_spotify_quota_is_told_in_words(loopback: Loopback) -> None:
    error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    loopback.json("/token", TOKEN)
    loopback.json(PATHS[1], {"error": error}, status=429, headers={"Retry-After": "30"})
    with pytest.raises(Unavailable, match="quota"):
        await SpotifyLookup(spotify(loopback.url), "US").get(OLD_TOWN_ROAD)


async def test_recorded_spotify_replies_are_read_by_the_real_spotipy(
    loopback: Loopback, spotify_replies: Path
) -> None:
    single = json.loads((spotify_replies / "track_info.json").read_text())
    loopback.json("/token", TOKEN)
    loopback.json(f"/v1/tracks/{single['id']}", single)
    catalog = SpotifyLookup(spotify(loopback.url), "US")
    found = await catalog.get(single["id"])
    assert found is not None
    assert (found.title, found.artists) == (single["name"], (single["artists"][0]["name"],))
    assert found.isrc == single["external_ids"]["isrc"]
    assert found.image == single["album"]["images"][0]["url"]
    assert found.duration_ms is None
    for name in ("track_request", "japanese_track_request", "missing_request"):
        reply = json.loads((spotify_replies / f"{name}.json").read_text())
        loopback.json("/v1/search", reply)
        titles = [item["name"] for item in reply["tracks"]["items"]]
        assert [t.title for t in await catalog.search("x")] == titles


def test_our_spotify_track_is_one_by_spotifys_own_schema(specs: Path) -> None:
    document = yaml.load((specs / "spotify-openapi.yml").read_bytes(), yaml.CSafeLoader)
    schema = {"$ref": "#/components/schemas/TrackObject", "components": document["components"]}
    assert list(Draft202012Validator(schema).iter_errors(SPOTIFY_ROW)) == []
