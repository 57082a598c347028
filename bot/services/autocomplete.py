"""Use case: suggest tracks, and the artist of them, while a person types."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.concurrency.single_flight import SingleFlight
from bot.domain import links, song_names
from bot.domain.collections import Artist
from bot.domain.errors import SoundslikeError, stack_of
from bot.domain.source_ports import ArtistSearch
from bot.domain.tracks import Track
from bot.services.search import SearchService, Suggestions

MIN_LENGTH: Final = 2
"""Characters; shorter text gives no suggestions."""

MIN_ARTIST_LENGTH: Final = 3
"""Characters of a name from which on an artist is suggested."""

TIME_LIMIT: Final = 2.0
"""Seconds; Discord discards suggestions that take 3."""

ARTIST_LIMIT: Final = 0.3
"""Seconds for an artist, which is asked for when the songs are known. One that takes longer is
suggested with the next letters.
"""

CACHE_SIZE: Final = 256

_log = logging.getLogger(__name__)


class Suggested(NamedTuple):
    """What fits a text that is being typed.

    Attributes:
        tracks: Songs, the likeliest first.
        artist: The artist whose name is being typed; None if no artist of these songs fits.
        is_complete: Whether all sources answered in time.
    """

    tracks: Sequence[Track]
    artist: Artist | None
    is_complete: bool


class AutocompleteService:
    """Searches tracks for partial input, with a cache.

    Args:
        search: Finds the tracks.
        artists: Finds artists; None without such a source.
    """

    def __init__(self, search: SearchService, artists: ArtistSearch | None = None) -> None:
        self._search = search
        self._artists = artists
        self._searches: SingleFlight[Suggestions] = SingleFlight(CACHE_SIZE)
        self._found_artists: SingleFlight[Artist | None] = SingleFlight(CACHE_SIZE)

    async def suggest(self, text: str) -> Sequence[Track]:
        """Return tracks that match the text so far; empty on failure or for a link."""
        return (await self._tracks(text)).tracks

    async def suggest_with_artist(self, text: str) -> Suggested:
        """Return tracks that match the text so far, and the artist whose name it begins.

        Nothing on failure or for a link.
        """
        found = await self._tracks(text)
        name = _typed_artist(text, found.tracks) if self._artists else None
        if self._artists is None or name is None:
            return Suggested(found.tracks, None, found.is_complete)
        try:
            async with asyncio.timeout(ARTIST_LIMIT):
                search = self._artists.artist
                artist = await self._found_artists.get(name.casefold(), lambda: search(name))
        except (SoundslikeError, TimeoutError) as error:
            _log.info("no artist to suggest: %s", stack_of(error))
            return Suggested(found.tracks, None, is_complete=False)
        return Suggested(found.tracks, artist, found.is_complete)

    async def close(self) -> None:
        """Cancel the searches in progress."""
        await self._searches.close()
        await self._found_artists.close()

    async def _tracks(self, text: str) -> Suggestions:
        text = " ".join(text.split())
        if len(text) < MIN_LENGTH or links.find(text).links:
            return Suggestions([], is_complete=True)
        key = text.casefold()
        try:
            async with asyncio.timeout(TIME_LIMIT):
                found = await self._searches.get(key, lambda: self._search.suggest(text))
        except (SoundslikeError, TimeoutError) as error:
            _log.info("no suggestions: %s", stack_of(error))
            return Suggestions([], is_complete=False)
        if not found.is_complete:
            self._searches.discard(key)  # a source that failed may answer next time
        return found


def _typed_artist(text: str, tracks: Sequence[Track]) -> str | None:
    """Return the artist of the tracks, the one with most of them, whose name a text begins."""
    typed = song_names.normal(text)
    if len(typed) < MIN_ARTIST_LENGTH:
        return None
    named = Counter(name for track in tracks for name in track.artists)
    fits = (name for name, _ in named.most_common() if song_names.normal(name).startswith(typed))
    return next(fits, None)
