"""From a table's own labels to the genres of `model.genres`, by the taxonomy in a data file."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

TAXONOMY: Final = Path(__file__).parent / "taxonomy.toml"


class RawLabelReader(Protocol):
    """Reads what a table files a song under."""

    def read(self, filed: Sequence[str]) -> str | None:
        """Return the genre, None for "no label"; raises KeyError for a label never seen."""


@dataclass(frozen=True, slots=True)
class ByName:
    """For tables with one label a song."""

    genres: Mapping[str, str]
    left_out: frozenset[str]

    def read(self, filed: Sequence[str]) -> str | None:
        """Return the genre of the one label; no label and one that is left out give None."""
        if not filed or filed[0] in self.left_out:
            return None
        return self.genres[filed[0]]


@dataclass(frozen=True, slots=True)
class ByShare:
    """For tables with a list of fine labels a song: the genre that holds `share` of them."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    share: float

    def read(self, filed: Sequence[str]) -> str | None:
        """Return the genre that at least `share` of all entries count for, else None."""
        counts = Counter(genre for genre in map(self._first, filed) if genre is not None)
        if not counts:
            return None
        genre, count = counts.most_common(1)[0]
        return genre if count >= self.share * len(filed) else None

    def _first(self, entry: str) -> str | None:
        return next((genre for genre, pattern in self.patterns if pattern.search(entry)), None)


def load_taxonomy(path: Path = TAXONOMY) -> dict[str, RawLabelReader]:
    """Return one reader for each table named in the taxonomy file."""
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
