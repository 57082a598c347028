"""Search in one fake source; every first match is the song that is meant."""

from collections.abc import Sequence

from bot.domain.ranking import Matches
from bot.domain.replies import Choice
from bot.domain.song_query import SongQuery
from bot.domain.tracks import MeasuredTrack
from bot.services.search import SearchService, Suggestions
from tests.support.fakes import FakeLookup


class FakeSearch(SearchService):
    """Finds what a fake source finds, without ranking it; if `unsure`, the song is not clear."""

    def __init__(self, lookup: FakeLookup) -> None:
        super().__init__(built_in=lookup, fast=())
        self._lookup = lookup
        self.unsure = False

    async def find(self, text: str) -> Matches:
        found = await self._lookup.search(SongQuery(text))
        if self.unsure:
            return Matches(close=tuple(found))
        return Matches(next(iter(found), None), is_sure=bool(found))

    async def suggest(self, text: str, seconds: float = 0) -> Suggestions:
        del seconds
        return Suggestions(list(await self._lookup.search(SongQuery(text))), is_complete=True)


class FakeOffline:
    """Offers the given songs, and knows those in `songs` by any name."""

    def __init__(self, *offered: Choice) -> None:
        self.offered = offered
        self.songs: Sequence[MeasuredTrack] = ()

    async def like(self, song: str) -> Sequence[Choice]:
        del song
        return self.offered

    async def measured(self, songs: Sequence[str]) -> Sequence[MeasuredTrack]:
        del songs
        return self.songs
