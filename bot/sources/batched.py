"""Questions about single tracks, asked together: the pace of a host allows few calls, but large."""

from collections.abc import Sequence
from typing import Protocol

from bot.concurrency.batcher import Batcher
from bot.domain.source_ports import FeatureProvider
from bot.domain.tracks import MeasuredTrack, Track


class ManyTracks(Protocol):
    """Source that can look up several tracks in one call."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def get_all(self, tracks: Sequence[Track]) -> Sequence[Track | None]:
        """Return what the source knows of each track; raise Unavailable."""


class BatchedLookup:
    """Implements TrackLookup; tracks that are asked for during a call are asked for together."""

    def __init__(self, lookup: ManyTracks, limit: int) -> None:
        """Store the source, and the number of tracks that it takes in one call."""
        self.name = lookup.name
        self._batcher = Batcher(lookup.get_all, limit)

    async def get(self, known: Track) -> Track | None:
        """Return what the source knows of a recording; raise Unavailable."""
        return await self._batcher.submit(known)


class BatchedFeatures:
    """Implements FeatureProvider with another one, as `BatchedLookup` does.

    Several tracks in one question are passed on as they are.
    """

    def __init__(self, provider: FeatureProvider, limit: int) -> None:
        """Store the source, and the number of tracks that it takes in one call."""
        self.name = provider.name
        self._provider = provider
        self._batcher = Batcher(provider.measure, limit)

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its features; raise Unavailable."""
        if len(tracks) == 1:
            return [await self._batcher.submit(tracks[0])]
        return await self._provider.measure(tracks)
