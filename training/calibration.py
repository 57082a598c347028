"""Calibration of probabilities and thresholds of the verdicts, fitted on held-out songs."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from training.ensemble import Calibration
from training.features import Matrix

TEMPERATURES: Final = (0.5, 2.0)
"""Bounds of the temperature."""

CLOSE_RATIO: Final = 0.8
"""A prediction is close if the second genre is right at least this often per right first genre."""

UNSURE_RATE: Final = 1 / 3
"""A prediction is unsure if the first genre is right at most this often."""

EPSILON: Final = 1e-6
"""Probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm is taken."""

INVERSE_REGULARISATION: Final = 1e6
"""Inverse regularisation strength C of the logistic regression; high, for a fit close to none."""

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bounds of close and unsure predictions; see `model.bundle.Metadata`."""

    close_margin: float
    unsure_below: float


def fit_calibration(raw: Matrix, truth: Codes, prior_correction: float) -> Calibration:
    """Fit a calibration on held-out songs.

    Its bias divides the probability of each genre by the genre's share of the songs to the power
    of `prior_correction`, which raises rare genres. At 0 the likelihood is highest, but rare genres
    are hardly ever predicted. The temperature then maximises the likelihood that the most probable
    genre is right; the other genres do not count.

    Args:
        raw: Uncalibrated probabilities, [songs, genres].
        truth: Index of each song's genre.
        prior_correction: Exponent of the prior correction, 0-1.
    """
    share = (np.bincount(truth, minlength=raw.shape[1]) + 1) / (len(truth) + raw.shape[1])
    biased = Calibration(1.0, (-prior_correction * np.log(share)).astype(np.float32))

    def loss(temperature: float) -> float:
        scaled = replace(biased, temperature=temperature).apply(raw)
        confidence = np.clip(scaled.max(axis=1).astype(np.float64), EPSILON, 1 - EPSILON)
        hit = scaled.argmax(axis=1) == truth
        return -float(np.where(hit, np.log(confidence), np.log(1 - confidence)).mean())

    best = minimize_scalar(loss, bounds=TEMPERATURES, method="bounded")
    return replace(biased, temperature=round(float(best.x), 4))


def fit_thresholds(probabilities: Matrix, truth: Codes) -> Thresholds:
    """Fit the thresholds of close and unsure predictions on held-out songs.

    `close_margin` is the largest margin between the first two genres at which the second is right
    `CLOSE_RATIO` times as often as the first. `unsure_below` is the largest probability of the
    first genre at which it is right no more often than `UNSURE_RATE`; with three genres there may
    be none. Both rates are estimated with a logistic regression, because few songs are near the
    thresholds.

    Args:
        probabilities: Calibrated probabilities, [songs, genres].
        truth: Index of each song's genre.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    first, second = order[:, 0] == truth, order[:, 1] == truth
    descending = -np.sort(-probabilities, axis=1)
    margin = descending[:, 0] - descending[:, 1]
    either, rate = first | second, CLOSE_RATIO / (1 + CLOSE_RATIO)
    return Thresholds(
        close_margin=round(max(_threshold(margin[either], second[either], rate), 0), 3),
        unsure_below=_probability(_threshold(_log_odds(descending[:, 0]), ~first, 1 - UNSURE_RATE)),
    )


def _threshold(values: Matrix, event: npt.NDArray[np.bool_], rate: float) -> float:
    """Return the largest of `values` at which `event` is more probable than `rate`, or -inf."""
    if event.all() or not event.any():
        return float(values.max()) if event.all() else -np.inf
    curve = LogisticRegression(C=INVERSE_REGULARISATION).fit(values[:, None], event)
    chance = curve.predict_proba(values[:, None])[:, 1]
    return float(values[chance > rate].max(initial=-np.inf))


def _log_odds(probabilities: Matrix) -> Matrix:
    clipped = np.clip(probabilities, EPSILON, 1 - EPSILON)
    odds: Matrix = np.log(clipped / (1 - clipped))
    return odds


def _probability(log_odds: float) -> float:
    return round(1 / (1 + float(np.exp(-log_odds))), 3)
