"""Tests of ReccoBeats' features of many tracks."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.errors import Unavailable
from bot.domain.tracks import Track
from bot.sources.http_client import HttpService
from bot.sources.reccobeats import MAX_IDS, ReccoBeatsFeatures, ReccoBeatsLookup
from tests.stubs.music.catalogue import Song, moved, song
from tests.stubs.music.reccobeats import ReccoBeats
from tests.stubs.music.service import Fault

SONGS = [song(f"Song {number}", "Artist", isrc=f"QZABC{number:07}") for number in range(90)]
REMASTER = moved(SONGS[0], title="Remaster", isrc="QZXYZ0000001", known_ids=())
UNKNOWN = song("Unknown", "Artist", isrc="QZNUL0000001")


@pytest.fixture
async def api() -> AsyncIterator[ReccoBeats]:
    async with ReccoBeats([*SONGS, REMASTER], limits=False).running() as running:
        assert isinstance(running, ReccoBeats)
        yield running


@pytest.fixture
def features(api: ReccoBeats, session: aiohttp.ClientSession) -> ReccoBeatsFeatures:
    return ReccoBeatsFeatures(HttpService("reccobeats", api.url, session))


def by_spotify(one: Song) -> Track:
    return Track(spotify_id=one.spotify_id)


async def test_many_tracks_are_asked_for_in_batches(
    features: ReccoBeatsFeatures, api: ReccoBeats
) -> None:
    found = await features.measure([by_spotify(one) for one in SONGS])
    assert [measured and measured.track.isrc for measured in found] == [one.isrc for one in SONGS]
    sizes = [len(query["ids"].split(",")) for _, _, query in api.requests]
    assert sizes == [MAX_IDS, MAX_IDS, 10]


async def test_tracks_without_spotify_id_are_asked_for_by_isrc(
    features: ReccoBeatsFeatures,
) -> None:
    [found, missing] = await features.measure([Track(isrc=SONGS[5].isrc), Track(title="no id")])
    assert found is not None
    assert found.track.spotify_id == SONGS[5].spotify_id
    assert found.features.values["tempo"] == (SONGS[5].features or {})["tempo"]
    assert missing is None


async def test_a_re_release_that_is_unknown_by_id_is_asked_for_by_isrc(
    features: ReccoBeatsFeatures, api: ReccoBeats
) -> None:
    release = Track(spotify_id="R" * 22, isrc=REMASTER.isrc)
    [found, known] = await features.measure([release, by_spotify(SONGS[1])])
    assert found is not None
    assert known is not None
    assert found.track.spotify_id == "R" * 22, "the id that was asked for is kept"
    assert [query["ids"] for _, _, query in api.requests] == [
        f"{'R' * 22},{SONGS[1].spotify_id}",
        REMASTER.isrc,
    ]


async def test_a_track_that_is_given_twice_is_asked_for_once(
    features: ReccoBeatsFeatures, api: ReccoBeats
) -> None:
    found = await features.measure([by_spotify(SONGS[2])] * 3)
    assert all(found)
    assert [query["ids"] for _, _, query in api.requests] == [SONGS[2].spotify_id]


async def test_without_an_id_nothing_is_asked(
    features: ReccoBeatsFeatures, api: ReccoBeats
) -> None:
    assert await features.measure([Track(title="x"), Track(spotify_id="../x")]) == [None, None]
    assert await features.measure([]) == []
    assert api.asked() == 0


async def test_unknown_tracks_are_none(features: ReccoBeatsFeatures) -> None:
    found = await features.measure([Track(UNKNOWN.spotify_id, isrc=UNKNOWN.isrc)])
    assert found == [None]


async def test_a_failed_batch_fails_all_as_unknown_would_be_a_guess(
    features: ReccoBeatsFeatures, api: ReccoBeats
) -> None:
    api.fail(Fault.ERROR)
    with pytest.raises(Unavailable):
        await features.measure([by_spotify(one) for one in SONGS])


async def test_one_row_with_impossible_values_does_not_spoil_the_others(
    session: aiohttp.ClientSession,
) -> None:
    broken = moved(SONGS[0], features={**(SONGS[0].features or {}), "energy": 7.0})
    async with ReccoBeats([broken, SONGS[1]], limits=False).running() as api:
        features = ReccoBeatsFeatures(HttpService("reccobeats", api.url, session))
        [bad, good] = await features.measure([by_spotify(broken), by_spotify(SONGS[1])])
        assert bad is None
        assert good is not None
        with pytest.raises(Unavailable, match="unexpected"):
            await features.measure([by_spotify(broken)])


async def test_many_tracks_are_looked_up_in_batches_by_id_and_isrc(
    api: ReccoBeats, session: aiohttp.ClientSession
) -> None:
    lookup = ReccoBeatsLookup(HttpService("reccobeats", api.url, session))
    asked = [by_spotify(SONGS[0]), Track(isrc=SONGS[1].isrc), Track("U" * 22, isrc=SONGS[2].isrc)]
    found = await lookup.get_all([*asked, Track("U" * 22), Track(title="no id")])
    titles = [track and track.title for track in found]
    assert titles == ["Song 0", "Song 1", "Song 2", None, None]
    assert api.asked() == 2
