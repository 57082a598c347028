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

_START: Final = re.compile(r"\s*([0-9]{4})(?:[0-9]{4})?(?![0-9])")
"""A year, a date that begins with one, or a date without separators."""


def read_year(value: object) -> int | None:
    """Return the year that a number or date begins with.

    None for anything else, for years before `YEAR.low`, and for years in the future.
    """
    match = _START.match(str(value))
    if match is None:
        return None
    year = int(match[1])
    return year if YEAR.low <= year <= datetime.now(UTC).year else None


def read_years(cells: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the years of a column's cells, NaN for cells without a plausible one."""
    years = {cell: read_year(cell) for cell in set(cells)}
    return np.array([years[cell] for cell in cells], dtype=np.float64)
