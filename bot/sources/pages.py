"""The pages of all music services behind one port."""

from collections.abc import Mapping

from bot.domain.music_services import MusicService
from bot.domain.source_ports import PageLookup
from bot.domain.tracks import SubjectRef, Track


class PagesByService:
    """Implements PageLookup with one look-up for each service."""

    def __init__(self, lookups: Mapping[MusicService, PageLookup]) -> None:
        self._lookups = lookups

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return what a track's page says of it; None without a page; raise Unavailable."""
        lookup = self._lookups.get(ref.service)
        return await lookup.get(ref) if lookup else None
