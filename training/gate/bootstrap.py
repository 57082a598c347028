"""Paired bootstrap over artists: the noise in the difference of two models.

Songs of one artist are alike, so artists are drawn, with all their songs, and both models are
measured on the same draws (Efron and Tibshirani, An Introduction to the Bootstrap, 1993).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from training.evaluation import (
    BINS,
    Codes,
    artist_draws,
    f1_by_genre,
    resampled_confusions,
    weighted_f1,
)
from training.features import Matrix
from training.gate.comparison import Compared

RESAMPLES: Final = 1000
"""Number of draws."""

INTERVAL: Final = (2.5, 97.5)
"""Percentiles between which 95 % of the draws lie."""

Floats = npt.NDArray[np.float64]


class Paired:
    """Draws of artists for two models' answers to the same songs."""

    def __init__(self, compared: Compared) -> None:
        self._compared = compared
        self._group, self._draws = artist_draws(compared.artists, RESAMPLES)
        self._before = self._confusions(compared.best_before)
        self._after = self._confusions(compared.best_after)

    def weighted_f1_gap(self) -> tuple[float, float]:
        """Return the interval of the weighted F1 after, minus that before."""
        return _interval(weighted_f1(self._after) - weighted_f1(self._before))

    def chance_of_no_loss(self) -> Floats:
        """Return the share of draws in which the F1 of each genre did not fall, [genres].

        It is the one-sided p-value of a loss. Never 0: the songs themselves count as a draw.
        """
        kept = f1_by_genre(self._after) >= f1_by_genre(self._before)
        share: Floats = (kept.sum(axis=0) + 1) / (RESAMPLES + 1)
        return share

    def calibration_gap(self) -> tuple[float, float]:
        """Return the interval of the expected calibration error after, minus that before."""
        after = self._calibration_errors(self._compared.after)
        return _interval(after - self._calibration_errors(self._compared.before))

    def _confusions(self, best: Codes) -> Floats:
        genres = len(self._compared.genres)
        return resampled_confusions(best, self._compared.truth, genres, self._group, self._draws)

    def _calibration_errors(self, probabilities: Matrix) -> Floats:
        """Return the calibration error in each draw, as `evaluation.calibration_error` has it."""
        confidence = probabilities.max(axis=1).astype(np.float64)
        hit = probabilities.argmax(axis=1) == self._compared.truth
        bin_of = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
        gaps = np.zeros((self._draws.shape[1], BINS))
        np.add.at(gaps, (self._group, bin_of), confidence - hit)
        songs = self._draws @ np.bincount(self._group, minlength=self._draws.shape[1])
        errors: Floats = np.abs(self._draws @ gaps).sum(axis=1) / songs
        return errors


def _interval(draws: Floats) -> tuple[float, float]:
    low, high = np.percentile(draws, INTERVAL)
    return float(low), float(high)


def holm(p_values: Floats) -> Floats:
    """Return p-values corrected for their number by Holm's method (Scand. J. Statist. 6, 1979)."""
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(np.maximum.accumulate(scaled), 1)
    return corrected
