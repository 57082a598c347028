"""Tests of the stand-ins of the music services: as strict as the services are."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.stubs.music.catalogue import song, with_versions
from tests.stubs.music.service import Api, Fault
from tests.stubs.music.spotify import CLIENT_ID, CLIENT_SECRET
from tests.stubs.music.world import MusicWorld
from tests.support.clock import ManualClock

CONTACT = {"User-Agent": "Soundslike/1.0 ( music@example.org )"}
ROAD = song("Old Town Road", "Lil Nas X", "Billy Ray Cyrus")
SONGS = [*with_versions([ROAD]), song("Bohemian Rhapsody", "Queen")]
PLAYLIST = "P" * 22


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def world(clock: ManualClock) -> AsyncIterator[MusicWorld]:
    playlists = {PLAYLIST: ("Mixed", SONGS[:3])}
    async with MusicWorld(SONGS, spotify_playlists=playlists, clock=clock).running() as running:
        yield running


class Client:
    """Sends requests to a stand-in."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(
        self, api: Api, path: str, headers: dict[str, str] | None = None, **params: str
    ) -> tuple[int, Any]:
        """Return status and JSON."""
        address = f"{api.url}{path}"
        async with self._session.get(
            address, params=params, headers=headers or CONTACT
        ) as response:
            return response.status, await response.json(content_type=None)

    async def token(self, api: Api) -> dict[str, str]:
        """Return the header with Spotify's token."""
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        form, headers = {"grant_type": "client_credentials"}, {"Authorization": f"Basic {secret}"}
        address = f"{api.url}/api/token"
        async with self._session.post(address, data=form, headers=headers) as response:
            return {"Authorization": f"Bearer {(await response.json())['access_token']}"}


@pytest.fixture
def client(session: aiohttp.ClientSession) -> Client:
    return Client(session)


async def test_all_services_tell_of_the_same_song(world: MusicWorld, client: Client) -> None:
    _, deezer = await client.get(world.deezer, f"/track/isrc:{ROAD.isrc}")
    _, found = await client.get(world.musicbrainz, f"/ws/2/isrc/{ROAD.isrc}", fmt="json")
    _, recco = await client.get(world.reccobeats, "/v1/track", ids=str(ROAD.isrc))
    _, itunes = await client.get(world.itunes, "/lookup", id=str(ROAD.itunes_id))
    titles = {deezer["title"], found["recordings"][0]["title"],
              recco["content"][0]["trackTitle"], itunes["results"][0]["trackName"]}  # fmt: skip
    assert titles == {"Old Town Road"}
    assert world.asked() == {"deezer": 1, "musicbrainz": 1, "reccobeats": 1, "itunes": 1}


async def test_deezer_answers_the_fifty_first_request_in_five_seconds_with_an_error(
    world: MusicWorld, client: Client, clock: ManualClock
) -> None:
    replies = [await client.get(world.deezer, f"/track/{ROAD.deezer_id}") for _ in range(51)]
    assert [status for status, _ in replies] == [200] * 51
    assert ["error" in reply for _, reply in replies] == [False] * 50 + [True]
    clock.now += 5
    _, reply = await client.get(world.deezer, f"/track/{ROAD.deezer_id}")
    assert "error" not in reply


async def test_musicbrainz_answers_one_request_a_second(
    world: MusicWorld, client: Client, clock: ManualClock
) -> None:
    statuses = []
    for seconds in (0, 0.5, 0.5):
        clock.now += seconds
        status, _ = await client.get(world.musicbrainz, f"/ws/2/isrc/{ROAD.isrc}", fmt="json")
        statuses.append(status)
    assert statuses == [200, 503, 200]


@pytest.mark.parametrize("agent", ["", "curl/8", "Soundslike/1.0", "Soundslike/1.0 ( )"])
async def test_metabrainz_refuses_agents_without_contact(
    world: MusicWorld, client: Client, agent: str
) -> None:
    headers = {"User-Agent": agent}
    path = f"/ws/2/isrc/{ROAD.isrc}"
    assert (await client.get(world.musicbrainz, path, headers, fmt="json"))[0] == 403
    path = "/recording-search/json"
    assert (await client.get(world.listenbrainz, path, headers, query="x"))[0] == 403


async def test_reccobeats_refuses_batches_without_a_pause_and_too_many_ids(
    world: MusicWorld, client: Client, clock: ManualClock
) -> None:
    path, two = "/v1/audio-features", f"{ROAD.spotify_id},{SONGS[1].spotify_id}"
    statuses = []
    for seconds in (0, 0.05, 0.12):
        clock.now += seconds
        statuses.append((await client.get(world.reccobeats, path, ids=two))[0])
    assert statuses == [200, 429, 200]
    status, reply = await client.get(world.reccobeats, path, ids=",".join("x" * 41))
    assert (status, reply["status"]) == (400, 4001)


