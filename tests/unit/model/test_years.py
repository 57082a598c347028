"""The year of first release: from numbers and dates, of which none is an error."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.schema import YEAR
from model.years import read_year, read_years


@pytest.mark.parametrize(
    "value", [1985, 1985.0, "1985", " 1985 ", "1985.0", "1985-07-13", "1985/07", "19850713"]
)
def test_year_is_what_a_number_or_date_begins_with(value: object) -> None:
    assert read_year(value) == 1985


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ("02/11/1975", 1975),
        ("13.07.1985", 1985),
        ("Nov 1975", 1975),
        ("c. 1975", 1975),
        ("c1975", 1975),
        ("(1975)", 1975),
        ("\N{COPYRIGHT SIGN} 1975", 1975),
        ("11/1975", 1975),
        ("0000 (1975)", 1975),
        ("2011-05-01 (first 1975)", 2011),
        ("1975-1980", 1975),
        ("1975 or '1975'", 1975),
    ],
)
def test_year_is_found_in_a_date_that_does_not_begin_with_it(value: str, year: int) -> None:
    assert read_year(value) == year


@pytest.mark.parametrize("value", ["May 1975 or 1976", "remaster 2011 of 1975", "No. 1234, 3:45"])
def test_text_with_no_plausible_year_or_with_two_is_none(value: str) -> None:
    assert read_year(value) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "0000",
        "0000-00-00",
        0,
        -1,
        1899,
        19850,
        "-1985",
        -1985.0,
        "0.1985",
        "?",
        "nan",
        True,
        [1985],
    ],
)
def test_anything_else_is_no_year(value: object) -> None:
    assert read_year(value) is None


def test_year_in_the_future_is_none() -> None:
    this_year = datetime.now(UTC).year
    assert read_year(this_year) == this_year
    assert read_year(this_year + 2) is None


@given(st.text() | st.integers() | st.floats() | st.none())
def test_any_value_is_a_year_in_range_or_none(value: object) -> None:
    year = read_year(value)
    assert year is None or YEAR.low <= year <= YEAR.high


def test_years_of_a_column_are_missing_where_there_is_none() -> None:
    found = read_years(["1985", "", "unknown", "2001-01-01", "1985"])
    np.testing.assert_array_equal(found, [1985, np.nan, np.nan, 2001, 1985])
