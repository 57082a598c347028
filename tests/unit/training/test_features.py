import numpy as np
import pandas as pd
import pytest

from model.schema import CORE, EXTRA, MINIMUM_CORE, NAMES
from training.features import PATTERN_SHARES, PATTERNS, Absence, Matrix, matrix, without

CORE_COLUMNS = slice(0, len(CORE))
EXTRA_COLUMNS = slice(len(CORE), len(NAMES))


@pytest.fixture
def values(made_up_rows: pd.DataFrame) -> Matrix:
    return matrix(made_up_rows)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_fill_draws_from_all_rows_that_have_the_feature(
    values: Matrix, rng: np.random.Generator
) -> None:
    filled = Absence(values).fill(values, rng)
    assert not np.isnan(filled).any()
    known = ~np.isnan(values)
    assert (filled[known] == values[known]).all()
    drawn = filled[:, NAMES.index("loudness")][~known[:, NAMES.index("loudness")]]
    assert np.isin(drawn, values[:, NAMES.index("loudness")]).all()
    assert np.unique(drawn).size > 100


def test_filled_values_do_not_depend_on_the_genre(
    made_up_rows: pd.DataFrame, rng: np.random.Generator
) -> None:
    made_up_rows["loudness"] = made_up_rows["loudness"].where(made_up_rows["genre"] != "rock", -1.0)
    made_up_rows.loc[made_up_rows["table"] == "fma", "loudness"] = np.nan
    loud = matrix(made_up_rows)
    filled = Absence(loud).fill(loud, rng)[:, NAMES.index("loudness")]
    drawn = pd.Series(filled == -1)[(made_up_rows["table"] == "fma").to_numpy()]
    shares = drawn.groupby(made_up_rows["genre"]).mean()
    assert shares.max() - shares.min() < 0.15


def test_feature_without_values_stays_missing(values: Matrix, rng: np.random.Generator) -> None:
    only_core = without(values, EXTRA)
    assert np.isnan(Absence(only_core).fill(only_core, rng)[:, EXTRA_COLUMNS]).all()


def test_hide_applies_each_pattern_at_its_share(rng: np.random.Generator) -> None:
    hidden = np.isnan(
        Absence(np.empty((0, 12), np.float32)).hide(np.ones((20_000, 12), np.float32), rng)
    )
    for pattern, share in zip(PATTERNS.values(), PATTERN_SHARES, strict=True):
        expected = [name in pattern for name in EXTRA]
        assert (hidden[:, EXTRA_COLUMNS] == expected).all(axis=1).mean() == pytest.approx(
            share, abs=0.02
        )


def test_hide_leaves_the_minimum_of_core_features(
    rng: np.random.Generator,
) -> None:
    hidden = np.isnan(
        Absence(np.empty((0, 12), np.float32)).hide(np.ones((5_000, 12), np.float32), rng)
    )
    given = (~hidden[:, CORE_COLUMNS]).sum(axis=1)
    assert given.min() == MINIMUM_CORE
    assert (given < len(CORE)).mean() == pytest.approx(0.15, abs=0.02)
    assert hidden[:, CORE_COLUMNS].any(axis=0).all()


def test_missing_values_do_not_identify_the_table(
    made_up_rows: pd.DataFrame, values: Matrix, rng: np.random.Generator
) -> None:
    absence = Absence(values)
    missing = np.isnan(absence.sample(np.repeat(values, 10, axis=0), rng))
    table = np.repeat((made_up_rows["table"] == "fma").to_numpy(), 10)
    patterns = np.unique(missing, axis=0, return_inverse=True)[1]
    best_guess = sum(
        max((table & (patterns == code)).sum(), (~table & (patterns == code)).sum())
        for code in np.unique(patterns[np.bincount(patterns)[patterns] > 200])
    )
    seen = (np.bincount(patterns)[patterns] > 200).sum()
    assert best_guess / seen < max(table.mean(), 1 - table.mean()) + 0.02


def test_without_returns_a_copy(values: Matrix) -> None:
    before = values.copy()
    assert np.isnan(without(values, ("tempo",))[:, NAMES.index("tempo")]).all()
    assert np.array_equal(values, before, equal_nan=True)
