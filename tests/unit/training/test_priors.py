"""Priors of the genres for the bundles."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import priors as serving
from model.priors import CALIBRATED_PRIOR, DEFAULT_PRIOR
from tests.unit.training.made_up import GENRES, TASK
from training import priors

CALIBRATED = np.array([0.5, 0.3, 0.2])


def test_shares_of_each_prior_sum_to_one_and_can_be_served(made_up: pd.DataFrame) -> None:
    found = priors.priors(made_up, TASK, CALIBRATED)
    assert set(found) == {CALIBRATED_PRIOR, DEFAULT_PRIOR, priors.EVEN}
    for shares in found.values():
        assert tuple(shares) == GENRES
        assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
    serving.check(found, priors.TEMPER, GENRES)
    assert found[CALIBRATED_PRIOR] == dict(zip(GENRES, CALIBRATED, strict=True))
    assert set(found[priors.EVEN].values()) == {0.3333}


def test_default_prior_counts_recordings_in_tables_of_hits(made_up_rows: pd.DataFrame) -> None:
    made_up_rows["table"] = "fma"
    made_up_rows.loc[:29, "table"] = "billboard"
    made_up_rows.loc[:29, "artist_genre"] = (
        ["rock"] * 20 + ["hip-hop"] * 5 + ["jazz", ""] * 2 + [""]
    )
    made_up_rows.loc[:9, "recording"] = "one"
    shares = priors.priors(made_up_rows, TASK, CALIBRATED)[DEFAULT_PRIOR]
    expected = np.array([11 + 1, 5 + 1, 1]) / 19
    assert list(shares.values()) == pytest.approx(expected, abs=1e-4)


def test_calibrated_prior_changes_nothing(made_up: pd.DataFrame) -> None:
    found = priors.priors(made_up, TASK, CALIBRATED)
    assert priors.factors(found, CALIBRATED_PRIOR, GENRES).tolist() == [1, 1, 1]


def test_factors_are_the_tempered_ratio_of_shares() -> None:
    shares = {
        CALIBRATED_PRIOR: dict(zip(GENRES, CALIBRATED, strict=True)),
        DEFAULT_PRIOR: dict(zip(GENRES, (0.2, 0.3, 0.5), strict=True)),
    }
    expected = (np.array([0.2, 0.3, 0.5]) / CALIBRATED) ** priors.TEMPER
    assert priors.factors(shares, DEFAULT_PRIOR, GENRES) == pytest.approx(expected)


@given(
    st.lists(st.floats(0.125, 1), min_size=3, max_size=3),
    st.lists(st.floats(0.125, 8), min_size=3, max_size=3),
)
def test_products_are_normalised_and_keep_their_ratios(
    chances: list[float], factors: list[float]
) -> None:
    product = np.array(chances, np.float32) * np.array(factors, np.float32)
    (found,) = priors.with_factors(np.array([chances], np.float32), np.array(factors, np.float32))
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert found / found[0] == pytest.approx(product / product[0], rel=1e-5)
