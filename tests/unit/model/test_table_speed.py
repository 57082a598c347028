"""Whole columns are parsed at once where all cells are plain; the results are the careful ones'."""

import io
from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import cells, look_ahead, table
from model.cells import MISSING
from model.classifier import Classifier
from model.column_names import read_name
from model.columns import Column
from model.errors import BadTable
from tests.support.factories import save_bundle

TITLES = ("danceability", "Energy (%)", "bpm", "loudness", "key", "mode", "Duration (m:ss)")
SEPARATORS = (",", ";", "\t", "|")

numerals = st.one_of(
    st.sampled_from(["0", "1", "-1", "0.5", "100", "12", "11"]),
    st.floats(0, 1).map(str),
    st.floats(width=32).map(str),
    st.integers(-2, 12).map(str),
)
oddities = st.one_of(
    st.sampled_from([*sorted(MISSING), "NA", "1_0", "+.5", " 1 ", "0,5", "3:45", "C#", "Minor"]),
    st.text(max_size=6),
)
columns_of_cells = st.one_of(
    st.lists(numerals, min_size=1, max_size=30),
    st.lists(st.one_of(numerals, st.just("")), min_size=1, max_size=30),
    st.lists(st.one_of(numerals, oddities), min_size=1, max_size=30),
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier(save_bundle(tmp_path_factory.mktemp("bundles")).load("tiny"))


def carefully() -> "mock._patch[mock.Mock]":
    """Parse all cells one by one."""
    return mock.patch.object(cells, "_fast", return_value=None)


def parsed(title: str, texts: list[str], *, comma: bool) -> npt.NDArray[np.float64] | str:
    name = read_name(title)
    assert name is not None
    try:
        return cells.parse(texts, Column(name.feature, name.unit, 0, title), 0, decimal_comma=comma)
    except BadTable as error:
        return str(error)


@given(title=st.sampled_from(TITLES), texts=columns_of_cells, comma=st.booleans())
def test_a_column_at_once_equals_its_cells_one_by_one(
    title: str, texts: list[str], *, comma: bool
) -> None:
    at_once = parsed(title, texts, comma=comma)
    with carefully():
        one_by_one = parsed(title, texts, comma=comma)
    np.testing.assert_array_equal(at_once, one_by_one)


def results(tiny: Classifier, data: bytes) -> str:
    target = io.BytesIO()
    try:
        counts = table.predict(tiny, io.BytesIO(data), target, keep=["all"])
    except BadTable as error:
        return str(error)
    return f"{counts} {target.getvalue().decode()}"


@given(st.data(), st.sampled_from(SEPARATORS), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_table_at_once_equals_its_cells_one_by_one(
    tiny: Classifier, data: st.DataObject, separator: str, end: str
) -> None:
    width = st.lists(st.one_of(numerals, oddities), min_size=len(TITLES), max_size=len(TITLES))
    plain = st.lists(st.sampled_from(["0", "1", "1.0", ""]), min_size=6, max_size=6)
    songs = plain.map(lambda row: [*row, "3:45"])
    rows = data.draw(st.lists(songs, max_size=10)) + data.draw(st.lists(width, max_size=2))
    text = end.join(separator.join(row) for row in [list(TITLES), *rows]).encode()
    with mock.patch.object(table, "CHUNK", 4):
        at_once = results(tiny, text)
        with carefully(), mock.patch.object(look_ahead, "processors", return_value=1):
            one_by_one = results(tiny, text)
    assert at_once == one_by_one
