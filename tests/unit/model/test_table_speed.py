"""Whole columns are parsed at once where all cells are plain; the results are the careful ones'."""

import io
from itertools import zip_longest
from unittest import mock

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import cells, look_ahead, table
from model.cells import MISSING
from model.classifier import Classifier
from model.column_names import read_name
from model.columns import Column
from model.errors import BadTable
from tests.support.factories import save_bundle

SEPARATORS = (",", ";", "\t", "|")

USUAL = {
    "danceability": st.sampled_from(["0", "0.5", "1", "1.0", "1e-3", "-0.0", "1.001"]),
    "Energy (%)": st.sampled_from(["0", "55", "100.0", "100.1", "-1"]),
    "speechiness": st.floats(-0.01, 1).map(str),
    "bpm": st.sampled_from(["0", "0.0", "-1", "120.5", "1e2", "1e300", "1e400", "-inf"]),
    "loudness": st.one_of(st.floats(-60, 5, width=32), st.floats(width=32)).map(str),
    "key": st.sampled_from(["-1", "0", "5.0", "11", "-2", "1.5", "12"]),
    "mode": st.sampled_from(["0", "1", "1.0", "-1", "0.5"]),
    "Duration (m:ss)": st.sampled_from(["3:45", "0:00", "1:02:03", "185"]),
}
"""Cells with numbers, valid and invalid, by the column's title."""

ODD = st.one_of(
    st.sampled_from(["", "", "NA", "1_0", "+.5", " 1 ", "0,5", "3:45", "C#", "Minor", "\u0661"]),
    st.sampled_from(sorted(MISSING)),
    st.text(max_size=6),
)


@st.composite
def columns_of(draw: st.DrawFn, title: str, size: int) -> list[str]:
    """Draw the cells of a column: some alike, the others mostly numbers."""
    few = draw(st.lists(USUAL[title], min_size=1, max_size=3))
    odd = draw(st.lists(ODD, max_size=1))
    drawn = draw(st.lists(st.sampled_from(few + odd), min_size=size, max_size=size))
    return [*drawn, *odd]


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


@settings(max_examples=200)
@given(st.data(), st.sampled_from(list(USUAL)), st.sampled_from([".", ","]))
def test_a_column_at_once_equals_its_cells_one_by_one(
    data: st.DataObject, title: str, point: str
) -> None:
    comma = point == ","
    texts = [text.replace(".", point) for text in data.draw(columns_of(title, 5))]
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
    titles = data.draw(st.lists(st.sampled_from(list(USUAL)), min_size=4, unique=True))
    columns = [data.draw(columns_of(title, 6)) for title in titles]
    rows = [titles, *(list(row) for row in zip_longest(*columns, fillvalue=""))]
    text = end.join(separator.join(row) for row in rows).encode()
    with mock.patch.object(table, "CHUNK", 2):
        at_once = results(tiny, text)
        with carefully(), mock.patch.object(look_ahead, "cores", return_value=1):
            one_by_one = results(tiny, text)
    assert at_once == one_by_one
