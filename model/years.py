"""Reads the year of first release, which sources give as a number or as a date.

Dates vary, and the year is optional: a value that tells no plausible year is a missing one.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from model.schema import YEAR

_START: Final = re.compile(r"\s*([0-9]{4})(?:[0-9]{4})?(?!\d)")
"""A year, a date that begins with one, or a date without separators."""

_YEAR: Final = re.compile(r"(?<!\d)[0-9]{4}(?!\d)")
_NUMERAL: Final = re.compile(r"\s*[-+]?\d*(?:\.\d+)?\s*")


def read_year(value: object) -> int | None:
    """Return the year in a number or date.

    It is the year that the value begins with, else the only plausible one in a text, as in
    "02/11/1975", "Nov 1975" and "c. 1975". None for anything else; years before `YEAR.low` and in
    the future are not plausible.
    """
    if not isinstance(value, str | int | float):
        return None
    text = str(value)
    if (start := _START.match(text)) and _is_plausible(int(start[1])):
        return int(start[1])
    if _NUMERAL.fullmatch(text):  # "-1985" and "0.1985" are no years
        return None
    years = {int(digits) for digits in _YEAR.findall(text)}
    plausible = [year for year in years if _is_plausible(year)]
    return plausible[0] if len(plausible) == 1 else None


def _is_plausible(year: int) -> bool:
    return YEAR.low <= year <= datetime.now(UTC).year


def read_years(cells: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the years of a column's cells, NaN for cells without a plausible one."""
    years = {cell: read_year(cell) for cell in set(cells)}
    return np.array([years[cell] for cell in cells], dtype=np.float64)
