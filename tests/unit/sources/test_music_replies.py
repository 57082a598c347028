"""Tests of unusual replies of the music services."""

from typing import Any

import aiohttp
import pytest

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources.deezer import DeezerLookup
from bot.sources.deezer_collections import DeezerCollections
from bot.sources.http_client import HttpService
from bot.sources.itunes import ITunesCollections, ITunesSearch
from bot.sources.lastfm import LastFm
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.spotify.collections import SpotifyCollections
from bot.sources.spotify.session import SpotifySession
from tests.stubs.music.catalogue import uuid
from tests.support.loopback import Loopback

ISRC = "USSM11904128"
ARTIST = {"id": 27, "name": "Adele"}
ROW: dict[str, Any] = {"id": 7, "title": "Hello", "isrc": ISRC, "artist": ARTIST, "duration": 295}
ALBUM = SubjectRef(SubjectKind.ALBUM, "302127", MusicService.DEEZER)


@pytest.fixture
def service(loopback: Loopback, session: aiohttp.ClientSession) -> HttpService:
    return HttpService("service", loopback.url, session)


async def test_another_recording_is_not_taken_for_the_one_with_an_isrc(
    loopback: Loopback, service: HttpService
) -> None:
    loopback.json(f"/track/isrc:{ISRC}", ROW | {"isrc": "GBBKS1500214"})
    assert await DeezerLookup(service).get(Track(isrc=ISRC)) is None


@pytest.mark.parametrize("code", [200, 300])
async def test_what_only_its_owner_may_read_at_deezer_is_forbidden_and_nothing_else(
    loopback: Loopback, service: HttpService, code: int
) -> None:
    refusal = {
        "error": {"type": "OAuthException", "message": "An active token is needed", "code": code}
    }
    loopback.json("/playlist/5", refusal)
    collections = DeezerCollections(service)
    for _ in range(5):
        with pytest.raises(Forbidden):
            await collections.get(SubjectRef(SubjectKind.PLAYLIST, "5", MusicService.DEEZER))
    assert loopback.asked("/playlist/5") == 5, "other playlists can be read"


@pytest.mark.parametrize(
    "row",
    [None, 7, {}, {"id": -3}, {"artist": None}, {"title": None}, {"artist": {"name": 5}}],
    ids=str,
)
async def test_rows_that_describe_no_track_are_left_out(
    loopback: Loopback, service: HttpService, row: Any
) -> None:
    wrong = ROW | row if isinstance(row, dict) and row else row
    loopback.json("/search", {"data": [wrong, ROW], "total": 2})
    found = await DeezerLookup(service).search(SongQuery("hello"))
    assert [track.deezer_id for track in found] == ["7"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("isrc", ""), ("duration", -1), ("release_date", "0000-00-00"), ("album", "x"),
     ("contributors", {}), ("album", {"cover_big": 5})],
)  # fmt: skip
async def test_invalid_optional_fields_of_a_deezer_track_are_left_out(
    loopback: Loopback, service: HttpService, field: str, value: object
) -> None:
    loopback.json("/track/7", ROW | {"release_date": "2015-10-23"} | {field: value})
    found = await DeezerLookup(service).get(Track(deezer_id="7"))
    assert found is not None
    assert (found.title, found.artists) == ("Hello", ("Adele",))


async def test_albums_by_others_with_the_title_are_passed_over(
    loopback: Loopback, service: HttpService
) -> None:
    first, second = {"id": 1, "name": "First"}, {"id": 2, "name": "Second"}
    rows = [
        {"id": 10, "title": "Hits", "artist": first},
        {"id": 20, "title": "Hits", "artist": second},
    ]
    loopback.json("/search/album", {"data": rows})
    loopback.json("/album/20", {"id": 20, "title": "Hits", "artist": second, "nb_tracks": "many"})
    loopback.json("/album/20/tracks", {"data": [ROW]})
    collections = DeezerCollections(service)
    assert await collections.find_album("Hits", ()) is None
    found = await collections.find_album("Hits", ["Second"])
    assert found is not None
    assert (found.artists, found.count) == (("Second",), 1)


async def test_an_album_without_a_list_of_tracks_is_an_unexpected_reply(
    loopback: Loopback, service: HttpService
) -> None:
    loopback.json("/album/302127", {"id": 302127, "title": "Discovery"})
    loopback.json("/album/302127/tracks", {"data": None})
    with pytest.raises(Unavailable, match="unexpected"):
        await DeezerCollections(service).get(ALBUM)


async def test_a_remaster_on_an_album_has_no_year_and_the_others_have_the_albums(
    loopback: Loopback, service: HttpService
) -> None:
    album = {"id": 302127, "title": "Discovery", "release_date": "2001-03-07",
             "cover_big": "https://cdn.x/a.jpg"}  # fmt: skip
    loopback.json("/album/302127", album)
    rows = [ROW, ROW | {"id": 8, "title": "Hello (Remastered)"}]
    loopback.json("/album/302127/tracks", {"data": rows})
    found = await DeezerCollections(service).get(ALBUM)
    assert found is not None
    assert [track.year for track in found.tracks] == [2001, None]
    assert {track.image for track in found.tracks} == {"https://cdn.x/a.jpg"}


