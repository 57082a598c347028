import numpy as np
import pytest

from training.calibration import fit_calibration, fit_thresholds
from training.evaluation import calibration_error
from training.features import Matrix
from training.network import softmax

Case = tuple[Matrix, np.ndarray[tuple[int], np.dtype[np.int64]]]


@pytest.fixture
def overconfident() -> Case:
    """Return predictions with doubled logits, of two common genres and a rare one."""
    rng = np.random.default_rng(0)
    logits = (rng.standard_normal((20_000, 3)) + np.array([0.5, 0.5, -1.5])).astype(np.float32)
    true = softmax(logits)
    truth = (true.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1).clip(max=2)
    return softmax(2 * logits), truth


def test_temperature_corrects_overconfidence(overconfident: Case) -> None:
    raw, truth = overconfident
    found = fit_calibration(raw, truth, prior_correction=0.2)
    assert found.temperature > 1.5
    assert calibration_error(raw, truth) > 0.05
    assert calibration_error(found.apply(raw), truth) < 0.02


def test_prior_correction_raises_the_rare_genre(overconfident: Case) -> None:
    raw, truth = overconfident
    assert not fit_calibration(raw, truth, prior_correction=0).bias.any()
    found = fit_calibration(raw, truth, prior_correction=0.2)
    rare = np.bincount(truth).argmin()
    assert found.bias.argmax() == rare
    named = found.apply(raw).argmax(axis=1)
    assert (named == rare).sum() > (raw.argmax(axis=1) == rare).sum()


def test_genre_without_songs_can_be_calibrated() -> None:
    raw = np.full((40, 3), 1 / 3, np.float32)
    assert np.isfinite(
        fit_calibration(raw, np.arange(40) % 2, prior_correction=0.2).apply(raw)
    ).all()


def test_close_margin_is_where_the_second_genre_falls_behind(overconfident: Case) -> None:
    raw, truth = overconfident
    probabilities = fit_calibration(raw, truth, prior_correction=0.2).apply(raw)
    found = fit_thresholds(probabilities, truth)
    descending = -np.sort(-probabilities, axis=1)
    order = np.argsort(-probabilities, axis=1)
    near = np.abs(descending[:, 0] - descending[:, 1] - found.close_margin) < 0.03
    ratio = (order[near, 1] == truth[near]).sum() / (order[near, 0] == truth[near]).sum()
    assert 0 < found.close_margin < 0.3
    assert ratio == pytest.approx(0.8, abs=0.15)


def test_unsure_threshold_is_high_for_random_predictions() -> None:
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.standard_normal((5_000, 13)).astype(np.float32))
    assert fit_thresholds(probabilities, rng.integers(0, 13, 5_000)).unsure_below > 0.3


def test_right_predictions_are_neither_close_nor_unsure() -> None:
    probabilities = np.tile(np.array([[0.4, 0.35, 0.25]], np.float32), (500, 1))
    found = fit_thresholds(probabilities, np.zeros(500, int))
    assert found.close_margin < 0.05
    assert found.unsure_below < 0.4
