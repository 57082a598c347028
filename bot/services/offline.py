"""Use case: songs that can be answered while the music services cannot be reached."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.domain import links
from bot.domain.replies import Choice
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import FeatureProvider, TrackSearch
from bot.domain.tracks import MeasuredTrack, Track
from bot.services.measure import Filing
from bot.services.search import choices


class OfflineSongs(Protocol):
    """Knows songs that need no music service."""

    async def like(self, song: str) -> Sequence[Choice]:
        """Return songs like the one with these words; famous ones if none is alike."""

    async def measured(self, songs: Sequence[str]) -> Sequence[MeasuredTrack]:
        """Return the songs with these names, as in "song - artist"; unknown ones are left out.

        With their features and filed genres.
        """


class BuiltInSongs:
    """Implements OfflineSongs.

    Args:
        search: Finds built-in songs with similar names.
        famous: Songs to offer if none is alike.
        features: Measures built-in songs.
        filing: Finds their filed genres.
    """

    def __init__(
        self,
        search: TrackSearch,
        famous: Sequence[Track],
        features: FeatureProvider,
        filing: Filing,
    ) -> None:
        self._search = search
        self._famous = famous
        self._features = features
        self._filing = filing

    async def like(self, song: str) -> Sequence[Choice]:
        """Return songs like the one with these words; famous ones for a link or other words."""
        is_link = links.parse(f"https://{song}") is not None
        found = () if is_link else await self._search.search(SongQuery.parse(song))
        return choices(found or self._famous)

    async def measured(self, songs: Sequence[str]) -> Sequence[MeasuredTrack]:
        """Return the songs with these names, as in "song - artist"; unknown ones are left out."""
        found = [await self._search.search(SongQuery.parse(song)) for song in songs]
        measured = await self._features.measure([tracks[0] for tracks in found if tracks])
        return [
            replace(one, filed_under=await self._filing.filed_under(one.track))
            for one in measured
            if one
        ]
