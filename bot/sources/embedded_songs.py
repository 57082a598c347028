"""The embedded catalogue: famous songs whose figures come with the bot, so that it works offline.

`songs.json` is written by `python -m training catalogue`; its format is described there.
"""

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.tracks import AudioFeatures, Track
from model.schema import read_all

NAME: Final = "sample"
SONGS: Final = Path(__file__).with_name("songs.json")
MOST_RESULTS: Final = 10
SIMILAR: Final = 0.75
"""How alike a misspelt search and a song must be, on difflib's scale of 0-1."""

TELLING: Final = 4
"""A word of fewer letters says little about which song is meant."""


@dataclass(frozen=True, slots=True)
class EmbeddedSong:
    """One entry of the catalogue; `genre` is the one that it stands there for."""

    track: Track
    features: AudioFeatures
    genre: str


def load(path: Path = SONGS) -> tuple[EmbeddedSong, ...]:
    """Read the songs of a catalogue file."""
    return tuple(_song(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["songs"])


class EmbeddedSongs:
    """Both a catalog and a feature provider: it knows its songs whole.

    A `forgiving` one, to be asked last, also finds songs by a part of their names and songs whose
    names are misspelt.
    """

    def __init__(self, songs: Sequence[EmbeddedSong], *, forgiving: bool = False) -> None:
        self._forgiving = forgiving
        self._by_key = {song.track.key: song for song in songs}
        self._names = {song.track.key: _SongName.of(song.track) for song in songs}

    async def get(self, track_id: str) -> Track | None:
        """Look a song up by its Spotify id."""
        song = self._by_key.get(track_id)
        return song.track if song else None

    async def search(self, text: str) -> Sequence[Track]:
        """Find songs whose title and artist `text` names; the shortest names come first."""
        typed = _normal(text)
        if not typed:
            return []
        found = [key for key, name in self._names.items() if name.is_named_by(typed)]
        if self._forgiving and not found:
            found = [key for key, name in self._names.items() if name.is_meant_by(typed)]
        found.sort(key=lambda key: len(self._names[key].whole))
        return [self._by_key[key].track for key in found[:MOST_RESULTS]]

    async def features(self, track: Track) -> AudioFeatures | None:
        """Return a song's figures."""
        song = self._by_key.get(track.key)
        return song.features if song else None


@dataclass(frozen=True, slots=True)
class _SongName:
    """A song's name: the title without " - Remastered", the artists, and all of it."""

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

    def is_named_by(self, typed: str) -> bool:
        """Whether `typed` names at least half of the title, and nothing but title and artists.

        More artists may be named than the table does, if one of the table's is.
        """
        words, title = set(typed.split()), set(self.title.split())
        if 2 * len(title & words) < len(title):
            return False
        by_artist = any(set(artist.split()) <= words for artist in self.artists)
        return words <= set(self.whole.split()) or (title <= words and by_artist)

    def is_meant_by(self, typed: str) -> bool:
        """Whether `typed` is a telling part of the name, or spelt much like it."""
        words = set(typed.split())
        telling = any(len(word) >= TELLING for word in words)
        if telling and words <= set(self.whole.split()):
            return True
        short = f"{self.title} {' '.join(self.artists)}"
        return max(_likeness(typed, name) for name in (self.title, short)) >= SIMILAR


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
                id=track_id,
                title=title,
                artists=tuple(str(name) for name in artists),
                url=url,
                duration_ms=None if duration is None else int(duration),
            )
            return EmbeddedSong(track, AudioFeatures(values, NAME), genre)
        case _:
            raise ValueError(f"no song: {entry}")


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    return " ".join(re.findall(r"\w+", letters))


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
