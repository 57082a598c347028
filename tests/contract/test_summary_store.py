"""Contract of SummaryStore, for databases and the fake."""

from dataclasses import replace

import pytest

from bot.domain.collections import CollectionTrack
from bot.domain.music_services import MusicService
from bot.domain.replies import Summary
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from tests.contract.all_stores import Stores
from tests.support.fake_collections import SPOTIFY_PLAYLIST, listed, summary
from tests.support.store_values import OTHER_PLACE, PLACE, TRACK

TRACKS = (
    CollectionTrack(2, TRACK, "country", 0.5),
    CollectionTrack(3, Track(title="演歌 🎵", artists=("“A”", "B\\")), "folk", 1 / 3),
    listed(100),
)
SUMMARY = summary(
    tracks=TRACKS,
    ref=SubjectRef(SubjectKind.ALBUM, "us/1440870373", MusicService.APPLE_MUSIC),
    count=240,
    read=100,
    unmeasured=90,
    unasked=7,
    sources=("reccobeats", "sample"),
    found_by_title=True,
)


async def test_stored_summary_is_returned_unchanged(stores: Stores) -> None:
    stored = await stores.summaries.add(SUMMARY, PLACE)
    found = await stores.summaries.get(stored.id)
    assert found == stored == Summary(stored.id, SUMMARY)
    assert list(found.answer.genres) == list(SUMMARY.genres)


async def test_summary_of_one_track_without_optional_values(stores: Stores) -> None:
    small = summary(1, ref=SPOTIFY_PLAYLIST, artists=(), url=None, image=None, sources=())
    small = replace(small, features={}, spread={}, typical={})
    stored = await stores.summaries.add(small, PLACE)
    assert await stores.summaries.get(stored.id) == Summary(stored.id, small)


async def test_summaries_of_one_collection_are_stored_apart(stores: Stores) -> None:
    first, second = [await stores.summaries.add(SUMMARY, place) for place in (PLACE, OTHER_PLACE)]
    assert first.id != second.id


@pytest.mark.parametrize("summary_id", [0, -1, 77, 2**31, 10**30])
async def test_unknown_summary_is_none(stores: Stores, summary_id: int) -> None:
    await stores.summaries.add(SUMMARY, PLACE)
    assert await stores.summaries.get(summary_id) is None


async def test_summary_is_known_in_its_own_place_only(stores: Stores) -> None:
    stored = await stores.summaries.add(SUMMARY, PLACE)
    assert await stores.summaries.get(stored.id, PLACE) == stored
    other = await stores.summaries.add(SUMMARY, PLACE)
    await stores.summaries.add(SUMMARY, OTHER_PLACE)
    wanted = [stored.id, other.id, other.id + 1, 77, 10**30]
    both = {stored.id: stored, other.id: other}
    assert await stores.summaries.get_all(wanted, PLACE) == both
    assert await stores.summaries.get_all([], PLACE) == {}
    parts = ("platform", "workspace", "channel")
    others = [OTHER_PLACE, *(replace(PLACE, **{part: "another"}) for part in parts)]
    assert [await stores.summaries.get(stored.id, place) for place in others] == [None] * 4
