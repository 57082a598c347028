"""Measurement of a model on the test split."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.metrics import FeaturePattern, MeasuredModel, Slice
from model.verdicts import RIGHT, Verdict
from tests.unit.training.made_up import BY_LABEL, PLAN, SETTINGS, TASK
from training.baseline import fit_baseline
from training.calibrated_model import CalibratedModel, fit_calibrated, is_calibration_row
from training.calibration import Thresholds
from training.evaluation import clear, truth_rows
from training.features import PATTERNS, Matrix, matrix
from training.measurement import measure, verdict_figures, verdict_rates
from training.split import Side, groups
from training.tables import FEEDBACK

QUICK = replace(PLAN, networks=1, settings=replace(SETTINGS, epochs=8))


@pytest.fixture(scope="module")
def model(made_up: pd.DataFrame) -> CalibratedModel:
    return fit_calibrated(made_up, TASK, QUICK, seed=1)


def constant(values: Matrix) -> Matrix:
    return np.tile(np.array([[0.5, 0.3, 0.2]], np.float32), (len(values), 1))


def test_models_and_slices_that_are_measured(model: CalibratedModel, made_up: pd.DataFrame) -> None:
    found = list(measure(model, constant, made_up, TASK))
    ours = [one for one in found if one.model is MeasuredModel.OURS]
    others = [one for one in found if one.model is not MeasuredModel.OURS]
    all_slices = {Slice.ALL, Slice.CLEAR, Slice.POPULAR, Slice.TABLE_LABELS}
    dated = {one.features for one in ours if one.slice is Slice.ALL}
    assert dated == set(PATTERNS)
    assert {one.slice for one in ours} == all_slices
    assert {one.features for one in others} == {FeaturePattern.CORE}
    assert {(one.model, one.slice) for one in others} == {
        (measured, slice_)
        for measured in (
            MeasuredModel.BASELINE,
            MeasuredModel.TABLES_PRIOR,
            MeasuredModel.EVEN_PRIOR,
        )
        for slice_ in all_slices
    }
    assert all(one.figures.weighted_f1_error is not None for one in found)


def test_task_by_label_is_measured_without_other_priors(made_up: pd.DataFrame) -> None:
    model = fit_calibrated(made_up, BY_LABEL, QUICK, seed=1)
    found = list(measure(model, constant, made_up, BY_LABEL))
    assert {(one.model, one.slice, one.features) for one in found} == {
        (measured, Slice.ALL, FeaturePattern.CORE)
        for measured in (MeasuredModel.OURS, MeasuredModel.BASELINE)
    }


def test_priors_multiply_the_ensembles_probabilities(
    model: CalibratedModel, made_up: pd.DataFrame
) -> None:
    values = matrix(made_up)
    own = model.ensemble.probabilities(values)
    assert model.probabilities(values, "tables") == pytest.approx(own, abs=1e-6)
    even = model.probabilities(values, "even")
    rare = min(model.shares["tables"], key=lambda genre: model.shares["tables"][genre])
    column = TASK.genres.index(rare)
    assert (even[:, column] > own[:, column]).mean() > 0.9
    assert even.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_model_without_priors_is_served_as_is(made_up: pd.DataFrame) -> None:
    model = fit_calibrated(made_up, BY_LABEL, QUICK, seed=1)
    values = matrix(made_up)
    assert model.shares == {}
    assert np.array_equal(model.probabilities(values), model.ensemble.probabilities(values))


def test_shares_are_of_all_held_out_songs_and_the_rest_of_clear_ones(
    model: CalibratedModel, made_up_rows: pd.DataFrame
) -> None:
    rows = made_up_rows
    unclear = rows["artist_shares"].map(lambda shares: bool(shares) and 0.6 in shares.values())
    held_out = is_calibration_row(rows) & (rows["side"] == Side.TRAIN) & unclear
    assert held_out.any()
    fewer = fit_calibrated(rows[~held_out], TASK, QUICK, seed=1)
    assert fewer.shares["tables"] != model.shares["tables"]
    assert fewer.shares["even"] == model.shares["even"]


def test_calibration_is_on_other_artists_than_training(made_up: pd.DataFrame) -> None:
    train = made_up[made_up["side"] == Side.TRAIN]
    held_out = is_calibration_row(train)
    group = groups(train)
    assert 0.05 < held_out.mean() < 0.2
    assert not set(group[held_out]) & set(group[~held_out])


def test_labels_from_the_chat_are_not_calibrated_on(made_up_rows: pd.DataFrame) -> None:
    rows = made_up_rows
    plain = fit_calibrated(rows, TASK, QUICK, seed=1)
    held_out = is_calibration_row(rows) & (rows["side"] == Side.TRAIN)
    votes = rows[held_out].assign(table=FEEDBACK, recording=rows["recording"] + " voted")
    voted = fit_calibrated(pd.concat([rows, votes], ignore_index=True), TASK, QUICK, seed=1)
    assert voted.ensemble.calibration.temperature == plain.ensemble.calibration.temperature
    assert voted.thresholds == plain.thresholds
    assert voted.shares["tables"] == plain.shares["tables"]


@pytest.mark.parametrize(
    ("probabilities", "truth", "verdict", "right"),
    [
        ([0.8, 0.1, 0.1], 0, Verdict.PLAIN, 1.0),
        ([0.8, 0.1, 0.1], 1, Verdict.PLAIN, 0.0),
        ([0.5, 0.4, 0.1], 1, Verdict.EITHER, 1.0),
        ([0.5, 0.4, 0.1], 2, Verdict.EITHER, 0.0),
        ([0.4, 0.35, 0.25], 2, Verdict.UNSURE, 1.0),
    ],
)
def test_verdict_is_right_if_one_of_its_genres_is(
    probabilities: list[float], truth: int, verdict: Verdict, right: float
) -> None:
    found = verdict_rates(
        np.array([probabilities], np.float32), np.array([truth]), Thresholds(0.75, 0.85)
    )
    assert found.pop(verdict) == (1.0, right)
    assert set(found.values()) == {(0.0, None)}


def test_unsure_verdict_of_three_genres_can_be_wrong() -> None:
    four = np.array([[0.3, 0.3, 0.3, 0.1]], np.float32)
    found = verdict_rates(four, np.array([3]), Thresholds(0.75, 0.85))
    assert found[Verdict.UNSURE] == (1.0, 0.0)


def test_verdicts_are_measured_where_the_sources_agree_clearly(
    model: CalibratedModel, made_up: pd.DataFrame
) -> None:
    found = verdict_figures(model, made_up, TASK)
    tested = truth_rows(made_up, TASK)
    songs = clear(tested).sum()
    coverage = [found[verdict].coverage or 0 for verdict in Verdict]
    core = [found[verdict].coverage_core or 0 for verdict in Verdict]
    assert sum(coverage) == pytest.approx(1, abs=1e-3)
    assert sum(core) == pytest.approx(1, abs=1e-3)
    assert round(coverage[0] * songs) == pytest.approx(coverage[0] * songs, abs=0.01)
    assert (found["plain"].threshold, found["unsure"].threshold) == (RIGHT, 0)
    assert found["either"].threshold == model.thresholds.either


def test_baseline_has_a_probability_for_genres_that_no_table_reads(
    made_up_rows: pd.DataFrame,
) -> None:
    made_up_rows.loc[made_up_rows["genre"] == "hip-hop", "genre"] = "jazz"
    found = fit_baseline(made_up_rows, TASK, 0)(matrix(made_up_rows))
    assert found.shape == (len(made_up_rows), 3)
    assert (found[:, 1] == 0).all()
    rock = (made_up_rows["genre"] == "rock").to_numpy()
    assert (found[rock].argmax(axis=1) == 0).mean() > 0.9
