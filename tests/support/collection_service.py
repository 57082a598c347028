"""The service of collections on fakes, for its tests."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.errors import Unavailable
from bot.domain.source_ports import CollectionLookup, CollectionSearch, TrackLookup
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.services.collections import CollectionService
from tests.support.factories import VALUES
from tests.support.fake_collections import FakeCollections, collection, songs
from tests.support.fake_stores import FakeSummaryStore
from tests.support.fakes import FakeModelRegistry, FakeRenderer

AWAY: Final = Unavailable("reccobeats", "away")


class Provider:
    """Measures all songs, each batch in `seconds`, except for what a test says.

    Attributes:
        batches: Sizes of the batches it was asked for.
        unknown: Spotify ids whose features it does not know.
        failing: Numbers of the batches that fail, from 0.
        partly: What it returns for single songs, by Spotify id.
    """

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.batches: list[int] = []
        self.unknown: set[str] = set()
        self.failing: set[int] = set()
        self.partly: Mapping[str | None, Unavailable] = {}

    async def measure_each(
        self, tracks: Sequence[Track]
    ) -> Sequence[MeasuredTrack | Unavailable | None]:
        self.batches.append(len(tracks))
        await asyncio.sleep(self.seconds)
        if len(self.batches) - 1 in self.failing:
            raise AWAY
        return [self.partly.get(one.spotify_id) or self.measured_one(one) for one in tracks]

    def measured_one(self, one: Track) -> MeasuredTrack | None:
        key = one.spotify_id or one.isrc
        if key is None or key in self.unknown:
            return None
        return MeasuredTrack(one, AudioFeatures.from_source(dict(VALUES), "reccobeats"))


def service(
    *lookups: CollectionLookup,
    search: CollectionSearch | None = None,
    provider: Provider | None = None,
    track_lookups: Sequence[TrackLookup] = (),
    renderer: FakeRenderer | None = None,
    time_limit: float = 60,
) -> CollectionService:
    return CollectionService(
        lookups=lookups,
        search=search,
        features=provider or Provider(),
        track_lookups=track_lookups,
        models=FakeModelRegistry(),
        summaries=FakeSummaryStore(),
        renderer=renderer or FakeRenderer(),
        time_limit=time_limit,
    )


def known(count: int = 8, **fields: Any) -> FakeCollections:
    return FakeCollections(collection(songs(count), **fields))


def ids(*numbers: int) -> set[str]:
    return {f"{number:022d}" for number in numbers}
