"""Measured on songs that were held out: the calibration, and when a prediction is worth little."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from training.ensemble import Calibration
from training.features import Matrix

TEMPERATURES: Final = (0.5, 2.0)
RIVALRY: Final = 0.8
"""A prediction is close where the second genre is right this often for each time the first is."""

HALF_SURE: Final = 1 / 3
"""A prediction is unsure where the first genre is right less often than this."""

LEAST: Final = 1e-6
"""How near to 0 or 1 a probability may come."""

UNBOUND: Final = 1e6
"""So much is a logistic curve free to follow the songs."""

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a prediction is close or unsure; see `model.bundle.Metadata`."""

    close_margin: float
    unsure_below: float


def calibration(raw: Matrix, truth: Codes, tilt: float) -> Calibration:
    """Return the calibration for raw probabilities [rows, genres] of held-out songs.

    The bias raises rare genres: each genre's probability is divided by its share to the power
    `tilt`. At 0 the likelihood of all genres is best, but those with few songs are hardly ever
    named. The temperature is then the one with which the best genre's probability is likeliest to
    be right, the others disregarded.
    """
    share = (np.bincount(truth, minlength=raw.shape[1]) + 1) / (len(truth) + raw.shape[1])
    tilted = Calibration(1.0, (-tilt * np.log(share)).astype(np.float32))

    def loss(temperature: float) -> float:
        cooled = replace(tilted, temperature=temperature).apply(raw)
        sure = np.clip(cooled.max(axis=1).astype(np.float64), 1e-6, 1 - 1e-6)
        hit = cooled.argmax(axis=1) == truth
        return -float(np.where(hit, np.log(sure), np.log(1 - sure)).mean())

    best = minimize_scalar(loss, bounds=TEMPERATURES, method="bounded")
    return replace(tilted, temperature=round(float(best.x), 4))


def thresholds(probabilities: Matrix, truth: Codes) -> Thresholds:
    """Measure on held-out songs where predictions become close, and where unsure.

    Close: up to the margin between the first two genres at which the second is right `RIVALRY`
    times as often as the first. Unsure: up to the probability of the first genre at which it is
    right no more often than `HALF_SURE`; with three genres there may be none. Both rates are read
    off a logistic curve, since few songs lie near either bound.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    first, second = order[:, 0] == truth, order[:, 1] == truth
    falling = -np.sort(-probabilities, axis=1)
    margin = falling[:, 0] - falling[:, 1]
    either, odds = first | second, RIVALRY / (1 + RIVALRY)
    return Thresholds(
        close_margin=round(max(_bound(margin[either], second[either], odds), 0), 3),
        unsure_below=_share(_bound(_log_odds(falling[:, 0]), ~first, 1 - HALF_SURE)),
    )


def _bound(values: Matrix, doubtful: npt.NDArray[np.bool_], rate: float) -> float:
    """Return the largest of `values` at which `doubtful` is likelier than `rate`, or -inf."""
    if doubtful.all() or not doubtful.any():
        return float(values.max()) if doubtful.all() else -np.inf
    curve = LogisticRegression(C=UNBOUND).fit(values[:, None], doubtful)
    chance = curve.predict_proba(values[:, None])[:, 1]
    return float(values[chance > rate].max(initial=-np.inf))


def _log_odds(probabilities: Matrix) -> Matrix:
    bounded = np.clip(probabilities, LEAST, 1 - LEAST)
    odds: Matrix = np.log(bounded / (1 - bounded))
    return odds


def _share(log_odds: float) -> float:
    return round(1 / (1 + float(np.exp(-log_odds))), 3)