async def test_quotes_and_operators_in_a_search_are_only_words(
    loopback: Loopback, service: HttpService
) -> None:
    loopback.json("/ws/2/recording", {"recordings": []})
    await MusicBrainz(service).search(SongQuery('say "so" OR \\doja* - P!nk'))
    words = [f'"{word}"' for word in SongQuery('say "so" OR \\doja* - P!nk').words.split()]
    each = [f"(recording:{word} OR artist:{word})" for word in words]
    assert loopback.requests[0].query["query"] == " AND ".join(each)


async def test_of_several_recordings_with_an_isrc_the_tagged_one_is_taken(
    loopback: Loopback, service: HttpService
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": uuid("a"), "title": "Hello (demo)", "length": None},
        {"id": uuid("b"), "title": "Hello", "tags": [{"name": "soul", "count": 2}]},
        {"id": uuid("c"), "title": "Hello (live)", "first-release-date": "2015"},
    ]
    loopback.json(f"/ws/2/isrc/{ISRC}", {"recordings": rows})
    found = await MusicBrainz(service).recording(Track(isrc=ISRC))
    assert found is not None
    assert (found.track.title, found.track.isrc) == ("Hello", ISRC)


async def test_links_to_other_services_are_no_spotify_ids(
    loopback: Loopback, service: HttpService
) -> None:
    links = ["https://www.deezer.com/track/1", "https://open.spotify.com/album/" + "a" * 22,
             "https://open.spotify.com.evil.com/track/" + "b" * 22,
             "https://open.spotify.com/track/" + "c" * 22]  # fmt: skip
    relations = [{"url": {"resource": link}} for link in links]
    row = {"id": uuid("a"), "title": "Hello", "relations": [None, {"url": None}, *relations]}
    loopback.json(f"/ws/2/recording/{uuid('a')}", row)
    found = await MusicBrainz(service).get(Track(musicbrainz_id=uuid("a")))
    assert found is not None
    assert found.spotify_id == "c" * 22


async def test_only_songs_of_itunes_are_tracks(loopback: Loopback, service: HttpService) -> None:
    song = {"wrapperType": "track", "kind": "song", "trackName": "Hello", "artistName": "Adele"}
    rows = [song | {"kind": "music-video"}, {"wrapperType": "audiobook"}, song]
    loopback.json("/search", {"resultCount": 3, "results": rows})
    found = await ITunesSearch(service).search(SongQuery("hello"))
    assert [track.title for track in found] == ["Hello"]


async def test_an_id_that_is_no_album_at_itunes_is_unknown(
    loopback: Loopback, service: HttpService
) -> None:
    song = {"wrapperType": "track", "kind": "song", "trackName": "Hello", "artistName": "Adele"}
    loopback.json("/lookup", {"resultCount": 1, "results": [song]})
    ref = SubjectRef(SubjectKind.ALBUM, "us/7", MusicService.APPLE_MUSIC)
    assert await ITunesCollections(service).get(ref) is None


async def test_the_key_is_removed_from_what_last_fm_says(
    loopback: Loopback, service: HttpService
) -> None:
    loopback.json("/2.0/", {"error": 8, "message": "api_key=topsecret failed"})
    with pytest.raises(Unavailable) as raised:
        await LastFm(service, "topsecret").tags(Track(title="Hello", artists=("Adele",)))
    assert "topsecret" not in raised.value.reason
    assert "error 8" in raised.value.reason


@pytest.mark.parametrize("entry", ["track", "item"])
async def test_episodes_and_local_files_of_a_spotify_playlist_are_left_out(
    loopback: Loopback, session: aiohttp.ClientSession, entry: str
) -> None:
    track = {"id": "a" * 22, "type": "track", "name": "Hello", "artists": [{"name": "Adele"}]}
    rows: list[Any] = [{entry: track | {"type": "episode"}}, {entry: track | {"id": None}},
                       {entry: None}, None, {entry: track}]  # fmt: skip
    paging = {"items": rows, "total": 5}
    key = "tracks" if entry == "track" else "items"
    loopback.json("/token", {"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
    loopback.json(f"/v1/playlists/{'p' * 22}", {"name": "Mine", key: paging})
    url = loopback.url
    client = SpotifySession("id", "secret", session, api=f"{url}/v1/", token_url=f"{url}/token")
    found = await SpotifyCollections(client, "US").get(SubjectRef(SubjectKind.PLAYLIST, "p" * 22))
    assert found is not None
    assert ([track.title for track in found.tracks], found.count) == (["Hello"], 5)
