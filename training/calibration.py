"""Calibration of probabilities and thresholds of the verdicts, fitted on held-out songs."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from model.verdicts import RIGHT
from training.ensemble import Calibration
from training.features import Matrix

TEMPERATURES: Final = (0.3, 3.0)
"""Bounds of the temperature."""

TARGET: Final = 0.76
"""Share of songs in which the verdict either must be right when its threshold is fitted.

It is a little higher than `model.verdicts.RIGHT`, because a threshold is fitted on few songs.
"""

EPSILON: Final = 1e-6
"""Probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm is taken."""

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Smallest probability of the first genre (plain), and of the first two together (either)."""

    plain: float
    either: float


def fit_calibration(
    raw: Matrix, truth: Codes, shares: npt.NDArray[np.float64], prior_correction: float
) -> Calibration:
    """Fit a calibration on held-out songs.

    Its bias divides the probability of each genre by the genre's share to the power of
    `prior_correction`, which raises rare genres. At 0 the likelihood is highest, but rare genres
    are hardly ever predicted.

    Args:
        raw: Uncalibrated probabilities, [songs, genres].
        truth: Index of each song's genre.
        shares: Share of each genre, [genres]; see `genre_shares`.
        prior_correction: Exponent of the prior correction, 0-1.
    """
    biased = Calibration(1.0, (-prior_correction * np.log(shares)).astype(np.float32))
    return fit_temperature(raw, truth, biased)


def genre_shares(truth: Codes, genres: int) -> npt.NDArray[np.float64]:
    """Return the share of each genre among songs, with one imagined song of each genre."""
    shares: npt.NDArray[np.float64] = (np.bincount(truth, minlength=genres) + 1) / (
        len(truth) + genres
    )
    return shares


def fit_temperature(raw: Matrix, truth: Codes, calibration: Calibration) -> Calibration:
    """Return `calibration` with the temperature at which the first genre's confidence fits best.

    It maximises the likelihood that the most probable genre is right; the others do not count.
    """

    def loss(temperature: float) -> float:
        scaled = replace(calibration, temperature=temperature).apply(raw)
        confidence = np.clip(scaled.max(axis=1).astype(np.float64), EPSILON, 1 - EPSILON)
        hit = scaled.argmax(axis=1) == truth
        return -float(np.where(hit, np.log(confidence), np.log(1 - confidence)).mean())

    best = minimize_scalar(loss, bounds=TEMPERATURES, method="bounded")
    return replace(calibration, temperature=round(float(best.x), 4))


def fit_thresholds(probabilities: Matrix, truth: Codes) -> Thresholds:
    """Fit the thresholds of the verdicts on held-out songs.

    Plain is a matter of each song: its first genre is right with a calibrated probability of at
    least `RIGHT`. Either is one of all such songs: the threshold is the smallest at which one of
    the first two genres is right for `TARGET` of the songs that are not plain.

    Args:
        probabilities: Calibrated probabilities, [songs, genres].
        truth: Index of each song's genre.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    descending = -np.sort(-probabilities, axis=1)
    both = (order[:, :2] == truth[:, None]).any(axis=1)
    rest = descending[:, 0] < RIGHT
    return Thresholds(RIGHT, smallest_threshold(descending[rest, :2].sum(axis=1), both[rest]))


def smallest_threshold(values: Matrix, right: npt.NDArray[np.bool_]) -> float:
    """Return the smallest threshold above which `right` holds in a share of `TARGET`; 1 if none."""
    order = np.argsort(-values, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= TARGET)
    return round(float(values[order[enough[-1]]]), 3) if enough.size else 1.0
