"""Contract of CollectionLookup and CollectionSearch: the adapters against their stand-ins."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.domain.collections import MAX_TRACKS, Artist, Collection
from bot.domain.errors import Forbidden, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.source_ports import CollectionLookup, CollectionSearch
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.sources.deezer_collections import DeezerCollections
from tests.contract.music_adapters import (
    ALBUM,
    PLAYLIST,
    QUEEN,
    ROAD,
    SPOTIFY_PLAYLIST,
    UNKNOWN,
    Adapters,
    known,
    music_world,
)
from tests.stubs.music.catalogue import base62, song
from tests.stubs.music.service import Fault
from tests.stubs.music.world import MusicWorld
from tests.support.fake_collections import FakeCollections, FakeCollectionSearch

BAND = ALBUM[0]
ALBUMS = {
    "deezer": SubjectRef(SubjectKind.ALBUM, str(BAND.album_id), MusicService.DEEZER),
    "itunes": SubjectRef(SubjectKind.ALBUM, f"us/{BAND.album_id}", MusicService.APPLE_MUSIC),
    "spotify": SubjectRef(SubjectKind.ALBUM, BAND.album_spotify_id),
    "spotify-oembed": SubjectRef(SubjectKind.ALBUM, BAND.album_spotify_id),
}
ARTISTS = {
    "deezer": SubjectRef(SubjectKind.ARTIST, str(BAND.artist_id), MusicService.DEEZER),
    "itunes": SubjectRef(SubjectKind.ARTIST, str(BAND.artist_id), MusicService.APPLE_MUSIC),
    "spotify": SubjectRef(SubjectKind.ARTIST, base62(f"artist {BAND.artist}")),
    "spotify-oembed": SubjectRef(SubjectKind.ARTIST, base62(f"artist {BAND.artist}")),
}
UNKNOWN_ALBUMS = {
    "deezer": str(UNKNOWN.album_id),
    "itunes": str(UNKNOWN.album_id),
    "spotify": UNKNOWN.album_spotify_id,
    "spotify-oembed": UNKNOWN.album_spotify_id,
}


@pytest.fixture
async def adapters(session: aiohttp.ClientSession) -> AsyncIterator[Adapters]:
    async with music_world().running() as world:
        yield Adapters(world, session)


SUITE = Collection(
    ref=ALBUMS["deezer"],
    title="Suite",
    artists=("The Band",),
    url="https://www.deezer.com/album/1",
    image=None,
    count=len(ALBUM),
    tracks=tuple(known(one) for one in ALBUM[:MAX_TRACKS]),
)


def lookup_of(adapters: Adapters, name: str) -> CollectionLookup:
    return FakeCollections(SUITE) if name == "fake" else adapters.collections[name]()


def search_of(adapters: Adapters, name: str) -> CollectionSearch:
    if name == "fake":
        artist = replace(SUITE, ref=ARTISTS["deezer"], title="The Band")
        return FakeCollectionSearch([SUITE], [artist])
    return DeezerCollections(adapters.http(adapters.world.deezer))


@pytest.fixture
def deezer(adapters: Adapters) -> DeezerCollections:
    return DeezerCollections(adapters.http(adapters.world.deezer))


@pytest.mark.parametrize("name", ["fake", *ALBUMS])
async def test_an_album_has_title_and_its_first_tracks(adapters: Adapters, name: str) -> None:
    found = await lookup_of(adapters, name).get(ALBUMS.get(name, SUITE.ref))
    assert found is not None
    assert (found.ref.kind, found.title) == (SubjectKind.ALBUM, "Suite")
    assert found.url
    if name == "spotify-oembed":
        assert (found.tracks, found.artists) == ((), ())
        return
    assert found.artists == ("The Band",)
    assert found.count == len(ALBUM)
    assert [track.title for track in found.tracks] == [one.title for one in ALBUM[:MAX_TRACKS]]


@pytest.mark.parametrize("name", ARTISTS)
async def test_an_artist_has_a_name_and_the_top_tracks_if_they_can_be_read(
    adapters: Adapters, name: str
) -> None:
    found = await adapters.collections[name]().get(ARTISTS[name])
    assert found is not None
    assert found.title == "The Band"
    assert len(found.tracks) == (MAX_TRACKS if name in {"deezer", "itunes"} else 0)


@pytest.mark.parametrize("name", ["fake", *ALBUMS])
async def test_an_unknown_album_is_none(adapters: Adapters, name: str) -> None:
    ref = replace(ALBUMS.get(name, SUITE.ref), id=UNKNOWN_ALBUMS.get(name, "7"))
    assert await lookup_of(adapters, name).get(ref) is None


@pytest.mark.parametrize("name", ["fake", "deezer"])
async def test_collections_are_found_by_name(adapters: Adapters, name: str) -> None:
    search = search_of(adapters, name)
    album, artist = (
        await search.find_album("Suite", ["The Band"]),
        await search.find_artist("The Band"),
    )
    assert album is not None
    assert artist is not None
    assert (album.title, artist.title) == ("Suite", "The Band")
    assert len(album.tracks) == len(artist.tracks) == MAX_TRACKS
    assert await search.find_album("Suite", ["Somebody"]) is None
    assert await search.find_album("No Such Album", ()) is None
    assert await search.find_artist("Nobody Here") is None


@pytest.mark.parametrize("name", ALBUMS)
async def test_what_a_source_cannot_read_is_not_asked_for(adapters: Adapters, name: str) -> None:
    lookup = adapters.collections[name]()
    for ref in (
        replace(ALBUMS[name], kind=SubjectKind.TRACK),
        replace(ALBUMS[name], service=MusicService.TIDAL),
        replace(ALBUMS[name], id="../1"),
    ):
        assert await lookup.get(ref) is None
    assert adapters.world.asked() == {}


@pytest.mark.parametrize("name", ALBUMS)
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.GARBAGE, Fault.WRONG, Fault.QUOTA])
async def test_a_failing_service_raises_unavailable(
    adapters: Adapters, name: str, fault: Fault
) -> None:
    adapters.world.fail(fault)
    with pytest.raises(Unavailable):
        await adapters.collections[name]().get(ALBUMS[name])


async def test_tracks_of_deezers_album_have_isrcs_year_and_cover(deezer: DeezerCollections) -> None:
    found = await deezer.get(ALBUMS["deezer"])
    assert found is not None
    assert [track.isrc for track in found.tracks] == [one.isrc for one in ALBUM[:MAX_TRACKS]]
    assert {track.year for track in found.tracks} == {BAND.year}
    assert all(track.image for track in found.tracks)


async def test_deezers_playlist_is_read(deezer: DeezerCollections) -> None:
    ref = SubjectRef(SubjectKind.PLAYLIST, str(PLAYLIST), MusicService.DEEZER)
    found = await deezer.get(ref)
    assert found is not None
    assert (found.title, found.count) == ("Mixed", 5)
    assert [track.title for track in found.tracks][:2] == [ROAD.title, QUEEN.title]


async def test_spotifys_playlist_is_read_where_it_is_open(adapters: Adapters) -> None:
    lookup = adapters.collections["spotify"]()
    ref = SubjectRef(SubjectKind.PLAYLIST, SPOTIFY_PLAYLIST)
    with pytest.raises(Forbidden):
        await lookup.get(ref)
    adapters.world.spotify.open_playlists = True
    found = await adapters.collections["spotify"]().get(ref)
    assert found is not None
    assert [track.spotify_id for track in found.tracks][:2] == [ROAD.spotify_id, QUEEN.spotify_id]


async def test_lengths_and_dates_of_spotify_are_not_used(adapters: Adapters) -> None:
    found = await adapters.collections["spotify"]().get(ALBUMS["spotify"])
    assert found is not None
    assert {(track.duration_ms, track.year) for track in found.tracks} == {(None, None)}


async def test_an_album_is_found_by_title_and_artist(deezer: DeezerCollections) -> None:
    found = await deezer.find_album("a night at the OPERA", ["Queen"])
    assert found is not None
    assert found.ref.id == str(QUEEN.album_id)
    assert await deezer.find_album("A Night at the Opera", ["Somebody"]) is None
    assert await deezer.find_album("No Such Album", ["Queen"]) is None


async def test_an_artist_is_found_by_the_whole_name(deezer: DeezerCollections) -> None:
    found = await deezer.find_artist("the band")
    assert found is not None
    assert found.ref == ARTISTS["deezer"]
    assert await deezer.find_artist("band") is None
    assert await deezer.artist("the band") == Artist(found.title, found.ref)
    assert await deezer.artist("band") is None


async def test_albums_of_several_artists_with_one_title_are_not_guessed(
    session: aiohttp.ClientSession,
) -> None:
    songs = [
        song("One", "First", album="Greatest Hits"),
        song("Two", "Second", album="Greatest Hits"),
    ]
    async with MusicWorld(songs, limits=False).running() as world:
        collections = DeezerCollections(Adapters(world, session).http(world.deezer))
        assert await collections.find_album("Greatest Hits", []) is None
        found = await collections.find_album("Greatest Hits", ["Second"])
    assert found is not None
    assert found.artists == ("Second",)
