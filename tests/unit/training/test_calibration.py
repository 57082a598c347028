import numpy as np
import pytest

from training.calibration import calibration, thresholds
from training.evaluation import calibration_error
from training.features import Matrix
from training.network import softmax

Case = tuple[Matrix, np.ndarray[tuple[int], np.dtype[np.int64]]]


@pytest.fixture
def overconfident() -> Case:
    """Predictions twice as sure, in logits, as they deserve; two genres common, one rare."""
    rng = np.random.default_rng(0)
    logits = (rng.standard_normal((20_000, 3)) + np.array([0.5, 0.5, -1.5])).astype(np.float32)
    true = softmax(logits)
    truth = (true.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1).clip(max=2)
    return softmax(2 * logits), truth


def test_overconfidence_is_found_and_cooled(overconfident: Case) -> None:
    raw, truth = overconfident
    found = calibration(raw, truth, tilt=0.2)
    assert found.temperature > 1.5
    assert calibration_error(raw, truth) > 0.05
    assert calibration_error(found.apply(raw), truth) < 0.02


def test_the_bias_raises_the_rare_genre(overconfident: Case) -> None:
    raw, truth = overconfident
    assert not calibration(raw, truth, tilt=0).bias.any()
    found = calibration(raw, truth, tilt=0.2)
    rare = np.bincount(truth).argmin()
    assert found.bias.argmax() == rare
    named = found.apply(raw).argmax(axis=1)
    assert (named == rare).sum() > (raw.argmax(axis=1) == rare).sum()


def test_a_genre_without_any_song_is_calibrated_too() -> None:
    raw = np.full((40, 3), 1 / 3, np.float32)
    assert np.isfinite(calibration(raw, np.arange(40) % 2, tilt=0.2).apply(raw)).all()


def test_doubt_ends_where_the_first_genre_pulls_away(overconfident: Case) -> None:
    raw, truth = overconfident
    probabilities = calibration(raw, truth, tilt=0.2).apply(raw)
    found = thresholds(probabilities, truth)
    falling = -np.sort(-probabilities, axis=1)
    order = np.argsort(-probabilities, axis=1)
    near = np.abs(falling[:, 0] - falling[:, 1] - found.close_margin) < 0.03
    ratio = (order[near, 1] == truth[near]).sum() / (order[near, 0] == truth[near]).sum()
    assert 0 < found.close_margin < 0.3
    assert ratio == pytest.approx(0.8, abs=0.15)


def test_a_best_genre_that_is_hardly_ever_right_is_unsure() -> None:
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.standard_normal((5_000, 13)).astype(np.float32))
    assert thresholds(probabilities, rng.integers(0, 13, 5_000)).unsure_below > 0.3


def test_sure_predictions_are_neither_close_nor_unsure() -> None:
    probabilities = np.tile(np.array([[0.4, 0.35, 0.25]], np.float32), (500, 1))
    found = thresholds(probabilities, np.zeros(500, int))
    assert found.close_margin < 0.05
    assert found.unsure_below < 0.4
