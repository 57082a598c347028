"""Measurements of a model: ROC curve, confusion matrix, reliability diagram, timing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, roc_curve

from training.evaluation import BINS, DIGITS, Codes, bins
from training.features import Matrix

ROC_POINTS: Final = 60
"""Maximum number of points of a thinned ROC curve."""


@dataclass(frozen=True, slots=True)
class Roc:
    """A genre's ROC curve against the rest, thinned; both rates increase from 0 to 1."""

    false_positive: tuple[float, ...]
    true_positive: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of a reliability diagram: predictions whose highest probability is in [low, high).

    Attributes:
        low: Lower edge of the bin.
        high: Upper edge of the bin.
        rows: Number of predictions in the bin.
        probability: Mean of their highest probabilities.
        accuracy: Share of them that are correct.
    """

    low: float
    high: float
    rows: int
    probability: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Times measured on the machine of the run; they differ between runs.

    Attributes:
        search_seconds: Total time of all fits on folds; None if there were none.
        fit_seconds: Time of the fit on all training rows.
        row_ms: Median time to classify one song, in milliseconds.
    """

    search_seconds: float | None
    fit_seconds: float
    row_ms: float


def roc(probabilities: Matrix, truth: Codes, genres: Sequence[str]) -> dict[str, Roc]:
    """Return each genre's ROC curve against the rest, thinned to at most ROC_POINTS points.

    The points are evenly spaced along the curve and include its ends. Genres that no song or every
    song has are left out.
    """
    curves = {}
    for index, genre in enumerate(genres):
        own = truth == index
        if not 0 < own.sum() < len(own):
            continue
        false, true, _ = roc_curve(own, probabilities[:, index])
        along = np.concatenate([[0.0], np.cumsum(np.diff(false) + np.diff(true))])
        even = np.linspace(0, along[-1], ROC_POINTS)
        chosen = np.unique(np.searchsorted(along, even).clip(max=len(along) - 1))
        curves[genre] = Roc(_rounded(false[chosen]), _rounded(true[chosen]))
    return curves


def confusion(
    probabilities: Matrix, truth: Codes, genres: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """Return the confusion matrix, [true genre][predicted genre]."""
    counts = confusion_matrix(truth, probabilities.argmax(axis=1), labels=range(len(genres)))
    return tuple(tuple(int(count) for count in row) for row in counts)


def reliability(probabilities: Matrix, truth: Codes) -> tuple[Bin, ...]:
    """Return the reliability diagram of the most probable genre, without empty bins."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    hit = probabilities.argmax(axis=1) == truth
    bin_of = bins(confidence)
    return tuple(
        Bin(
            round(number / BINS, DIGITS),
            round((number + 1) / BINS, DIGITS),
            int((bin_of == number).sum()),
            round(float(confidence[bin_of == number].mean()), DIGITS),
            round(float(hit[bin_of == number].mean()), DIGITS),
        )
        for number in np.unique(bin_of)
    )


def _rounded(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), DIGITS) for value in values)
