"""Calibrates networks that were trained further, and raises priors that are too low for them.

The priors and the calibration's bias are those of the start, except for genres that were rarer
there than they are among drawn and corrected songs together, as a genre that the start never
learnt: their shares are raised to that, and their bias is lowered accordingly. The temperature is
fitted anew, as in `training.calibration.fit_temperature`, but a drawn song has no true genre: its
most probable genre is taken to be right with the start's probability of that genre.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from model.priors import CALIBRATED_PRIOR
from training.calibration import EPSILON, TEMPERATURES
from training.ensemble import Ensemble
from training.features import Absence, Matrix
from training.priors import EVEN
from training.retrain.fine_tune import Corrections, label_share
from training.retrain.rehearsal import Rehearsal

Shares = Mapping[str, Mapping[str, float]]
"""Share of each genre by prior, as in the metadata of bundles."""

DRAWN: Final = 20_000
"""Number of songs that are drawn to fit the temperature."""

DIGITS: Final = 6


def raised(
    ensemble: Ensemble, shares: Shares, corrections: Corrections
) -> tuple[Ensemble, dict[str, dict[str, float]]]:
    """Return the ensemble and its priors with the shares of corrected genres raised.

    Args:
        ensemble: The ensemble after the training, with the calibration of the start.
        shares: The priors of the start; there may be none.
        corrections: The songs that it was trained on.
    """
    if not shares:
        return ensemble, {}
    least = _least_shares(corrections, len(ensemble.outputs))
    higher = {
        name: dict(own) if name == EVEN else _at_least(own, least, ensemble.outputs)
        for name, own in shares.items()
    }
    before, after = (
        np.log([one[CALIBRATED_PRIOR][genre] for genre in ensemble.outputs])
        for one in (shares, higher)
    )
    bias = ensemble.calibration.bias
    exponent = -float(bias @ before) / float(before @ before)
    lowered = bias - exponent * (after - before)
    calibration = replace(ensemble.calibration, bias=lowered.astype(np.float32))
    return replace(ensemble, calibration=calibration), higher


def with_temperature(
    ensemble: Ensemble,
    start: Ensemble,
    rehearsal: Rehearsal,
    held_out: Corrections,
    *,
    share: float,
    seed: int,
) -> Ensemble:
    """Return the ensemble with the temperature at which its confidence fits best.

    Args:
        ensemble: The ensemble.
        start: The ensemble before the training, whose probabilities are calibrated.
        rehearsal: Feature distributions to draw songs from.
        held_out: Corrected songs that the ensemble was not trained on; there may be none.
        share: Share of corrected songs among all, 0-1.
        seed: Seed of all random draws.
    """
    rng = np.random.default_rng(seed)
    drawn = Absence.hide(rehearsal.sample(DRAWN, rng), rng)
    raw, known = ensemble.raw_probabilities(drawn), start.probabilities(drawn)
    weight = np.full(DRAWN, (1 - share) / DRAWN)
    if len(held_out):
        hidden = Absence.hide(held_out.values, rng)
        raw = np.concatenate([raw, ensemble.raw_probabilities(hidden)])
        truth = np.eye(len(ensemble.outputs), dtype=np.float32)[held_out.genres]
        known = np.concatenate([known, truth])
        weight = np.concatenate([weight, share * held_out.weights / held_out.weights.sum()])

    def loss(temperature: float) -> float:
        calibration = replace(ensemble.calibration, temperature=temperature)
        return _loss(calibration.apply(raw), known, weight)

    best = minimize_scalar(loss, bounds=TEMPERATURES, method="bounded")
    fitted = replace(ensemble.calibration, temperature=round(float(best.x), 4))
    return replace(ensemble, calibration=fitted)


def _loss(scaled: Matrix, known: Matrix, weight: npt.NDArray[np.float64]) -> float:
    """Return the mean log loss of the most probable genre's confidence."""
    confidence = np.clip(scaled.max(axis=1).astype(np.float64), EPSILON, 1 - EPSILON)
    right = np.take_along_axis(known, scaled.argmax(axis=1)[:, None], axis=1)[:, 0]
    losses = right * np.log(confidence) + (1 - right) * np.log(1 - confidence)
    return -float(weight @ losses / weight.sum())


def _least_shares(corrections: Corrections, genres: int) -> npt.NDArray[np.float64]:
    """Return the share of corrected songs of each genre among drawn and corrected songs."""
    weights = np.bincount(corrections.genres, corrections.weights, genres)
    found: npt.NDArray[np.float64] = label_share(corrections.weights) * weights / weights.sum()
    return found


def _at_least(
    own: Mapping[str, float], least: npt.NDArray[np.float64], genres: tuple[str, ...]
) -> dict[str, float]:
    """Return shares that are at least `least`, and sum to 1 as before."""
    higher = np.maximum([own[genre] for genre in genres], least)
    scaled = higher / higher.sum()
    return {genre: round(float(one), DIGITS) for genre, one in zip(genres, scaled, strict=True)}
