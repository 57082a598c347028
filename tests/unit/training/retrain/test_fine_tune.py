"""Networks learn corrections and keep what they knew."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.genres import STUDY
from model.priors import CALIBRATED_PRIOR
from tests.unit.training.made_up import TASK
from tests.unit.training.retrain.made_up_model import QUICK, WRONG, corrections, f1
from training import calibration
from training.calibrated_model import CalibratedModel
from training.evaluation import calibration_error, codes, truth_rows
from training.export import to_onnx
from training.features import Matrix, matrix
from training.retrain import fine_tune, recalibration
from training.retrain.fine_tune import Corrections, label_share
from training.retrain.rehearsal import Rehearsal


@pytest.fixture(scope="module", autouse=True)
def few_songs() -> Iterator[None]:
    """Draw few songs, and let them count as few, as there are few corrections."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fine_tune, "REHEARSAL_SONGS", 300)
        patch.setattr(fine_tune, "SONGS_TO_COMPARE", 2000)
        patch.setattr(recalibration, "DRAWN", 2000)
        yield


@pytest.fixture(scope="module")
def tuned(start: CalibratedModel, rehearsal: Rehearsal, made_up: pd.DataFrame) -> CalibratedModel:
    return retrained(start, rehearsal, corrections(made_up))


def retrained(
    start: CalibratedModel, rehearsal: Rehearsal, corrected: Corrections, seed: int = 1
) -> CalibratedModel:
    held_out = np.arange(len(corrected)) % 5 == 0
    ensemble = fine_tune.fine_tune(
        start.ensemble, rehearsal, corrected.of(~held_out), seed=seed, settings=QUICK
    )
    ensemble, shares = recalibration.raised(ensemble, start.shares, corrected)
    ensemble = recalibration.with_temperature(
        ensemble,
        start.ensemble,
        rehearsal,
        corrected.of(held_out),
        share=label_share(corrected.weights),
        seed=seed,
    )
    return replace(start, ensemble=ensemble, shares=shares)


def answers(model: CalibratedModel, rows: pd.DataFrame) -> Matrix:
    return model.probabilities(matrix(truth_rows(rows, TASK)))


def test_corrected_genre_is_learnt_and_others_are_kept(
    start: CalibratedModel, tuned: CalibratedModel, made_up: pd.DataFrame
) -> None:
    before, after = (f1(answers(one, made_up).argmax(axis=1), made_up) for one in (start, tuned))
    assert before[WRONG] == 0
    assert after[WRONG] > 30
    assert all(after[genre] > before[genre] - 2 for genre in STUDY)


def test_songs_with_missing_features_learn_too(
    tuned: CalibratedModel, made_up: pd.DataFrame
) -> None:
    songs = matrix(truth_rows(made_up, TASK))
    songs[:, 8:12] = np.nan
    assert f1(tuned.probabilities(songs).argmax(axis=1), made_up)[WRONG] > 30


def test_retrained_model_is_better_calibrated(
    start: CalibratedModel, tuned: CalibratedModel, made_up: pd.DataFrame
) -> None:
    truth = codes(truth_rows(made_up, TASK)["truth"], STUDY)
    before, after = (calibration_error(answers(one, made_up), truth) for one in (start, tuned))
    assert after < before


def test_without_corrections_that_differ_nothing_changes(
    start: CalibratedModel, rehearsal: Rehearsal, made_up: pd.DataFrame
) -> None:
    one = corrections(made_up, "hip-hop")
    weak = replace(one, weights=one.weights * 1e-6)
    model = retrained(start, rehearsal, weak)
    agreed = answers(model, made_up).argmax(axis=1) == answers(start, made_up).argmax(axis=1)
    assert agreed.mean() > 0.97


def test_seed_decides_all_draws(
    start: CalibratedModel, tuned: CalibratedModel, rehearsal: Rehearsal, made_up: pd.DataFrame
) -> None:
    again, other = (
        retrained(start, rehearsal, corrections(made_up), seed).ensemble for seed in (1, 2)
    )
    assert to_onnx(again) == to_onnx(tuned.ensemble)
    assert to_onnx(other) != to_onnx(again)


def test_prior_of_a_genre_that_was_never_learnt_is_raised(
    start: CalibratedModel, tuned: CalibratedModel, made_up: pd.DataFrame
) -> None:
    expected = label_share(corrections(made_up).weights)
    before, after = start.shares[CALIBRATED_PRIOR], tuned.shares[CALIBRATED_PRIOR]
    assert before[WRONG] < 0.01
    assert after[WRONG] == pytest.approx(expected / (1 + expected - before[WRONG]), abs=0.01)
    assert sum(after.values()) == pytest.approx(1, abs=1e-4)
    lowered = tuned.ensemble.calibration.bias - start.ensemble.calibration.bias
    assert lowered.argmin() == STUDY.index(WRONG)


def test_priors_that_are_high_enough_stay(start: CalibratedModel, made_up: pd.DataFrame) -> None:
    many = corrections(made_up, "hip-hop")
    corrected = replace(many, weights=many.weights / 4)
    ensemble, shares = recalibration.raised(start.ensemble, start.shares, corrected)
    assert shares[CALIBRATED_PRIOR] == pytest.approx(start.shares[CALIBRATED_PRIOR], abs=1e-4)
    assert np.allclose(ensemble.calibration.bias, start.ensemble.calibration.bias, atol=1e-3)


def test_model_without_priors_keeps_its_calibration(
    start: CalibratedModel, made_up: pd.DataFrame
) -> None:
    ensemble, shares = recalibration.raised(start.ensemble, {}, corrections(made_up))
    assert (ensemble, shares) == (start.ensemble, {})


def test_temperature_is_within_its_bounds(
    start: CalibratedModel, rehearsal: Rehearsal, made_up: pd.DataFrame
) -> None:
    nothing = corrections(made_up).of(np.empty(0, np.intp))
    sharp = start.ensemble.calibration
    found = recalibration.with_temperature(
        replace(start.ensemble, calibration=replace(sharp, temperature=0.3)),
        start.ensemble,
        rehearsal,
        nothing,
        share=0.0,
        seed=0,
    )
    low, high = calibration.TEMPERATURES
    assert low < found.calibration.temperature < high
    assert found.calibration.temperature == pytest.approx(sharp.temperature, rel=0.05)


def test_share_of_corrected_songs_is_bounded() -> None:
    assert label_share(np.full(75, 1.0)) == pytest.approx(0.2)
    assert label_share(np.full(75, 5.0)) == pytest.approx(0.2)
    assert label_share(np.full(75, 0.5)) < 0.2
    assert label_share(np.full(90_000, 1.0)) == fine_tune.MAX_LABEL_SHARE


def test_corrections_of_a_known_genre_count_less(
    start: CalibratedModel, rehearsal: Rehearsal, made_up: pd.DataFrame
) -> None:
    unknown, known = (corrections(made_up, genre) for genre in (WRONG, "hip-hop"))
    for corrected, low, high in ((unknown, 0.7, 1.0), (known, 0.05, 0.4)):
        found = fine_tune.reweighted(start.ensemble, rehearsal, corrected, seed=0)
        assert low <= found.weights.mean() <= high
