"""The percentiles of the features over all songs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.percentiles import median, middle_half, share_below
from model.schema import NAMES

VALUES = st.floats(-1e6, 1e8, allow_nan=False)


@pytest.mark.parametrize("feature", NAMES)
def test_quartiles_have_a_quarter_of_the_songs_on_each_side(feature: str) -> None:
    low, high = middle_half(feature)
    assert low <= median(feature) <= high
    if feature not in {"key", "mode", "instrumentalness"}:  # many songs have the same value
        assert share_below(feature, low) == pytest.approx(0.25, abs=0.02)
        assert share_below(feature, high) == pytest.approx(0.75, abs=0.02)


def test_values_outside_those_of_all_songs() -> None:
    assert share_below("tempo", 1) == 0
    assert share_below("tempo", 499) == 1


def test_equal_values_count_half() -> None:
    """About a third of the songs are in minor, and a third have no instrumental part at all."""
    assert share_below("mode", 0) == pytest.approx(0.17, abs=0.03)
    assert share_below("mode", 1) == pytest.approx(0.67, abs=0.03)
    assert share_below("instrumentalness", 0) == pytest.approx(0.15, abs=0.03)


@given(feature=st.sampled_from(NAMES), values=st.tuples(VALUES, VALUES))
def test_share_rises_with_the_value(feature: str, values: tuple[float, float]) -> None:
    low, high = sorted(values)
    assert 0 <= share_below(feature, low) <= share_below(feature, high) <= 1


def test_unknown_feature_is_an_error() -> None:
    with pytest.raises(KeyError):
        share_below("year", 1999)
