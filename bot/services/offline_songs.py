"""Use case: offer songs that are answered without any outside service."""

from collections.abc import Sequence
from typing import Final

from bot.domain import ranking
from bot.domain.replies import MAX_CHOICES, Choice
from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.services.search import choices

MIN_SCORE: Final = 0.6
"""Built-in songs that fit less are no nearer to a search than any other."""


class OfflineSongs:
    """The built-in songs, for questions that cannot be answered while services are away."""

    def __init__(self, songs: Sequence[Track]) -> None:
        self._songs = songs

    def choices(self, asked: str | Track | None = None) -> tuple[Choice, ...]:
        """Return up to MAX_CHOICES built-in songs: those nearest by name, then some of any genre.

        Args:
            asked: The search, or the track as far as it is known.
        """
        if isinstance(asked, Track):
            asked = " - ".join([asked.title, *asked.artists])
        near = self._near(SongQuery.parse(asked)) if asked else []
        return choices([*near, *self._any()])

    def _near(self, query: SongQuery) -> list[Track]:
        ranked = ranking.rank(query, [self._songs], versions=False) if query.words else []
        return [found.track for found in ranked if found.score >= MIN_SCORE]

    def _any(self) -> Sequence[Track]:
        """Return some songs from all over the list, which is ordered by genre."""
        named = [song for song in self._songs if song.ref]
        return named[:: max(1, len(named) // MAX_CHOICES)]
