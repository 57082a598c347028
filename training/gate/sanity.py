"""Checks a candidate on well-known songs: no genre may be absurd."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.gate_report import Check
from model.schema import YEAR
from training.embedded_songs import EMBEDDED_SONGS
from training.gate.contender import Contender

SANE_SONGS: Final = Path(__file__).with_name("sane_songs.toml")

MAY_FAIL: Final = 0.1
"""Share of the songs with `named` genres that may fail."""

MOST_LISTED: Final = 5
"""Number of songs in the sentence about a model that fails."""


@dataclass(frozen=True, slots=True)
class SaneSong:
    """A built-in song, and the genres that a sane model gives it.

    Attributes:
        title: Its title.
        artist: Its first artist.
        first: Genres, one of which must be the most probable; empty if `named` is given.
        named: Genres, one of which the verdict must name; empty if `first` is given.
        values: Values of its features and its year, by name.
    """

    title: str
    artist: str
    first: tuple[str, ...]
    named: tuple[str, ...]
    values: Mapping[str, float]

    def problem(self, contender: Contender) -> str | None:
        """Return what is absurd about a model's answer as a clause; None if nothing is."""
        allowed = (self.first or self.named) and set(self.first or self.named).intersection(
            contender.genres
        )
        if not allowed:
            return None
        for note, values in _views(self.values):
            prediction = contender.predict(values)
            given = (prediction.best,) if self.first else prediction.named
            if not allowed.intersection(given):
                return f"{self.title} by {self.artist}{note} is {' or '.join(given)}"
        return None


def sane(candidate: Contender) -> Check:
    """Check the songs of `sane_songs.toml`, with and without their years."""
    songs = list(load_sane_songs())
    required = [found for song in songs if song.first and (found := song.problem(candidate))]
    others = [song for song in songs if song.named]
    failed = [found for song in others if (found := song.problem(candidate))]
    allowed = int(MAY_FAIL * len(others))
    if not required and len(failed) <= allowed:
        count = len(songs) - len(failed)
        sentence = f"{count} of {len(songs)} well-known songs have a plausible genre."
        return Check("sane", passed=True, sentence=sentence)
    problems = required + (failed if len(failed) > allowed else [])
    more = f"; and {len(problems) - MOST_LISTED} more" if len(problems) > MOST_LISTED else ""
    listed = "; ".join(problems[:MOST_LISTED])
    sentence = f"Well-known songs have implausible genres: {listed}{more}."
    return Check("sane", passed=False, sentence=sentence)


def load_sane_songs(path: Path = SANE_SONGS, songs: Path = EMBEDDED_SONGS) -> Iterator[SaneSong]:
    """Yield the songs of the list with their values; raise KeyError for one that is not built in.

    Args:
        path: The list.
        songs: The built-in songs.
    """
    content: list[dict[str, Any]] = json.loads(songs.read_text(encoding="utf-8"))["songs"]
    by_name = {(one["title"], one["artists"][0]): one for one in content}
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["songs"]:
        song = by_name[entry["title"], entry["artist"]]
        yield SaneSong(
            title=entry["title"],
            artist=entry["artist"],
            first=tuple(entry.get("first", ())),
            named=tuple(entry.get("named", ())),
            values=song["features"] | ({YEAR.name: song["year"]} if song["year"] else {}),
        )


def _views(values: Mapping[str, float]) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Yield the values that the bot may have of a song, with a note on what is missing."""
    yield "", values
    if YEAR.name in values:
        yield (
            ", without its year,",
            {name: value for name, value in values.items() if name != YEAR.name},
        )
