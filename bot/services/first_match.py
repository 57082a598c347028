"""Use case: find songs by name, in the first source that has a match."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.errors import Unavailable
from bot.domain.replies import Choice
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import TrackSearch
from bot.domain.tracks import Track


class Found(NamedTuple):
    """The first match."""

    best: Track | None
    close: tuple[Track, ...]


class FirstMatch:
    """Asks sources in order of preference."""

    def __init__(self, searches: Sequence[TrackSearch]) -> None:
        self._searches = searches

    async def find(self, text: str) -> Found:
        """Return the first match; raise Unavailable if there is none and a source failed."""
        return Found(next(iter(await self.suggest(text)), None), ())

    def offline_choices(self, text: str) -> tuple[Choice, ...]:
        """Return nothing."""
        del text
        return ()

    async def suggest(self, text: str) -> Sequence[Track]:
        """Return the matches of the first source that has any; raises as `find` does."""
        unavailable: Unavailable | None = None
        for search in self._searches:
            try:
                found = await search.search(SongQuery(text))
            except Unavailable as error:
                unavailable = unavailable or error
            else:
                if found:
                    return found
        if unavailable:
            raise unavailable
        return []

    async def by_name(self, track: Track) -> Track | None:
        """Return the match of a track's title and artists."""
        return (await self.find(" - ".join([track.title, *track.artists]))).best
