"""Preprocessing of features for the networks."""

import numpy as np
import pandas as pd
import pytest

from model.schema import INPUT_NAMES
from training.features import Matrix, matrix, without
from training.inputs import LIMIT, LINEAR, LOGS, PITCHES, Scaling

YEAR = LINEAR.index("year")


@pytest.fixture
def values(made_up: pd.DataFrame) -> Matrix:
    return matrix(made_up)


def test_inputs_are_numbers_pitches_and_flags(values: Matrix) -> None:
    inputs = Scaling.of(values).inputs(values)
    width = len(LINEAR) + len(LOGS)
    numbers, pitches, flags = np.split(inputs, [width, width + PITCHES], axis=1)
    assert np.isfinite(inputs).all()
    assert np.abs(numbers.mean(axis=0)).max() < 0.01
    assert np.array_equal(flags, np.isnan(values))
    assert np.array_equal(pitches.sum(axis=1), ~np.isnan(values[:, INPUT_NAMES.index("key")]))


def test_year_is_standardised(values: Matrix) -> None:
    scaling = Scaling.of(values)
    years = values[:, INPUT_NAMES.index("year")]
    assert scaling.mean[YEAR] == pytest.approx(np.nanmean(years), abs=0.01)
    assert scaling.spread[YEAR] == pytest.approx(np.nanstd(years), rel=1e-3)


def test_missing_year_is_the_mean_with_a_flag(values: Matrix) -> None:
    inputs = Scaling.of(values).inputs(without(values, ("year",)))
    assert (inputs[:, YEAR] == 0).all()
    assert (inputs[:, -1] == 1).all()


def test_extreme_values_are_clipped(values: Matrix) -> None:
    scaling = Scaling.of(values)
    extreme = values[:1].copy()
    extreme[0, INPUT_NAMES.index("tempo")] = 1e30
    assert scaling.inputs(extreme)[0, LINEAR.index("tempo")] == LIMIT


def test_input_without_values_has_a_neutral_scaling(values: Matrix) -> None:
    scaling = Scaling.of(without(values, ("year",)))
    assert (scaling.mean[YEAR], scaling.spread[YEAR]) == (0, 1)
