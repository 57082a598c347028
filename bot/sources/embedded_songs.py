"""Famous songs with their features, embedded in the bot, so that it answers offline.

`python -m training catalogue` writes `songs.json` and describes its format.
"""

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.filing import GenreTags, Tag
from bot.domain.song_query import SongQuery
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from model.schema import read_all
from model.years import read_year

NAME: Final = "sample"
SONGS: Final = Path(__file__).with_name("songs.json")
MAX_RESULTS: Final = 10
MIN_SIMILARITY: Final = 0.75
"""Similarity of a misspelt search to a song's name, by difflib's ratio (0-1)."""

MIN_WORD_LENGTH: Final = 4
"""Letters; shorter words alone do not identify a song."""


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
        fuzzy: Whether searches also match parts of names and misspelt names.
    """

    name = NAME

    def __init__(self, songs: Sequence[EmbeddedSong], *, fuzzy: bool = False) -> None:
        self._fuzzy = fuzzy
        self._by_key = {song.track.key: song for song in songs}
        self._names = {song.track.key: _SongName.of(song.track) for song in songs}

    async def get(self, known: Track) -> Track | None:
        """Return the song with a Spotify id."""
        song = self._by_key.get(known.key)
        return song.track if song else None

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the songs whose title and artist the words name, shortest name first."""
        return self._matches(_normal(query.text))

    def _matches(self, query: str) -> Sequence[Track]:
        if not query:
            return []
        found = [key for key, name in self._names.items() if name.matches(query)]
        if self._fuzzy and not found:
            found = [key for key, name in self._names.items() if name.resembles(query)]
        found.sort(key=lambda key: len(self._names[key].whole))
        return [self._by_key[key].track for key in found[:MAX_RESULTS]]

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


@dataclass(frozen=True, slots=True)
class _SongName:
    """Normalised names of a song: title without " - Remastered", artists, and all together."""

    title: str
    artists: tuple[str, ...]
    whole: str

    @classmethod
    def of(cls, track: Track) -> "_SongName":
        return cls(
            _normal(track.title.partition(" - ")[0].partition(" (")[0]),
            tuple(_normal(artist) for artist in track.artists),
            _normal(f"{track.title} {' '.join(track.artists)}"),
        )

    def matches(self, query: str) -> bool:
        """Return whether `query` contains at least half of the title, and only title and artists.

        Artists unknown here are allowed if the whole title and a known artist are named.
        """
        words, title = set(query.split()), set(self.title.split())
        if 2 * len(title & words) < len(title):
            return False
        by_artist = any(set(artist.split()) <= words for artist in self.artists)
        return words <= set(self.whole.split()) or (title <= words and by_artist)

    def resembles(self, query: str) -> bool:
        """Return whether `query` is a distinctive part of the name, or similar to it."""
        words = set(query.split())
        distinctive = any(len(word) >= MIN_WORD_LENGTH for word in words)
        if distinctive and words <= set(self.whole.split()):
            return True
        short = f"{self.title} {' '.join(self.artists)}"
        return max(_similarity(query, name) for name in (self.title, short)) >= MIN_SIMILARITY


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


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    return " ".join(re.findall(r"\w+", letters))


def _similarity(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
