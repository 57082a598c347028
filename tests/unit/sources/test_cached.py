"""Sources behind the cache: what is asked for once, what is stored, and what is not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.collections import Collection
from bot.domain.errors import Unavailable
from bot.domain.filing import GenreTags, Tag
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources.cached import (
    ISRC,
    SPOTIFY,
    CachedCollections,
    CachedFeatures,
    CachedLookup,
    CachedPages,
    CachedSearch,
    CachedTags,
)
from bot.sources.reply_cache import SEARCHES, TRACKS, Cache
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_source_cache import FakeSourceCache
from tests.support.fakes import FakeFeatures, FakeLookup, FakePages

ON_DEEZER = SubjectRef(SubjectKind.TRACK, "3135556", MusicService.DEEZER)
FULL = track(isrc="USSM11904128", duration_ms=157_067, duration_source="fake", year=2019)


class Clock:
    """Shows `time`."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> FakeSourceCache:
    return FakeSourceCache(clock)


@pytest.fixture
async def cache(store: FakeSourceCache) -> AsyncIterator[Cache]:
    opened = Cache(store, b"key")
    yield opened
    await opened.close()


async def test_a_track_is_asked_for_once_by_all_processes(store: FakeSourceCache) -> None:
    lookup = FakeLookup(FULL)
    for _ in range(2):  # the second has nothing in memory
        cache = Cache(store, b"key")
        assert await CachedLookup(lookup, cache, (SPOTIFY,)).get(Track(OLD_TOWN_ROAD)) == FULL
        await cache.close()
    assert lookup.asked == 1


async def test_concurrent_callers_share_a_call(cache: Cache) -> None:
    lookup = FakeLookup(FULL)
    cached = CachedLookup(lookup, cache, (SPOTIFY,))
    found = await asyncio.gather(*(cached.get(Track(OLD_TOWN_ROAD)) for _ in range(100)))
    assert (found, lookup.asked) == ([FULL] * 100, 1)


async def test_unknown_is_kept_for_a_shorter_time(
    cache: Cache, clock: Clock, store: FakeSourceCache
) -> None:
    lookup = FakeLookup()
    cached = CachedLookup(lookup, cache, (SPOTIFY,))
    for _ in range(2):
        assert await cached.get(Track(OLD_TOWN_ROAD)) is None
        await written(store)
    assert lookup.asked == 1
    clock.time += TRACKS.unknown + timedelta(seconds=1)
    lookup.tracks.append(FULL)
    assert await cached.get(Track(OLD_TOWN_ROAD)) == FULL


async def test_a_failure_is_not_kept(cache: Cache) -> None:
    lookup = FakeLookup(FULL, away=True)
    cached = CachedLookup(lookup, cache, (SPOTIFY,))
    with pytest.raises(Unavailable):
        await cached.get(Track(OLD_TOWN_ROAD))
    lookup.away = False
    assert await cached.get(Track(OLD_TOWN_ROAD)) == FULL


async def test_without_its_database_the_cache_is_skipped(
    cache: Cache, store: FakeSourceCache, caplog: pytest.LogCaptureFixture
) -> None:
    store.broken = True
    cached = CachedLookup(FakeLookup(FULL), cache, (SPOTIFY,))
    assert await cached.get(Track(OLD_TOWN_ROAD)) == FULL
    await cache.close()
    assert "cache not read" in caplog.text
    assert "cache not written" in caplog.text


async def test_a_reply_that_another_version_stored_is_asked_for_again(
    cache: Cache, store: FakeSourceCache
) -> None:
    await store.write(
        "fake/tracks", {f"spotify:{OLD_TOWN_ROAD}": {"title": 7, "artists": 7}}, TRACKS.known
    )
    cached = CachedLookup(FakeLookup(FULL), cache, (SPOTIFY,))
    assert await cached.get(Track(OLD_TOWN_ROAD)) == FULL


async def test_a_track_without_an_id_of_the_source_is_not_asked_for(cache: Cache) -> None:
    lookup = FakeLookup(FULL)
    assert await CachedLookup(lookup, cache, (ISRC,)).get(Track(OLD_TOWN_ROAD)) is None
    assert lookup.asked == 0


