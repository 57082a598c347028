"""Contract of TrackLookup, TrackSearch and PageLookup: the adapters against their stand-ins."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import PageLookup, TrackLookup, TrackSearch
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources.deezer import DeezerLookup
from bot.sources.listenbrainz import ListenBrainzLabs
from tests.contract.music_adapters import QUEEN, ROAD, UNKNOWN, Adapters, known, music_world
from tests.stubs.music.service import Fault
from tests.support.fakes import FakeLookup, FakePages

ROAD_TRACK = known(ROAD)

BY_ID = [
    ("fake", "spotify_id"),
    ("fake", "isrc"),
    ("reccobeats", "spotify_id"),
    ("reccobeats", "isrc"),
    ("deezer", "deezer_id"),
    ("deezer", "isrc"),
    ("musicbrainz", "musicbrainz_id"),
    ("musicbrainz", "isrc"),
    ("musicbrainz", "spotify_id"),
    ("spotify", "spotify_id"),
    ("spotify-oembed", "spotify_id"),
    ("listenbrainz-labs", "musicbrainz_id"),
]
"""Look-ups with the ids by which each finds tracks."""

LOOKUPS = sorted({name for name, _ in BY_ID})
SEARCHES = ["fake", "reccobeats", "deezer", "musicbrainz", "spotify", "itunes", "listenbrainz-labs"]

PAGES = {
    "fake": SubjectRef(SubjectKind.TRACK, str(ROAD.deezer_id), MusicService.DEEZER),
    "deezer": SubjectRef(SubjectKind.TRACK, str(ROAD.deezer_id), MusicService.DEEZER),
    "musicbrainz": SubjectRef(SubjectKind.TRACK, str(ROAD.mbid), MusicService.MUSICBRAINZ),
    "apple-music": SubjectRef(SubjectKind.TRACK, f"de/{ROAD.itunes_id}", MusicService.APPLE_MUSIC),
    "youtube": SubjectRef(SubjectKind.TRACK, str(ROAD.youtube_id), MusicService.YOUTUBE),
    "tidal": SubjectRef(SubjectKind.TRACK, str(ROAD.tidal_id), MusicService.TIDAL),
    "soundcloud": SubjectRef(SubjectKind.TRACK, str(ROAD.soundcloud), MusicService.SOUNDCLOUD),
    "bandcamp": SubjectRef(SubjectKind.TRACK, str(ROAD.bandcamp), MusicService.BANDCAMP),
}


@pytest.fixture
async def adapters(session: aiohttp.ClientSession) -> AsyncIterator[Adapters]:
    async with music_world().running() as world:
        yield Adapters(world, session)


def lookup_of(adapters: Adapters, name: str) -> TrackLookup:
    return FakeLookup(ROAD_TRACK) if name == "fake" else adapters.lookups[name]()


def search_of(adapters: Adapters, name: str) -> TrackSearch:
    return FakeLookup(ROAD_TRACK) if name == "fake" else adapters.searches[name]()


def page_of(adapters: Adapters, name: str) -> PageLookup:
    if name == "fake":
        return FakePages({PAGES["fake"]: ROAD_TRACK})
    return adapters.pages[name]()


@pytest.mark.parametrize(("name", "field"), BY_ID)
async def test_a_track_is_found_by_an_id(adapters: Adapters, name: str, field: str) -> None:
    found = await lookup_of(adapters, name).get(Track(**{field: getattr(ROAD_TRACK, field)}))
    assert found is not None
    told = {"title": found.title, "isrc": found.isrc, "deezer_id": found.deezer_id,
            "musicbrainz_id": found.musicbrainz_id, "spotify_id": found.spotify_id}  # fmt: skip
    given = {name: value for name, value in told.items() if value}
    assert given == {name: getattr(ROAD_TRACK, name) for name in given}
    assert given.keys() - {field}, "nothing new was told"


@pytest.mark.parametrize("name", LOOKUPS)
async def test_an_unknown_track_is_none(adapters: Adapters, name: str) -> None:
    assert await lookup_of(adapters, name).get(known(UNKNOWN)) is None


@pytest.mark.parametrize("name", LOOKUPS)
async def test_without_a_usable_id_nothing_is_asked(adapters: Adapters, name: str) -> None:
    wrong = Track(spotify_id="../../me", isrc="x/y?z", musicbrainz_id="../url", deezer_id="1/top")
    assert await lookup_of(adapters, name).get(wrong) is None
    assert adapters.world.asked() == {}


@pytest.mark.parametrize("name", SEARCHES)
async def test_a_search_by_title_finds_the_song(adapters: Adapters, name: str) -> None:
    found = await search_of(adapters, name).search(SongQuery("old town road"))
    assert 1 <= len(found) <= 25
    assert any(track.title == ROAD.title for track in found)
    assert all(track.is_named for track in found)


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize("text", ["zzzz qqqq", '" AND * ~ (', "a/b:c?d=e&f", "-", ""])
async def test_a_search_without_a_match_is_empty(adapters: Adapters, name: str, text: str) -> None:
    assert list(await search_of(adapters, name).search(SongQuery(text))) == []


@pytest.mark.parametrize("name", [n for n in SEARCHES if n not in {"fake", "reccobeats"}])
@pytest.mark.parametrize("text", ["old town road lil nas x", "lil nas x old town road"])
async def test_a_search_by_title_and_artist_finds_the_song_in_any_order(
    adapters: Adapters, name: str, text: str
) -> None:
    found = await search_of(adapters, name).search(SongQuery(text))
    assert any(track.title == ROAD.title and "Lil Nas X" in track.artists[0] for track in found)


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_tells_title_and_artist(adapters: Adapters, name: str) -> None:
    found = await page_of(adapters, name).get(PAGES[name])
    assert found is not None
    assert found.title == ROAD.title
    assert ROAD.artists[0] in found.artists[0]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "bandcamp"])
async def test_an_unknown_page_is_none(adapters: Adapters, name: str) -> None:
    unknown = {
        "deezer": str(UNKNOWN.deezer_id),
        "musicbrainz": str(UNKNOWN.mbid),
        "apple-music": str(UNKNOWN.itunes_id),
        "youtube": str(UNKNOWN.youtube_id),
        "tidal": str(UNKNOWN.tidal_id),
        "soundcloud": str(UNKNOWN.soundcloud),
    }.get(name, "1")
    ref = replace(PAGES[name], id=unknown)
    assert await page_of(adapters, name).get(ref) is None


@pytest.mark.parametrize("name", [name for name in PAGES if name != "fake"])
async def test_pages_of_other_services_and_kinds_and_wrong_ids_are_not_asked_for(
    adapters: Adapters, name: str
) -> None:
    pages = page_of(adapters, name)
    other = MusicService.SPOTIFY
    for ref in (
        replace(PAGES[name], service=other),
        replace(PAGES[name], kind=SubjectKind.ALBUM),
        replace(PAGES[name], id="../../1"),
        replace(PAGES[name], id=""),
    ):
        assert await pages.get(ref) is None
    assert adapters.world.asked() == {}


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.GARBAGE, Fault.WRONG, Fault.CUT, Fault.QUOTA])
@pytest.mark.parametrize("name", [name for name in LOOKUPS if name != "fake"])
async def test_a_failing_service_raises_unavailable(
    adapters: Adapters, name: str, fault: Fault
) -> None:
    adapters.world.fail(fault)
    wanted = replace(ROAD_TRACK, spotify_id=None) if name == "listenbrainz-labs" else ROAD_TRACK
    with pytest.raises(Unavailable):
        await lookup_of(adapters, name).get(wanted)


@pytest.mark.parametrize("name", [name for name in PAGES if name not in {"fake", "bandcamp"}])
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.GARBAGE, Fault.WRONG, Fault.CUT])
async def test_a_failing_page_raises_unavailable(
    adapters: Adapters, name: str, fault: Fault
) -> None:
    adapters.world.fail(fault)
    with pytest.raises(Unavailable):
        await page_of(adapters, name).get(PAGES[name])


@pytest.mark.parametrize("name", [name for name in SEARCHES if name != "fake"])
@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.GARBAGE, Fault.WRONG, Fault.FORBIDDEN])
async def test_a_failing_search_raises_unavailable(
    adapters: Adapters, name: str, fault: Fault
) -> None:
    adapters.world.fail(fault)
    with pytest.raises(Forbidden if fault is Fault.FORBIDDEN else Unavailable):
        await search_of(adapters, name).search(SongQuery("old town road"))


async def test_deezer_tells_length_year_cover_and_tempo(adapters: Adapters) -> None:
    lookup = DeezerLookup(adapters.http(adapters.world.deezer))
    found = await lookup.get(Track(isrc=ROAD.isrc))
    assert found is not None
    assert (found.duration_ms, found.duration_source, found.year) == (157_000, "deezer", 2019)
    assert found.artists == ROAD.artists
    assert found.image is not None
    assert await lookup.tempo(Track(isrc=ROAD.isrc)) == 136
    assert await lookup.tempo(Track(isrc=QUEEN.isrc)) is None, "Deezer's 0 is no tempo"


async def test_deezers_quota_is_an_error_with_the_time_of_its_window(adapters: Adapters) -> None:
    adapters.world.deezer.fail(Fault.QUOTA)
    with pytest.raises(Unavailable) as raised:
        await adapters.lookups["deezer"]().get(ROAD_TRACK)
    assert raised.value.retry_after == 5
    assert "Quota" in raised.value.reason


async def test_a_recording_by_isrc_takes_one_request(adapters: Adapters) -> None:
    found = await adapters.musicbrainz.recording(Track(isrc=ROAD.isrc))
    assert found is not None
    assert found.track.musicbrainz_id == ROAD.mbid
    assert found.track.spotify_id == ROAD.spotify_id
    assert (found.track.artists, found.track.year) == (ROAD.artists, 2019)
    assert found.tags is not None
    assert found.artist_tags is not None
    assert adapters.world.asked() == {"musicbrainz": 1}


async def test_a_remaster_is_found_by_isrc_when_its_spotify_id_is_unknown(
    adapters: Adapters,
) -> None:
    lookup = adapters.lookups["reccobeats"]()
    assert await lookup.get(Track(spotify_id=QUEEN.spotify_id)) is None
    found = await lookup.get(Track(spotify_id=QUEEN.spotify_id, isrc=QUEEN.isrc))
    assert found is not None
    assert found.title == QUEEN.title


async def test_a_song_gains_its_spotify_id_by_title_and_artist(adapters: Adapters) -> None:
    labs = ListenBrainzLabs(adapters.http(adapters.world.listenbrainz))
    found = await labs.get(Track(title="old town road", artists=("Lil Nas X", "Billy Ray Cyrus")))
    assert found is not None
    assert found.spotify_id == ROAD.spotify_id
    assert await labs.get(ROAD_TRACK) is None, "its Spotify id is known"


async def test_bandcamps_page_is_named_by_its_address(adapters: Adapters) -> None:
    found = await adapters.pages["bandcamp"]().get(PAGES["bandcamp"])
    assert found is not None
    assert found.url == "https://lil-nas-x.bandcamp.com/track/old-town-road"
    assert (found.title, found.artists) == ("Old Town Road", ("Lil Nas X",))
