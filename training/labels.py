"""Maps the tables' own labels to the genres of `model.genres`, by the taxonomy in `TAXONOMY`."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TAXONOMY: Final = Path(__file__).parent / "taxonomy.toml"


@dataclass(frozen=True, slots=True)
class ByName:
    """Reader for tables with one label per song: a mapping of labels to genres."""

    genres: Mapping[str, str]
    left_out: frozenset[str]

    def read(self, raw_labels: Sequence[str]) -> str | None:
        """Return the genre of the first label; None without one, or for one in `left_out`.

        Raises KeyError for an unknown label.
        """
        if not raw_labels or raw_labels[0] in self.left_out:
            return None
        return self.genres[raw_labels[0]]

    def label(self, raw_labels: Sequence[str]) -> str:
        """Return the raw labels, joined."""
        return "/".join(raw_labels)


@dataclass(frozen=True, slots=True)
class ByShare:
    """Reader for tables with a list of labels per song.

    Each label counts for the first genre of `patterns` that matches it; `share` is the minimum
    share of all labels that must count for a genre.
    """

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    share: float

    def read(self, raw_labels: Sequence[str]) -> str | None:
        """Return the genre that at least `share` of all labels count for, else None."""
        genre, share = self._most_frequent(raw_labels)
        return genre if share >= self.share else None

    def label(self, raw_labels: Sequence[str]) -> str:
        """Return the most frequent genre, with a mark if it has less than the minimum share."""
        genre, share = self._most_frequent(raw_labels)
        return f"{genre} and others" if genre and share < self.share else genre or ""

    def _most_frequent(self, raw_labels: Sequence[str]) -> tuple[str | None, float]:
        counts = Counter(genre for genre in map(self._first, raw_labels) if genre is not None)
        if not counts:
            return None, 0.0
        genre, count = counts.most_common(1)[0]
        return genre, count / len(raw_labels)

    def _first(self, entry: str) -> str | None:
        return next((genre for genre, pattern in self.patterns if pattern.search(entry)), None)


RawLabelReader = ByName | ByShare
"""Maps the raw labels of a song to a genre, and to the finest label that they make."""


def load_taxonomy(path: Path = TAXONOMY) -> dict[str, RawLabelReader]:
    """Return a reader for each table in the taxonomy file."""
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    readers: dict[str, RawLabelReader] = {}
    for table, section in sections.items():
        if "patterns" in section:
            patterns = tuple(
                (row["genre"], re.compile(row["pattern"])) for row in section["patterns"]
            )
            readers[table] = ByShare(patterns, section["share"])
        else:
            readers[table] = ByName(section["map"], frozenset(section["left_out"]))
    return readers