async def test_features_are_stored_with_the_ids_that_the_source_told(
    store: FakeSourceCache,
) -> None:
    features = FakeFeatures({OLD_TOWN_ROAD: VALUES}, isrcs={OLD_TOWN_ROAD: "USSM11904128"})
    for asked in (Track(OLD_TOWN_ROAD), track()):
        cache = Cache(store, b"key")
        (found,) = await CachedFeatures(features, cache, (SPOTIFY, ISRC)).measure([asked])
        await cache.close()
        assert found is not None
        assert (found.features.values, found.features.source) == (VALUES, "fake")
        assert found.track == asked.merge(Track(isrc="USSM11904128"))
    assert features.asked == 1


async def test_of_many_tracks_only_those_that_are_not_stored_are_asked_for(
    cache: Cache, store: FakeSourceCache
) -> None:
    features = FakeFeatures({OLD_TOWN_ROAD: VALUES, HEROES: VALUES})
    asked: list[Sequence[Track]] = []
    measure = features.measure

    async def recorded(tracks: Sequence[Track]) -> Sequence[object]:
        asked.append(tracks)
        return await measure(tracks)

    features.measure = recorded  # type: ignore[method-assign, assignment] # the test's fake
    cached = CachedFeatures(features, cache, (SPOTIFY, ISRC))
    await cached.measure([track()])
    await written(store)
    nameless, unknown = Track(title="x", artists=("y",)), Track("0" * 22)
    found = await cached.measure([nameless, track(HEROES), track(), unknown, track(HEROES)])
    assert [bool(measured) for measured in found] == [False, True, True, False, True]
    assert asked == [[track()], [track(HEROES), unknown]]


async def test_a_search_is_stored_under_a_keyed_hash_for_a_day_at_most(
    cache: Cache, store: FakeSourceCache, clock: Clock
) -> None:
    lookup = FakeLookup(FULL)
    cached = CachedSearch(lookup, cache)
    for text in ("Old Town  Road", "old town road"):
        assert list(await cached.search(SongQuery(text))) == [FULL]
        await written(store)
    assert lookup.asked == 1
    assert "town" not in str(list(store.rows))
    assert cache.search_key("old town road") != Cache(store, b"other").search_key("old town road")
    assert SEARCHES.known <= timedelta(days=1)
    clock.time += timedelta(days=1, seconds=1)
    await cached.search(SongQuery("old town road"))
    assert lookup.asked == 2


async def test_pages_tags_and_collections_are_stored(store: FakeSourceCache) -> None:
    tags = GenreTags((Tag("country rap", 0.7),), "fake")
    album = Collection(ON_DEEZER, "7 EP", ("Lil Nas X",), None, None, 8, (FULL,))
    counted = {"tags": 0, "albums": 0}

    class Source:
        name = "fake"

        async def tags(self, track: Track) -> GenreTags | None:
            del track
            counted["tags"] += 1
            return tags

        async def get(self, ref: SubjectRef) -> Collection | None:
            del ref
            counted["albums"] += 1
            return album

    for _ in range(2):
        cache = Cache(store, b"key")
        pages = CachedPages(FakePages({ON_DEEZER: FULL}), cache)
        assert await pages.get(ON_DEEZER) == FULL
        assert await CachedTags(Source(), cache, (ISRC,)).tags(track()) == tags
        assert await CachedCollections(Source(), cache, "fake").get(ON_DEEZER) == album
        await cache.close()
    assert counted == {"tags": 1, "albums": 1}


async def written(store: FakeSourceCache) -> None:
    """Let the background write of a reply happen."""
    before = store.writes
    for _ in range(20):
        if store.writes > before:
            return
        await asyncio.sleep(0)


async def test_a_reply_is_read_before_it_is_stored(cache: Cache) -> None:
    lookup = FakeLookup(FULL)
    cached = CachedLookup(lookup, cache, (SPOTIFY,))
    assert await cached.get(Track(OLD_TOWN_ROAD)) == FULL
    assert await cached.get(Track(OLD_TOWN_ROAD)) == FULL
    assert lookup.asked == 1
