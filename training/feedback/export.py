"""Writes agreed labels as a table: Parquet, or CSV that spreadsheets open safely.

The table has no user, no hash of one and no server or workspace.
"""

import csv
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TextIO

from model.schema import NAMES
from training.errors import CannotWrite
from training.feedback.votes import AgreedLabel

COLUMNS: Final = ("track", "title", "artists", "genre", "weight", "voters", *NAMES)
"""Columns of the table; features that are not known are empty."""

SUFFIXES: Final = (".parquet", ".csv")

FORMULA: Final = tuple("=+-@\t\r\n")
"""Characters with which a cell begins that spreadsheets may execute, also in full width (OWASP,
"CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection)."""

QUOTE: Final = "'"
"""Put before such a cell: spreadsheets then take it for text."""

SEPARATOR: Final = "; "
"""Between artists in a CSV cell."""


def write(labels: Sequence[AgreedLabel], out: Path) -> None:
    """Write labels to a file, which appears when it is complete.

    Args:
        labels: The labels.
        out: File with a suffix of `SUFFIXES`.

    Raises:
        CannotWrite: The file cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        if out.suffix.lower() == ".parquet":
            _write_parquet(labels, part)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                _write_csv(labels, file)
        part.replace(out)
    except OSError as error:
        raise CannotWrite(f"{out}: it cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _write_csv(labels: Sequence[AgreedLabel], file: TextIO) -> None:
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for label in labels:
        rows.writerow(
            [
                _cell(label.track),
                _cell(label.title),
                _cell(SEPARATOR.join(label.artists)),
                label.genre,
                f"{label.weight:.4g}",
                label.voters,
                *(label.features.get(name, "") for name in NAMES),
            ]
        )


def _cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet executes."""
    text = _valid(text)
    plain = unicodedata.normalize("NFKC", text).lstrip(" ")
    return QUOTE + text if plain.startswith(FORMULA) else text


def _write_parquet(labels: Sequence[AgreedLabel], file: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - needed for this format alone
    from pyarrow import parquet  # noqa: PLC0415

    columns: dict[str, Any] = {
        "track": pa.array([_valid(label.track) for label in labels], pa.string()),
        "title": pa.array([_valid(label.title) for label in labels], pa.string()),
        "artists": pa.array(
            [[_valid(artist) for artist in label.artists] for label in labels],
            pa.list_(pa.string()),
        ),
        "genre": pa.array([label.genre for label in labels], pa.string()),
        "weight": pa.array([label.weight for label in labels], pa.float64()),
        "voters": pa.array([label.voters for label in labels], pa.int32()),
        **{
            name: pa.array([label.features.get(name) for label in labels], pa.float64())
            for name in NAMES
        },
    }
    with file.open("wb") as out:
        parquet.write_table(pa.table(columns), out)


def _valid(text: str) -> str:
    """Return a text that UTF-8 can hold: half a character of a broken name becomes "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
