"""Strict reader of CSV tables; an invalid cell is an error with its line and column."""

import codecs
import csv
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

import numpy as np
import pandas as pd

from model.schema import BY_NAME, NAMES
from training.errors import TableError

ABSENT: Final = ("", "NA", "?")
"""Cells that mean a missing value."""

TEXT_COLUMNS: Final = ("id", "artist", "title", "year", "upload", "collection")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Cells of a CSV file as text, with the header's names as columns.

    `lines` holds the line of each row in the file, counted from 1 with the header.
    """

    path: Path
    cells: pd.DataFrame
    lines: tuple[int, ...]

    def error(self, row: int, column: str, problem: str) -> TableError:
        """Return the error of a cell, which names its line and column."""
        return TableError(self.path, problem, line=self.lines[row], column=column)

    def text(self, column: str) -> "pd.Series[str]":
        """Return a column with surrounding spaces stripped and NA replaced by ""."""
        stripped = self.cells[column].str.strip()
        return stripped.where(stripped != "NA", "")

    def labels(self, column: str) -> list[tuple[str, ...]]:
        """Return a column as raw labels: one for each row, none for an empty cell."""
        return [(label,) if label else () for label in self.text(column)]

    def feature(self, column: str, feature: str) -> "pd.Series[float]":
        """Return a column as values of `feature`, NaN if missing.

        Raises TableError for a cell that is not a number or outside the feature's range.
        """
        schema = BY_NAME[feature]
        text = self.cells[column].str.strip()
        absent = text.isin(ABSENT)
        numbers = pd.to_numeric(text.where(~absent), errors="coerce").astype("float64")
        if schema.absent_at_or_below is not None:
            absent |= np.isfinite(numbers) & (numbers <= schema.absent_at_or_below)
        invalid = ~absent & ~numbers.between(schema.low, schema.high)
        if schema.whole:
            invalid |= ~absent & (numbers % 1 != 0)
        self._refuse(invalid, column, f"is not a valid {feature}; expected {schema.expected}")
        return numbers.where(~absent)

    def named(self, column: str, names: Sequence[str]) -> "pd.Series[float]":
        """Return the index in `names` of each cell of a column, NaN if missing.

        Raises TableError for a cell that is not one of the names.
        """
        text = self.cells[column].str.strip()
        numbers = text.map({name: float(index) for index, name in enumerate(names)})
        invalid = numbers.isna() & ~text.isin(ABSENT)
        self._refuse(invalid, column, f"is not one of {', '.join(names)}")
        return numbers.astype("float64")

    def year(self, column: str) -> "pd.Series[str]":
        """Return a column of years as text, "" if missing or 0.

        Raises TableError for a cell that is neither missing, 0 nor of four digits.
        """
        text = self.cells[column].str.strip()
        absent = text.isin((*ABSENT, "0"))
        self._refuse(~absent & ~text.str.fullmatch("[0-9]{4}"), column, "is not a year")
        return text.where(~absent, "")

    def filled(self, column: str) -> "pd.Series[str]":
        """Return a column as `text` does; raise TableError for a missing value."""
        text = self.text(column)
        self._refuse(text == "", column, "is a missing value, which this column must not have")
        return text

    def check_unique(self, column: str, *others: str) -> None:
        """Raise TableError if two rows have the same id in `column`, and the same in `others`."""
        ids = pd.DataFrame({name: self.text(name) for name in (column, *others)})
        repeated = (ids[column] != "") & ids.duplicated()
        if repeated.any():
            row = int(repeated.argmax())
            first = int((ids == ids.iloc[row]).all(axis="columns").argmax())
            same = f" with the same {' and '.join(others)}" if others else ""
            value = ids[column].iloc[row]
            problem = f"duplicate {column} {value!r}{same}, first on line {self.lines[first]}"
            raise self.error(row, column, problem)

    def _refuse(self, invalid: "pd.Series[bool]", column: str, problem: str) -> None:
        """Raise TableError for the first invalid cell of a column, if there is any."""
        if invalid.any():
            row = int(invalid.argmax())
            cell = self.cells[column].iloc[row].strip()
            raise self.error(row, column, f"{cell!r} {problem}")


def read_csv_table(path: Path, columns: Sequence[str], header_lines: int = 1) -> CsvTable:
    """Read some columns of a CSV file; empty rows are skipped.

    The cells of several header lines are joined with "/", as in `echonest/audio_features/energy`.
    Raises TableError: the file is missing, not UTF-8, truncated, lacks a column or has it twice.
    """
    _check_end(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(path, file)
            header = _header(path, list(islice(rows, header_lines)))
            for column in columns:
                if column not in header:
                    raise TableError(path, "the header has no such column", line=1, column=column)
                if (times := header.count(column)) > 1:
                    problem = f"the header has this column {times} times"
                    raise TableError(path, problem, line=1, column=column)
            indices = [header.index(column) for column in columns]
            lines, cells = [], []
            for line, row in rows:
                if len(row) != len(header):
                    problem = f"{len(row)} cells where the header has {len(header)}"
                    raise TableError(path, problem, line=line)
                lines.append(line)
                cells.append([row[index] for index in indices])
    except UnicodeDecodeError as error:
        raise TableError(path, f"is not UTF-8 text ({error.reason})") from error
    if not cells:
        raise TableError(path, "has no rows")
    return CsvTable(path, pd.DataFrame(cells, columns=list(columns), dtype="str"), tuple(lines))


def frame(
    sheet: CsvTable,
    features: Mapping[str, str],
    raw_labels: Sequence[tuple[str, ...]],
    lines: Sequence[int] | None = None,
    **texts: "pd.Series[str] | Sequence[str]",
) -> pd.DataFrame:
    """Return a table in the layout of `training.tables`.

    `features` names the sheet's column for each feature that it has; `lines` are those of the
    labels, if they are in another file; of `TEXT_COLUMNS`, those not in `texts` are empty.
    """
    known: dict[str, object] = {"line": sheet.lines if lines is None else lines}
    known |= {name: list(texts.get(name, [""] * len(sheet.lines))) for name in TEXT_COLUMNS}
    known["raw_labels"] = list(raw_labels)
    known |= dict.fromkeys(NAMES, math.nan)
    known |= {name: sheet.feature(column, name) for name, column in features.items()}
    return pd.DataFrame(known)


def _check_end(path: Path) -> None:
    """Raise TableError if the last line has no line end: its last cell may be truncated.

    In UTF-16 a line end has two bytes, so that such a file is refused first.
    """
    try:
        with path.open("rb") as file:
            start = file.read(2)
            if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in start:
                raise TableError(path, "is not UTF-8 text but UTF-16")
            if file.seek(0, os.SEEK_END) == 0:
                raise TableError(path, "is empty")
            file.seek(-1, os.SEEK_END)
            if file.read() not in (b"\n", b"\r"):
                raise TableError(path, "ends in the middle of its last line: it is cut short")
    except OSError as error:
        raise TableError(path, f"cannot be read: {error.strerror}") from None


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty, with the number of its last line."""
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
