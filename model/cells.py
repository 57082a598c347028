"""Parses the cells of a column into values of its feature."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from model.columns import Column, cut
from model.errors import BadTable, BadValue
from model.schema import YEAR, Feature, is_plain, read_as
from model.years import read_years

MISSING: Final = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "-", "?", "\\n"}
)
"""Cells that mean a missing value, in any letter case, with or without spaces around them."""

_PITCHES: Final = ("c", "c#/db", "d", "d#/eb", "e", "f", "f#/gb", "g", "g#/ab", "a", "a#/bb", "b")

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "key": {name: str(pitch) for pitch, names in enumerate(_PITCHES) for name in names.split("/")},
    "mode": {"major": "1", "minor": "0"},
}
"""Numerals that words stand for, by feature; in any letter case."""

_CLOCK: Final = re.compile(r"(?:(\d+):)?(\d+):([0-5]\d(?:\.\d+)?)")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")


def parse(
    cells: Sequence[str], column: Column, before: int, *, decimal_comma: bool
) -> npt.NDArray[np.float64]:
    """Return the values of a column's cells in the feature's unit, NaN for missing values.

    Args:
        cells: Cells of consecutive rows.
        column: Their column.
        before: Number of rows before the first cell, for error messages.
        decimal_comma: Whether 0,5 is a number.

    Raises:
        BadTable: A cell is neither a number in the feature's range nor in `MISSING`; never for the
            year.
    """
    if column.feature == YEAR:
        return read_years(cells)  # dates vary, so that none is an error
    expected = column.expected
    values = None if column.unit.clock else _fast(cells, expected)
    if values is None:
        plain = [_plain(cell, column, decimal_comma=decimal_comma) for cell in cells]
        values = _fast(plain, expected)
        if values is None:
            values = _each(cells, plain, column, before)
    return values if column.unit.scale == 1 else values * column.unit.scale


def _fast(cells: Sequence[str], expected: Feature) -> npt.NDArray[np.float64] | None:
    """Parse all cells at once; None if one of them is not plainly valid."""
    try:
        values, empty = _numbers(cells)
    except ValueError:
        return None
    fine = np.isfinite(values)
    if expected.absent_at_or_below is not None:
        values[fine & (values <= expected.absent_at_or_below)] = math.nan
    outside = (values < expected.low) | (values > expected.high)  # both are False for NaN
    if expected.whole:
        outside |= np.floor(values) < values
    return values if (fine | empty).all() and not outside.any() else None


def _numbers(
    cells: Sequence[str],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_] | np.bool_]:
    """Return the cells as numbers, NaN for empty ones, and which are empty.

    Raises ValueError if a cell is neither empty nor a numeral.
    """
    if not is_plain("".join(cells)):
        raise ValueError("a cell is no numeral")
    try:
        return np.array(cells, dtype=np.float64), np.False_
    except ValueError:
        values = np.array([cell or "nan" for cell in cells], dtype=np.float64)
        return values, np.array([not cell for cell in cells])


def _plain(cell: str, column: Column, *, decimal_comma: bool) -> str:
    """Return a cell as a numeral of `float`, "" for a missing value; others unchanged."""
    text = cell.strip()
    lower = text.lower()
    if lower in MISSING:
        return ""
    if column.unit.clock:
        return _seconds(text) or f"not a time: {text}"
    if decimal_comma and text.isascii():
        if _is_in_ms(column) and _GROUPED.fullmatch(text):
            return f"thousands or decimals: {text}"  # 203,683 ms
        text = text.replace(",", ".")
    return WORDS.get(column.feature.name, {}).get(lower, text)


def _is_in_ms(column: Column) -> bool:
    return column.feature.name == "duration_ms" and column.unit.scale == 1


def _seconds(text: str) -> str | None:
    """Return a time like 3:45 or 1:03:45 in seconds."""
    match = _CLOCK.fullmatch(text)
    if match is None or not text.isascii():
        return None
    hours, minutes, seconds = match.groups(default="0")
    return str(int(hours) * 3600 + int(minutes) * 60 + float(seconds))


def _each(
    cells: Sequence[str], plain: Sequence[str], column: Column, before: int
) -> npt.NDArray[np.float64]:
    """Parse cell by cell, which reads markers of absence and finds the first invalid cell."""
    expected = column.expected
    values = np.full(len(cells), np.nan)
    for index, numeral in enumerate(plain):
        try:
            value = read_as(expected, numeral or None)
        except BadValue as error:
            where = f"row {before + index + 1}, column {cut(column.title)}"
            wanted = "a time like 3:45" if column.unit.clock else error.expected
            raise BadTable(f"{where}: {cut(cells[index])!r} is not {wanted}") from None
        values[index] = math.nan if value is None else value
    return values
