"""Reading CSV tables strictly: a cell that is not what it should be is named, never guessed at."""

import csv
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

import pandas as pd

from model.schema import BY_NAME, NAMES
from training.errors import TableError

ABSENT: Final = ("", "NA", "?")
"""Cells with which the tables say "no value"."""

ABOUT: Final = ("id", "artist", "title", "year", "upload")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The cells of a CSV file as text, one column per header, and where each row stands."""

    path: Path
    cells: pd.DataFrame
    lines: tuple[int, ...]

    def line(self, row: int) -> int:
        """Return the line of a row in its file, counted from 1 with the header."""
        return self.lines[row]

    def text(self, column: str) -> "pd.Series[str]":
        """Return a column without spaces around its cells; NA reads as empty."""
        stripped = self.cells[column].str.strip()
        return stripped.where(stripped != "NA", "")

    def feature(self, column: str, feature: str) -> "pd.Series[float]":
        """Return a column as values of `feature`, NaN where the source measured nothing.

        Raises TableError for a cell that is no number or lies outside the feature's range.
        """
        schema = BY_NAME[feature]
        text = self.cells[column].str.strip()
        absent = text.isin(ABSENT)
        numbers = pd.to_numeric(text.where(~absent), errors="coerce").astype("float64")
        if schema.absent_at_or_below is not None:
            absent |= numbers <= schema.absent_at_or_below
        wrong = ~absent & ~numbers.between(schema.low, schema.high)
        if schema.whole:
            wrong |= ~absent & (numbers % 1 != 0)
        if wrong.any():
            row = int(wrong.argmax())
            problem = f"{text.iloc[row]!r} is no {feature}; expected {schema.expected}"
            raise TableError(self.path, problem, line=self.line(row), column=column)
        return numbers.where(~absent)


def read_csv_table(path: Path, columns: Sequence[str], header_lines: int = 1) -> CsvTable:
    """Read `columns` of the CSV file `path`; other columns are ignored, empty rows skipped.

    A header of several lines is joined with "/" per column, empty cells left out, so that FMA's
    become `echonest/audio_features/energy`. Raises TableError when the file is missing, is no text,
    lacks a column or is cut short.
    """
    _check_end(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(path, file)
            header = _header(path, list(islice(rows, header_lines)))
            places = [_place(path, header, column) for column in columns]
            lines, cells = [], []
            for line, row in rows:
                if len(row) != len(header):
                    problem = f"{len(row)} cells where the header has {len(header)}"
                    raise TableError(path, problem, line=line)
                lines.append(line)
                cells.append([row[place] for place in places])
    except UnicodeDecodeError as error:
        raise TableError(path, f"is not UTF-8 text ({error.reason})") from error
    if not cells:
        raise TableError(path, "has no rows")
    return CsvTable(path, pd.DataFrame(cells, columns=list(columns), dtype="str"), tuple(lines))


def frame(
    sheet: CsvTable,
    features: Mapping[str, str],
    filed: Sequence[tuple[str, ...]],
    lines: Sequence[int] | None = None,
    **about: "pd.Series[str] | Sequence[str]",
) -> pd.DataFrame:
    """Return a table in the common layout that `training.tables` describes.

    `features` maps feature names to the sheet's columns; `about` gives what of `ABOUT` is known;
    `lines` says where each row's labels stand if that is another file.
    """
    known: dict[str, object] = {"line": sheet.lines if lines is None else lines}
    known |= {name: list(about.get(name, [""] * len(sheet.lines))) for name in ABOUT}
    known["filed"] = list(filed)
    known |= dict.fromkeys(NAMES, math.nan)
    known |= {name: sheet.feature(column, name) for name, column in features.items()}
    return pd.DataFrame(known)


def _check_end(path: Path) -> None:
    """Refuse a file whose last line has no end: its last cell may be half a number."""
    try:
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                raise TableError(path, "is empty")
            file.seek(-1, os.SEEK_END)
            if file.read() not in (b"\n", b"\r"):
                raise TableError(path, "ends in the middle of its last line: it is cut short")
    except OSError as error:
        raise TableError(path, f"cannot be read: {error.strerror}") from None


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with the line it ends in."""
    reader = csv.reader(file, strict=True)
    try:
        yield from ((reader.line_num, row) for row in reader if any(row))
    except csv.Error as error:
        raise TableError(path, str(error), line=reader.line_num) from error


def _header(path: Path, levels: Sequence[tuple[int, list[str]]]) -> list[str]:
    if len({len(cells) for _, cells in levels}) != 1:
        raise TableError(path, "its header lines differ in length", line=1)
    columns = zip(*(cells for _, cells in levels), strict=True)
    return ["/".join(cell.strip() for cell in column if cell.strip()) for column in columns]


def _place(path: Path, header: Sequence[str], column: str) -> int:
    if column not in header:
        raise TableError(path, "the header has no such column", line=1, column=column)
    return header.index(column)
