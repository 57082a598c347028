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

from bot.values import AudioFeatures, Track
from model.schema import read_all

NAME: Final = "sample"
SONGS: Final = Path(__file__).with_name("songs.json")
MOST_RESULTS: Final = 10
SIMILAR: Final = 0.75
"""How alike a misspelt search and a song must be, on difflib's scale of 0-1."""


@dataclass(frozen=True, slots=True)
class Song:
    """One entry of the catalogue. `year` is that of its release, None where no table gives it."""

    track: Track
    features: AudioFeatures
    year: int | None
    genre: str


def load(path: Path = SONGS) -> tuple[Song, ...]:
    """Read the songs of a catalogue file."""
    return tuple(_song(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["songs"])


class SampleCatalog:
    """Both a catalog and a feature provider: it knows its songs whole.

    A `forgiving` one also finds songs whose names are misspelt.
    """

    def __init__(self, songs: Sequence[Song], *, forgiving: bool = False) -> None:
        self._forgiving = forgiving
        self._by_key = {song.track.key: song for song in songs}
        self._words = {song.track.key: _normal(_name(song.track)) for song in songs}

    async def get(self, track_id: str) -> Track | None:
        """Look a song up by its Spotify id."""
        song = self._by_key.get(track_id)
        return song.track if song else None

    async def search(self, text: str) -> Sequence[Track]:
        """Find songs whose title and artists hold every word; the shortest names come first."""
        words = _normal(text).split()
        if not words:
            return []
        found = [key for key, name in self._words.items() if set(words) <= set(name.split())]
        if self._forgiving and not found:
            found = self._similar(" ".join(words))
        found.sort(key=lambda key: len(self._words[key]))
        return [self._by_key[key].track for key in found[:MOST_RESULTS]]

    async def features(self, track: Track) -> AudioFeatures | None:
        """Return a song's figures."""
        song = self._by_key.get(track.key)
        return song.features if song else None

    def _similar(self, text: str) -> list[str]:
        titles = {key: _normal(song.track.title) for key, song in self._by_key.items()}
        return [
            key
            for key, name in self._words.items()
            if max(_likeness(text, name), _likeness(text, titles[key])) >= SIMILAR
        ]


def _song(entry: Mapping[str, object]) -> Song:
    match entry:
        case {
            "id": str() | None as track_id,
            "title": str(title),
            "artists": list(artists),
            "year": int() | None as year,
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
            return Song(track, AudioFeatures(values, NAME), year, genre)
        case _:
            raise ValueError(f"no song: {entry}")


def _name(track: Track) -> str:
    return f"{track.title} {' '.join(track.artists)}"


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    return " ".join(re.findall(r"\w+", letters))


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
