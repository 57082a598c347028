"""Cells of a feature's column: units, words and numerals."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cells import parse
from model.column_names import read_name
from model.columns import Column
from model.errors import BadTable


def value(title: str, cell: str, *, decimal_comma: bool = False) -> float:
    name = read_name(title)
    assert name is not None
    column = Column(name.feature, name.unit, 0, title)
    (number,) = parse([cell], column, 0, decimal_comma=decimal_comma)
    return float(number)


@pytest.mark.parametrize(
    ("title", "cell", "expected"),
    [
        ("duration_ms", "203683", 203683),
        ("Duration (s)", "203.683", 203683),
        ("Duration (min)", "3.5", 210000),
        ("Duration (mm:ss)", "3:05", 185000),
        ("Duration (mm:ss)", "1:03:05", 3785000),
        ("Duration (h:mm:ss)", "0:03:05.5", 185500),
        ("Energy (%)", "55", 0.55),
        ("key", "C#", 1),
        ("key", "Bb", 10),
        ("key", "b", 11),
        ("Key", "7", 7),
        ("mode", "Major", 1),
        ("mode", "minor", 0),
        ("mode", "1.0", 1),
    ],
)
def test_cell_is_read_in_the_feature_s_unit(title: str, cell: str, expected: float) -> None:
    assert value(title, cell) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("title", "cell"),
    [("key", "-1"), ("tempo", "0"), ("duration_s", "0"), ("Duration (m:ss)", "-")],
)
def test_markers_of_absence_are_missing_values(title: str, cell: str) -> None:
    assert math.isnan(value(title, cell))


@pytest.mark.parametrize(
    ("title", "cell", "expected"),
    [
        ("duration_ms", "3:05", "'3:05' is not a number from 0 to 86400000"),
        ("Duration (mm:ss)", "185", "'185' is not a time like 3:45"),
        ("Duration (mm:ss)", "3:65", "'3:65' is not a time like 3:45"),
        ("key", "H", "'H' is not a whole number from 0 to 11"),
        ("mode", "Dorian", "'Dorian' is not a whole number from 0 to 1"),
        ("Energy (%)", "-1", "'-1' is not a number from 0 to 100"),
        ("tempo", "inf", "'inf' is not a number from 0 to 500"),
        ("tempo", "x" * 1000, "xxx…' is not a number from 0 to 500"),
        ("tempo", "1e30", "'1e30' is not a number from 0 to 500"),
        ("loudness", "-101", "'-101' is not a number from -100 to 20"),
        ("Duration (min)", "1441", "'1441' is not a number from 0 to 1440"),
    ],
)
def test_other_cells_are_refused_with_what_is_expected(
    title: str, cell: str, expected: str
) -> None:
    with pytest.raises(BadTable) as raised:
        value(title, cell)
    assert str(raised.value).startswith(f"row 1, column {title}: ")
    assert str(raised.value).endswith(expected)


def test_comma_in_milliseconds_is_refused_if_it_may_group_thousands() -> None:
    with pytest.raises(BadTable, match="'203,683'"):
        value("duration_ms", "203,683", decimal_comma=True)
    assert value("duration_ms", "203683,0", decimal_comma=True) == 203683
    assert value("Duration (s)", "203,683", decimal_comma=True) == pytest.approx(203683)
    assert value("tempo", "120,025", decimal_comma=True) == pytest.approx(120.025)


@given(st.floats(0, 20), st.sampled_from(["{}", " {} ", "{:e}", "+{}"]))
def test_decimal_comma_equals_decimal_point(number: float, form: str) -> None:
    text = form.format(number)
    with_comma = value("loudness", text.replace(".", ","), decimal_comma=True)
    assert with_comma == value("loudness", text) == pytest.approx(number)


@given(st.text(max_size=12), st.sampled_from(["energy", "key", "mode", "Duration (m:ss)", "bpm"]))
def test_any_cell_is_a_valid_value_or_refused(cell: str, title: str) -> None:
    try:
        number = value(title, cell, decimal_comma=True)
    except BadTable:
        return
    assert math.isnan(number) or number >= 0
