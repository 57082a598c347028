"""Famous songs with their features, embedded in the bot, so that it answers offline.

`python -m training catalogue` writes `songs.json` and describes its format.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain import ranking
from bot.domain.filing import GenreTags, Tag
from bot.domain.ranking import Candidate
from bot.domain.song_query import SongQuery
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from model.schema import read_all
from model.years import read_year

NAME: Final = "sample"
SONGS: Final = Path(__file__).with_name("songs.json")
MAX_RESULTS: Final = 10
EXACT_SCORE: Final = 0.94
"""Score of a search that names a song, its title alone or with the artist, without a mistake."""

MIN_LETTERS: Final = 4
"""Letters that identify a song by the beginning of its name."""

MIN_TYPED: Final = 2
"""Letters from which on the beginning of a name is suggested."""


@dataclass(frozen=True, slots=True)
class EmbeddedSong:
    """An embedded song.

    Attributes:
        track: The song.
        features: Its features.
        genre: The genre that it is an example of.
        tags: The genres under which the training tables file it.
    """

    track: Track
    features: AudioFeatures
    genre: str
    tags: GenreTags | None = None


def load(path: Path = SONGS) -> tuple[EmbeddedSong, ...]:
    """Read the songs of a file."""
    return tuple(_song(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["songs"])


class EmbeddedSongs:
    """Implements TrackLookup, TrackSearch, FeatureProvider and GenreTagSource.

    Args:
        songs: The songs.
        fuzzy: Whether searches also match misspelt names, beginnings of names and artists.
        min_letters: Length of a beginning from which on it matches.
    """

    name = NAME

    def __init__(
        self,
        songs: Sequence[EmbeddedSong],
        *,
        fuzzy: bool = False,
        min_letters: int = MIN_LETTERS,
    ) -> None:
        self._fuzzy = fuzzy
        self._min_letters = min_letters
        self._by_key = {song.track.key: song for song in songs}
        self._tracks = [song.track for song in songs]

    @property
    def famous(self) -> Sequence[Track]:
        """One song of each genre."""
        first = {song.genre: song.track for song in reversed(self._by_key.values())}
        return list(first.values())[::-1]

    async def get(self, known: Track) -> Track | None:
        """Return the song with a Spotify id."""
        song = self._by_key.get(known.key)
        return song.track if song else None

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the songs that the words name, the best match first."""
        if not query.words:
            return []
        ranked = ranking.rank(query, [self._tracks], versions=False)
        return [found.track for found in ranked if self._fits(query, found)][:MAX_RESULTS]

    def _fits(self, query: SongQuery, found: Candidate) -> bool:
        if not self._fuzzy:
            return found.score >= EXACT_SCORE and not found.fit.by_artist
        if found.score >= ranking.MIN_SCORE:
            return True
        begins = f" {query.words}" in f" {found.name.full} {' '.join(found.name.artists)}"
        return begins and len(query.words) >= self._min_letters

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each song with its features."""
        songs = [self._by_key.get(track.key) for track in tracks]
        return [
            MeasuredTrack(track.merge(song.track), song.features) if song else None
            for track, song in zip(tracks, songs, strict=True)
        ]

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the genres under which the training tables file a song."""
        song = self._by_key.get(track.key)
        return song.tags if song else None


def _song(entry: Mapping[str, object]) -> EmbeddedSong:
    match entry:
        case {
            "id": str() | None as track_id,
            "title": str(title),
            "artists": list(artists),
            "genre": str(genre),
            "features": {**features},
        }:
            values = read_all(features)
            url = f"https://open.spotify.com/track/{track_id}" if track_id else None
            duration = values.get("duration_ms")
            track = Track(
                spotify_id=track_id,
                title=title,
                artists=tuple(str(name) for name in artists),
                url=url,
                duration_ms=None if duration is None else int(duration),
                duration_source=None if duration is None else NAME,
                year=read_year(entry.get("year")),
            )
            tags = _tags(entry.get("filed_under"))
            return EmbeddedSong(track, AudioFeatures.from_source(values, NAME), genre, tags)
        case _:
            raise ValueError(f"no song: {entry}")


def _tags(filed_under: object) -> GenreTags | None:
    match filed_under:
        case {"genres": [*genres], "source": str(source)}:
            return GenreTags(tuple(Tag(str(genre), 1) for genre in genres), source)
        case None:
            return None
        case _:
            raise ValueError(f"not filed: {filed_under}")
