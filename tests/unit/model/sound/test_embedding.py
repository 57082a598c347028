"""Embeddings as bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.sound import embedding
from model.sound.embedding import SCALE, Embedding
from model.sound.networks import EMBEDDING_SIZE

EMBEDDINGS = arrays(np.float32, EMBEDDING_SIZE, elements=st.floats(-8, 8, width=32))


@given(EMBEDDINGS)
def test_the_error_is_at_most_half_a_step(values: Embedding) -> None:
    data = embedding.to_bytes(values)
    assert len(data) == SCALE.size + EMBEDDING_SIZE
    step = (float(values.max()) - float(values.min())) / 255
    assert np.abs(embedding.from_bytes(data) - values).max() <= step / 2 + 1e-5


def test_the_error_for_values_like_those_of_music_is_as_stated() -> None:
    values = np.random.default_rng(0).normal(0, 0.7, EMBEDDING_SIZE).astype(np.float32)
    again = embedding.from_bytes(embedding.to_bytes(values))
    assert np.abs(again - values).max() < 0.01
    assert np.corrcoef(again, values)[0, 1] > 0.9999


@pytest.mark.parametrize("value", [0.0, -3.5])
def test_equal_values_are_kept(value: float) -> None:
    values = np.full(EMBEDDING_SIZE, value, np.float32)
    assert embedding.from_bytes(embedding.to_bytes(values)).tolist() == values.tolist()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_must_be_finite(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        embedding.to_bytes(np.array([0, value], np.float32))


@pytest.mark.parametrize("data", [b"", bytes(SCALE.size)])
def test_other_bytes_are_no_embedding(data: bytes) -> None:
    with pytest.raises(ValueError, match="no embedding"):
        embedding.from_bytes(data)
