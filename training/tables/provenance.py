"""Tables that are not what they were: a file cut at the end of a line reads as a whole one."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from training.errors import FetchError
from training.fetch.ledger import Ledger
from training.tables import billboard, classic_hits, fma, music_genre, playlists

PROVENANCE: Final = "PROVENANCE.md"
"""In the folder of tables: a Markdown table whose rows name a file first and its rows third."""

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "fma": (fma.FEATURES, fma.TRACKS),
    "billboard": (billboard.FILE,),
    "playlists": (playlists.FILE,),
    "classic_hits": (classic_hits.FILE,),
    "music_genre": (music_genre.FILE,),
}
"""What each table is read from."""

ENTRY: Final = re.compile(r"^\| `([^`|]+\.csv)`[^|]*\|[^|]*\| ([\d,]+) \|", re.MULTILINE)


def provenance_differences(data: Path, names: Sequence[str]) -> Iterator[str]:
    """Warn of each file of the named tables that is not as it was downloaded or described.

    A file of which nothing is known is passed over. Raises FetchError when the record of
    downloads cannot be read; files that are missing are the loader's to name.
    """
    ledger = Ledger(data)
    counts = _described(data)
    for name in (file for table in names for file in FILES[table] if (data / file).is_file()):
        try:
            ledger.check(name, data / name)
        except FetchError as error:
            yield f"warning: {error}"
            continue
        expected = counts.get(name)
        if expected is not None and (found := _rows(data / name)) != expected:
            yield (
                f"warning: {data / name} has {found:,} rows where {PROVENANCE} says "
                f"{expected:,}: is it cut short?"
            )


def _described(data: Path) -> dict[str, int]:
    """Return the number of rows by file, as far as the folder describes itself."""
    try:
        text = (data / PROVENANCE).read_text(encoding="utf-8")
    except OSError:
        return {}
    return {name: int(count.replace(",", "")) for name, count in ENTRY.findall(text)}


def _rows(path: Path) -> int:
    """Count the rows below the header, empty ones left out."""
    header = fma.HEADER_LINES if path.match(fma.FEATURES) else 1
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return sum(any(row) for row in csv.reader(file)) - header
