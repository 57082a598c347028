"""Measures predictions: weighted F1, ROC, confusion, reliability, mistakes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from sklearn.calibration import calibration_curve
from sklearn.metrics import f1_score, roc_curve

from training.evaluation import BINS, Codes
from training.features import Matrix
from training.study.results import Mistake

ROC_POINTS: Final = 60
MAX_MISTAKES: Final = 15
MIN_BIN_SONGS: Final = 10


def weighted_f1(truth: Codes, predicted: Codes) -> float:
    """Return the weighted F1 on the songs whose truth is known (not -1)."""
    known = truth >= 0
    score = f1_score(truth[known], predicted[known], average="weighted", zero_division=0)
    return float(score)


def roc(
    probabilities: Matrix, truth: Codes, genres: Sequence[str]
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return each genre's ROC curve against the rest, as at most `ROC_POINTS` points."""
    curves = {}
    for code, genre in enumerate(genres):
        own = truth == code
        if own.any() and not own.all():
            false, true, _ = roc_curve(own, probabilities[:, code])
            # The sum of both rates grows along the curve from 0 to 2.
            even = np.searchsorted(false + true, np.linspace(0, 2, ROC_POINTS))
            chosen = np.unique(even.clip(max=len(false) - 1))
            curves[genre] = tuple(zip(false[chosen].tolist(), true[chosen].tolist(), strict=True))
    return curves


def reliability(probabilities: Matrix, truth: Codes) -> list[tuple[int, float, float]]:
    """Return (songs, mean probability, share right) of the first genre, in bins with enough."""
    sure = probabilities.max(axis=1).astype(np.float64).clip(0, 1)
    right, given = calibration_curve(probabilities.argmax(axis=1) == truth, sure, n_bins=BINS)
    songs, _ = np.histogram(sure, bins=BINS, range=(0, 1))
    bins = zip(songs[songs > 0].tolist(), given.tolist(), right.tolist(), strict=True)
    return [one for one in bins if one[0] >= MIN_BIN_SONGS]


def mistakes(
    probabilities: Matrix, truth: Codes, songs: pd.DataFrame, genres: Sequence[str]
) -> tuple[Mistake, ...]:
    """Return the surest mistakes, one for each artist, of songs that have a name."""
    found = songs[["artist", "title", "truth"]].assign(
        predicted=np.array(genres)[probabilities.argmax(axis=1)],
        probability=probabilities.max(axis=1),
        probability_of_truth=probabilities[np.arange(len(truth)), truth],
    )
    wrong = (
        (found["predicted"] != found["truth"]) & (found["artist"] != "") & (found["title"] != "")
    )
    sure = found[wrong].sort_values("probability", ascending=False, kind="stable")
    surest = sure.drop_duplicates("artist").head(MAX_MISTAKES)
    return tuple(Mistake.model_validate(row) for row in surest.to_dict("records"))
