"""Calibration and thresholds, fitted on held-out songs."""

import numpy as np
import pytest

from model.verdicts import RIGHT
from training.calibration import TARGET, fit_calibration, fit_thresholds, genre_shares
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
    found = fit_calibration(raw, truth, genre_shares(truth, 3), prior_correction=0.2)
    assert found.temperature > 1.5
    assert calibration_error(raw, truth) > 0.05
    assert calibration_error(found.apply(raw), truth) < 0.02


def test_prior_correction_raises_the_rare_genre(overconfident: Case) -> None:
    raw, truth = overconfident
    assert not fit_calibration(raw, truth, genre_shares(truth, 3), 0).bias.any()
    found = fit_calibration(raw, truth, genre_shares(truth, 3), prior_correction=0.2)
    rare = np.bincount(truth).argmin()
    assert found.bias.argmax() == rare
    named = found.apply(raw).argmax(axis=1)
    assert (named == rare).sum() > (raw.argmax(axis=1) == rare).sum()


def test_genre_without_songs_can_be_calibrated() -> None:
    raw, truth = np.full((40, 3), 1 / 3, np.float32), np.arange(40) % 2
    found = fit_calibration(raw, truth, genre_shares(truth, 3), prior_correction=0.2)
    assert np.isfinite(found.apply(raw)).all()


def test_genre_shares_sum_to_one_and_are_above_zero() -> None:
    shares = genre_shares(np.array([0, 0, 1]), 3)
    assert shares == pytest.approx([3 / 6, 2 / 6, 1 / 6])


@pytest.fixture
def calibrated() -> Case:
    """Return calibrated predictions of five genres, and true genres drawn from them."""
    rng = np.random.default_rng(0)
    true = softmax((1.5 * rng.standard_normal((20_000, 5))).astype(np.float32))
    return true, (true.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1).clip(max=4)


def test_plain_needs_the_probability_of_being_right(calibrated: Case) -> None:
    assert fit_thresholds(*calibrated).plain == RIGHT == 0.75


def test_either_is_right_for_its_target_of_the_songs_that_are_not_plain(calibrated: Case) -> None:
    probabilities, truth = calibrated
    found = fit_thresholds(probabilities, truth)
    order = np.argsort(-probabilities, axis=1)
    descending = np.take_along_axis(probabilities, order, axis=1)
    either = (descending[:, 0] < found.plain) & (descending[:, :2].sum(axis=1) >= found.either)
    right = (order[:, :2] == truth[:, None]).any(axis=1)
    assert either.mean() > 0.3
    assert right[either].mean() == pytest.approx(TARGET, abs=0.005)
    assert TARGET > RIGHT


@pytest.mark.parametrize("songs", [0, 40])
def test_either_is_never_said_if_two_genres_are_never_right(songs: int) -> None:
    probabilities = np.tile(np.array([[0.4, 0.35, 0.25]], np.float32), (songs, 1))
    assert fit_thresholds(probabilities, np.full(songs, 2)).either == 1.0


def test_either_is_always_said_if_two_genres_are_always_right() -> None:
    probabilities = np.tile(np.array([[0.4, 0.35, 0.25]], np.float32), (40, 1))
    assert fit_thresholds(probabilities, np.arange(40) % 2).either == 0.75


def test_plain_songs_do_not_count_for_either() -> None:
    sure = np.tile(np.array([[0.9, 0.05, 0.05]], np.float32), (400, 1))
    unsure = np.tile(np.array([[0.4, 0.35, 0.25]], np.float32), (40, 1))
    truth = np.concatenate([np.zeros(400, int), np.full(40, 2)])
    assert fit_thresholds(np.vstack([sure, unsure]), truth).either == 1.0
