import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from model.metrics import FeaturePattern
from model.schema import CORE, EXTRA, INPUT_NAMES, MINIMUM_CORE, NAMES
from training.features import (
    HIDDEN_IN_TRAINING,
    PATTERNS,
    YEAR_COLUMN,
    YEAR_HIDDEN_SHARE,
    YEAR_LATE_SHARE,
    Absence,
    Matrix,
    matrix,
    with_late_years,
    without,
)
from training.names import PATTERN_NAMES

CORE_COLUMNS = slice(0, len(CORE))
EXTRA_COLUMNS = slice(len(CORE), len(NAMES))
NO_POOL = Absence(np.empty((0, len(INPUT_NAMES)), np.float32))


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
    assert not np.isnan(filled[:, : len(NAMES)]).any()
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


def test_missing_years_are_drawn_from_rows_of_the_same_genre(rng: np.random.Generator) -> None:
    values = np.full((400, len(INPUT_NAMES)), 0.5, np.float32)
    likely = np.arange(400) % 2
    values[:, YEAR_COLUMN] = np.where(likely == 0, 1960, 2010)
    values[100:300, YEAR_COLUMN] = np.nan
    filled = Absence(values, likely).fill(values, rng)[:, YEAR_COLUMN]
    assert (filled == np.where(likely == 0, 1960, 2010)).all()
    anywhere = Absence(values).fill(values, rng)[:, YEAR_COLUMN]
    assert set(anywhere[100:300][likely[100:300] == 0]) == {1960, 2010}


def test_presence_of_the_year_does_not_identify_the_table(
    made_up_rows: pd.DataFrame, values: Matrix, rng: np.random.Generator
) -> None:
    dated = made_up_rows["table"].to_numpy() == "billboard"
    undated = values.copy()
    undated[~dated, YEAR_COLUMN] = np.nan
    known = ~np.isnan(Absence(undated).sample(undated, rng)[:, YEAR_COLUMN])
    assert known[dated].mean() == pytest.approx(known[~dated].mean(), abs=0.1)


def hidden_at_random(rows: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return which inputs are hidden in rows that have all."""
    return np.isnan(NO_POOL.hide(np.ones((rows, len(INPUT_NAMES)), np.float32), rng))


def test_hide_applies_each_set_of_features_at_its_share(rng: np.random.Generator) -> None:
    hidden = hidden_at_random(20_000, rng)
    for names, share in HIDDEN_IN_TRAINING:
        expected = [name in names for name in EXTRA]
        found = (hidden[:, EXTRA_COLUMNS] == expected).all(axis=1).mean()
        assert found == pytest.approx(share, abs=0.02)


def test_year_is_hidden_at_its_share_whatever_else_is(rng: np.random.Generator) -> None:
    hidden = hidden_at_random(20_000, rng)
    loud = hidden[:, NAMES.index("loudness")]
    for rows in (hidden[loud], hidden[~loud]):
        assert rows[:, YEAR_COLUMN].mean() == pytest.approx(YEAR_HIDDEN_SHARE, abs=0.02)


def test_hide_leaves_the_minimum_of_core_features(rng: np.random.Generator) -> None:
    hidden = hidden_at_random(5_000, rng)
    given = (~hidden[:, CORE_COLUMNS]).sum(axis=1)
    assert given.min() == MINIMUM_CORE
    assert (given < len(CORE)).mean() == pytest.approx(0.15, abs=0.02)
    assert hidden[:, CORE_COLUMNS].any(axis=0).all()


def test_late_years_are_later_and_not_beyond_the_newest(
    values: Matrix, rng: np.random.Generator
) -> None:
    years = values[:, YEAR_COLUMN]
    late = with_late_years(values, 0.5, rng)[:, YEAR_COLUMN]
    known = ~np.isnan(years)
    assert np.array_equal(np.isnan(late), ~known)
    assert (late[known] >= years[known]).all()
    assert late[known].max() == years[known].max()
    assert (late[known] % 1 == 0).all()
    assert (late > years)[known].mean() == pytest.approx(0.5, abs=0.08)


def test_late_years_change_nothing_else(values: Matrix, rng: np.random.Generator) -> None:
    late = with_late_years(values, 1.0, rng)
    assert np.array_equal(late[:, : len(NAMES)], values[:, : len(NAMES)], equal_nan=True)
    undated = without(values, ("year",))
    assert np.array_equal(with_late_years(undated, 1.0, rng), undated, equal_nan=True)


def test_sample_makes_some_years_late(values: Matrix, rng: np.random.Generator) -> None:
    known = np.tile(values[~np.isnan(values[:, YEAR_COLUMN])], (10, 1))
    sampled = Absence(values).sample(known, rng)[:, YEAR_COLUMN]
    seen = ~np.isnan(sampled)
    changed = (sampled != known[:, YEAR_COLUMN])[seen]
    assert changed.mean() == pytest.approx(YEAR_LATE_SHARE, abs=0.02)


def test_every_pattern_has_a_name() -> None:
    assert set(PATTERNS) == set(PATTERN_NAMES) == set(FeaturePattern)


def test_missing_values_do_not_identify_the_table(
    made_up_rows: pd.DataFrame, values: Matrix, rng: np.random.Generator
) -> None:
    absence = Absence(values)
    sampled = absence.sample(np.repeat(values, 10, axis=0), rng)
    missing = np.isnan(sampled[:, : len(NAMES)])
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
