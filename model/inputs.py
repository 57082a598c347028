"""Reads the inputs of one song, given as numbers by name."""

import math
from collections.abc import Mapping

from model.schema import NAMES, YEAR, read
from model.years import read_year


def read_inputs(values: Mapping[str, float]) -> dict[str, float]:
    """Return the valid inputs among `values`, in schema order; unknown names are ignored.

    NaN, infinities and the sources' markers for "not measured" are missing values, and so is a year
    that is not plausible.

    Raises:
        BadValue: A feature is outside its range.
    """
    given = {name: value for name, value in values.items() if not _is_missing(value)}
    numbers = {name: read(name, given.get(name)) for name in NAMES}
    found = {name: number for name, number in numbers.items() if number is not None}
    year = read_year(given.get(YEAR.name))
    return found if year is None else {**found, YEAR.name: float(year)}


def _is_missing(value: float) -> bool:
    return not -math.inf < value < math.inf  # math.isfinite fails for large integers
