"""Measures what the sources are asked: by a cold track, by many people, by a day of pastes.

The first figures are of the whole bot against the stand-ins of all services on loopback; the day of
pastes is of its caches over sources that answer at once. Runs alone as well:

python -m tests.bench.upstream [PASTES]
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from bot.domain.cards import Card
from bot.domain.filing import GenreTags, Tag
from bot.domain.places import Message, Place
from bot.domain.tracks import AudioFeatures, MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings
from bot.services.ask import AskService
from bot.services.filing import FiledUnderService
from bot.services.measure import MeasureService
from bot.sources.cached import ISRC, SPOTIFY, CachedFeatures, CachedLookup, CachedTags
from bot.sources.reply_cache import Cache
from bot.storage.engine import open_database
from bot.storage.source_cache import SqlSourceCache
from bot.storage.stores import utc_now
from model.tag_taxonomy import load_taxonomy
from tests.bench.table import Row, milliseconds, show
from tests.stubs.music.catalogue import Song, song
from tests.stubs.music.world import MusicWorld
from tests.support.factories import VALUES
from tests.support.fakes import FakePages

PLACE: Final = Place("web", "local", "chat")
COLD: Final = 20
PEOPLE: Final = 100
CACHED_SECONDS: Final = 0.005
MAX_CALLS: Final = 2

PASTES: Final = 100_000
TRACKS_SHARE: Final = 5
"""Pastes for each track that exists."""

SEED: Final = 7
TOGETHER: Final = 50
"""Pastes at the same time."""

HOURS: Final = 24
RECCOBEATS_PER_HOUR: Final = 3600 / 0.72
"""Batches that a client measured with a pause of 120 ms (a batch takes 720 ms)."""

MUSICBRAINZ_PER_HOUR: Final = 3600


def measure(scratch: Path, pastes: int = PASTES) -> Iterator[Row]:
    """Yield the rows."""
    scratch.mkdir(exist_ok=True)
    yield from asyncio.run(_whole_bot(scratch))
    yield from asyncio.run(_day(scratch, pastes))


async def _whole_bot(scratch: Path) -> Sequence[Row]:
    songs = [song(f"Song {number}", f"Artist {number}", tags={"folk": 3}) for number in range(COLD)]
    popular = song("Popular", "Everybody", tags={"pop": 9})
    async with MusicWorld([*songs, popular], limits=False).running() as world:
        addresses: dict[str, Any] = dict(world.settings)
        settings = Settings(**addresses, contact="bench@example.org", data_dir=scratch)
        async with open_services(settings) as opened:
            ask = opened.services.ask
            cold = [await _calls(world, ask, one) for one in songs]
            before = Counter(world.asked())
            await asyncio.gather(*(_paste(ask, popular, str(n)) for n in range(PEOPLE)))
            shared = Counter(world.asked()) - before
            memory = [await _seconds(ask, one) for one in songs]
        async with open_services(settings) as opened:
            stored = [await _seconds(opened.services.ask, one) for one in songs]
    worst, median = max(cold), sorted(cold)[COLD // 2]
    kept, read = sorted(memory)[COLD // 2], sorted(stored)[COLD // 2]
    return [
        Row(
            "upstream calls for a cold link",
            f"{median}, at most {worst}",
            "",
            f"at most {MAX_CALLS} in the common case",
            median <= MAX_CALLS,
        ),
        Row(
            f"{PEOPLE} people paste one new link",
            ", ".join(f"{name} {count}" for name, count in sorted(shared.items())),
            "",
            "one call to each source",
            set(shared.values()) == {1},
        ),
        Row(
            "card of a cached track, without drawing",
            f"{milliseconds(kept)}; {milliseconds(read)} after a restart",
            "",
            f"under {milliseconds(CACHED_SECONDS)}",
            max(kept, read) < CACHED_SECONDS,
        ),
    ]


async def _calls(world: MusicWorld, ask: AskService, one: Song) -> int:
    before = sum(world.asked().values())
    await _paste(ask, one, one.title)
    return sum(world.asked().values()) - before


async def _seconds(ask: AskService, one: Song) -> float:
    start = time.perf_counter()
    await _paste(ask, one, one.title)
    return time.perf_counter() - start


async def _paste(ask: AskService, one: Song, message: str) -> None:
    text = f"https://open.spotify.com/track/{one.spotify_id}"
    (reply,) = await ask.answer_question(Message(PLACE, message, "somebody", text))
    if not isinstance(reply, Card):
        raise TypeError(f"no card: {reply}")


class _Instant:
    """Implements FeatureProvider, TrackLookup and GenreTagSource; counts the calls."""

    name = "instant"

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        self.calls["reccobeats"] += 1
        features = AudioFeatures.from_source(VALUES, self.name)
        return [
            MeasuredTrack(track.merge(Track(isrc=f"ISRC{track.spotify_id}")), features)
            for track in tracks
        ]

    async def get(self, known: Track) -> Track | None:
        self.calls["musicbrainz"] += 1
        return known.merge(Track(title="Title", artists=("Artist",), year=2000))

    async def tags(self, track: Track) -> GenreTags | None:
        del track
        return GenreTags((Tag("folk", 1.0),), self.name)


async def _day(scratch: Path, pastes: int) -> Sequence[Row]:
    count = pastes // TRACKS_SHARE
    ids = [f"{number:022}" for number in range(count)]
    chance = random.Random(SEED)  # noqa: S311 - a reproducible load
    pasted = chance.choices(ids, [1 / (rank + 1) for rank in range(count)], k=pastes)
    source, path = _Instant(), scratch / "zipf.db"
    start = time.perf_counter()
    async with open_database(path) as database:
        cache = Cache(SqlSourceCache(database, utc_now), b"key")
        measuring = _measuring(source, cache)
        for first in range(0, pastes, TOGETHER):
            refs = (SubjectRef(SubjectKind.TRACK, one) for one in pasted[first : first + TOGETHER])
            await asyncio.gather(*map(measuring.by_ref, refs))
        await cache.close()
    seconds = time.perf_counter() - start
    distinct = len(set(pasted))
    hits = 1 - source.calls["reccobeats"] / pastes
    size = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) / distinct
    hourly = {name: calls / HOURS for name, calls in source.calls.items()}
    asked_once = set(source.calls.values()) == {distinct}
    return [
        Row(
            f"{pastes:,} pastes of {distinct:,} tracks (Zipf), hit rate",
            f"{hits:.1%}, {seconds / pastes * 1e3:.2f} ms a paste, {size / 1000:.1f} kB a track",
            "",
            "each track asked for once",
            asked_once,
        ),
        Row(
            "calls an hour if that is one day",
            ", ".join(f"{name} {calls:.0f}" for name, calls in sorted(hourly.items())),
            "",
            f"musicbrainz {MUSICBRAINZ_PER_HOUR}, reccobeats {RECCOBEATS_PER_HOUR:.0f} batches",
            hourly["musicbrainz"] <= MUSICBRAINZ_PER_HOUR
            and hourly["reccobeats"] <= RECCOBEATS_PER_HOUR,
        ),
    ]


def _measuring(source: _Instant, cache: Cache) -> MeasureService:
    async def by_name(track: Track) -> Track | None:
        del track
        return None

    filing = FiledUnderService([CachedTags(source, cache, (ISRC,))], load_taxonomy())
    return MeasureService(
        pages=FakePages({}),
        by_name=by_name,
        features=CachedFeatures(source, cache, (SPOTIFY, ISRC)),
        lookups=[],
        details=[CachedLookup(source, cache, (ISRC,))],
        filing=filing,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else PASTES):
            show(row)
