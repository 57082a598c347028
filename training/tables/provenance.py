"""Checks tables against recorded digests and row counts, to detect truncated files."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from training.errors import FetchError
from training.fetch.ledger import Ledger
from training.tables import CHOICES, ORIGINS, fma

PROVENANCE: Final = "PROVENANCE.md"
"""File in the folder of tables with a Markdown table: file in column 1, rows in column 3."""

FILES: Final[Mapping[str, tuple[str, ...]]] = {name: ORIGINS[name].files for name in CHOICES}
"""Files of each table."""

ENTRY: Final = re.compile(r"^\| `([^`|]+\.csv)`[^|]*\|[^|]*\| ([\d,]+)[^|]*\|", re.MULTILINE)


def provenance_differences(data: Path, names: Sequence[str]) -> Iterator[str]:
    """Yield a warning for each file that differs from its recorded digest or row count.

    Files without a record and missing files are skipped. Raises FetchError if the record of
    downloads cannot be read.
    """
    ledger = Ledger(data)
    counts = _expected_rows(data)
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
                f"{expected:,}: is it truncated?"
            )


def _expected_rows(data: Path) -> dict[str, int]:
    """Return the number of rows of each file in PROVENANCE.md; none if there is no such file."""
    try:
        text = (data / PROVENANCE).read_text(encoding="utf-8")
    except OSError:
        return {}
    return {name: int(count.replace(",", "")) for name, count in ENTRY.findall(text)}


def _rows(path: Path) -> int:
    """Return the number of rows without header and empty rows."""
    header = fma.HEADER_LINES if path.match(FILES["fma"][0]) else 1
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return sum(any(row) for row in csv.reader(file)) - header