@pytest.mark.parametrize(
    ("name", "path", "params"),
    [
        ("musicbrainz", "/ws/2/isrc/{isrc}", {"fmt": "json", "inc": "genres"}),
        ("musicbrainz", "/ws/2/isrc/{isrc}", {"fmt": "json", "inc": "release-groups"}),
        ("musicbrainz", "/ws/2/isrc/wrong", {"fmt": "json"}),
        ("musicbrainz", "/ws/2/recording", {"fmt": "json", "query": 'recording:"old'}),
        ("musicbrainz", "/ws/2/recording", {"fmt": "json", "query": "a AND (b"}),
        ("listenbrainz", "/spotify-id-from-metadata/json", {"artist_name": "a", "track_name": "b"}),
        ("listenbrainz", "/1/metadata/recording/", {"recording_mbids": "x"}),
        ("itunes", "/search", {"term": "x", "limit": "500"}),
        ("reccobeats", "/v1/track/search", {"searchText": "ol"}),
        ("deezer", "/search", {"q": "x", "page": "2"}),
    ],
)
async def test_requests_that_are_not_as_documented_are_refused(
    world: MusicWorld, client: Client, name: str, path: str, params: dict[str, str]
) -> None:
    api = next(api for api in world.apis if api.name == name)
    status, reply = await client.get(api, path.format(isrc=ROAD.isrc), None, **params)
    assert status == (200 if name == "deezer" else 400)
    assert "error" in reply or "errors" in reply


async def test_popular_versions_come_first_in_deezers_search(client: Client) -> None:
    karaoke = song("Old Town Road (Karaoke)", "Karaoke Stars", rank=900_000)
    async with MusicWorld([ROAD, karaoke]).running() as world:
        _, reply = await client.get(world.deezer, "/search", q="old twon road")
    assert [row["artist"]["name"] for row in reply["data"]] == ["Karaoke Stars", "Lil Nas X"]


async def test_listenbrainz_look_up_by_names_needs_a_token(
    world: MusicWorld, client: Client
) -> None:
    names = {"artist_name": "Queen", "recording_name": "Bohemian Rhapsody"}
    status, _ = await client.get(world.listenbrainz, "/1/metadata/lookup/", None, **names)
    assert status == 401


async def test_spotify_refuses_what_apps_in_development_mode_may_not_ask(
    world: MusicWorld, client: Client
) -> None:
    token = await client.token(world.spotify)
    paths = (f"/v1/playlists/{PLAYLIST}", "/v1/artists/x/top-tracks", "/v1/audio-features")
    assert [(await client.get(world.spotify, path, token))[0] for path in paths] == [403] * 3
    status, reply = await client.get(
        world.spotify, "/v1/search", token, q="x", type="track", limit="50"
    )
    assert (status, reply["error"]["message"]) == (400, "Invalid limit")
    assert (await client.get(world.spotify, f"/v1/tracks/{ROAD.spotify_id}"))[0] == 401


def with_null(node: Any) -> Any:
    """Return a schema in which what OpenAPI 3.0 calls nullable may be null."""
    if isinstance(node, list):
        return [with_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    kind = {"type": [node["type"], "null"]} if node.get("nullable") and "type" in node else {}
    return {key: with_null(value) for key, value in node.items()} | kind


async def test_replies_of_spotify_are_valid_by_its_schema(
    world: MusicWorld, client: Client, specs: Path
) -> None:
    document = with_null(yaml.load((specs / "spotify-openapi.yml").read_bytes(), yaml.CSafeLoader))
    world.spotify.open_playlists = True
    token = await client.token(world.spotify)
    album = f"/v1/albums/{ROAD.album_spotify_id}"
    asked = {
        "TrackObject": f"/v1/tracks/{ROAD.spotify_id}",
        "AlbumObject": album,
        "PagingSimplifiedTrackObject": f"{album}/tracks",
        "PlaylistObject": f"/v1/playlists/{PLAYLIST}",
        "PagingPlaylistTrackObject": f"/v1/playlists/{PLAYLIST}/items",
    }
    for name, path in asked.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        status, reply = await client.get(world.spotify, path, token)
        assert status == 200
        problems = [error.message for error in Draft202012Validator(schema).iter_errors(reply)]
        assert problems == [], name


async def test_faults_begin_and_end_on_demand(world: MusicWorld, client: Client) -> None:
    path = f"/track/{ROAD.deezer_id}"
    world.deezer.fail(Fault.BUSY, "track")
    assert (await client.get(world.deezer, path))[0] == 429
    assert "error" not in (await client.get(world.deezer, f"/track/isrc:{ROAD.isrc}"))[1]
    world.deezer.fail(None, "track")
    assert (await client.get(world.deezer, path))[1]["id"] == ROAD.deezer_id
