"""Numbers as decimal text."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.classifier import Matrix
from model.decimal_text import rows_of_text

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2), elements=finite))
def test_numbers_are_read_back_without_a_difference(matrix: Matrix) -> None:
    rows = [row.split("\t") for row in rows_of_text(matrix, "\t")]
    assert all(re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell) for row in rows for cell in row)
    assert np.array_equal(np.array(rows, dtype=np.float64).astype(np.float32), matrix)


@pytest.mark.parametrize(("rows", "lines"), [(0, []), (1, ["0.5,0.25"]), (2, ["0.5,0.25"] * 2)])
def test_each_row_is_a_text(rows: int, lines: list[str]) -> None:
    assert rows_of_text(np.tile(np.array([0.5, 0.25], dtype=np.float32), (rows, 1)), ",") == lines


def test_columns_of_a_larger_matrix_may_be_given() -> None:
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert rows_of_text(matrix[:, ::2], ",") == ["0.0,2.0", "3.0,5.0"]
