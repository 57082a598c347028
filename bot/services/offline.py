"""Use case: offer songs that can be answered while the music services cannot be reached."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain import links
from bot.domain.replies import Choice
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import TrackSearch
from bot.domain.tracks import Track
from bot.services.search import choices


class OfflineSongs(Protocol):
    """Knows songs that need no music service."""

    async def like(self, song: str) -> Sequence[Choice]:
        """Return songs like the one with these words; famous ones if none is alike."""


class BuiltInSongs:
    """Implements OfflineSongs.

    Args:
        search: Finds built-in songs with similar names.
        famous: Songs to offer if none is alike.
    """

    def __init__(self, search: TrackSearch, famous: Sequence[Track]) -> None:
        self._search = search
        self._famous = famous

    async def like(self, song: str) -> Sequence[Choice]:
        """Return songs like the one with these words; famous ones for a link or other words."""
        is_link = links.parse(f"https://{song}") is not None
        found = () if is_link else await self._search.search(SongQuery.parse(song))
        return choices(found or self._famous)
