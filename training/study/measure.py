"""Measures predictions: scores with errors, ROC, confusion, reliability, verdicts, mistakes."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, f1_score, roc_curve

from training.evaluation import BINS, Codes
from training.features import Matrix
from training.study.results import Mistake, ReliabilityBin, VerdictResult

DRAWS: Final = 100
"""Number of bootstrap samples of artists."""

ROC_POINTS: Final = 60
MAX_MISTAKES: Final = 15
MIN_BIN_SONGS: Final = 10
VERDICTS: Final = ("plain", "either", "unsure")

Flags = npt.NDArray[np.bool_]


def standard_error(
    probabilities: Matrix, truth: Codes, artists: npt.NDArray[np.str_], seed: int = 0
) -> float:
    """Return the standard error of the weighted F1, by drawing artists with replacement."""
    predicted = probabilities.argmax(axis=1)
    names, artist = np.unique(artists, return_inverse=True)
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), DRAWS)
    scores = [
        f1_score(truth, predicted, average="weighted", sample_weight=draw[artist], zero_division=0)
        for draw in draws
    ]
    return float(np.std(scores))


def f1_by_genre(probabilities: Matrix, truth: Codes, genres: Sequence[str]) -> dict[str, float]:
    """Return the F1 of each genre that a test song has."""
    present = np.unique(truth).tolist()
    scores = f1_score(
        truth, probabilities.argmax(axis=1), labels=present, average=None, zero_division=0
    )
    return {genres[code]: float(score) for code, score in zip(present, scores, strict=True)}


def roc(
    probabilities: Matrix, truth: Codes, genres: Sequence[str]
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return each genre's ROC curve against the rest, as at most `ROC_POINTS` points."""
    curves = {}
    for code, genre in enumerate(genres):
        own = truth == code
        if own.any() and not own.all():
            false, true, _ = roc_curve(own, probabilities[:, code])
            along = false + true  # it grows along the curve
            chosen = np.unique(np.searchsorted(along, np.linspace(0, 2, ROC_POINTS)))
            chosen = chosen.clip(max=len(along) - 1)
            curves[genre] = tuple(zip(false[chosen].tolist(), true[chosen].tolist(), strict=True))
    return curves


def confusion(probabilities: Matrix, truth: Codes, genres: int) -> tuple[tuple[int, ...], ...]:
    """Return the number of songs, [true genre][predicted genre]."""
    counts = confusion_matrix(truth, probabilities.argmax(axis=1), labels=range(genres))
    return tuple(tuple(row) for row in counts.tolist())


def reliability(probabilities: Matrix, truth: Codes) -> tuple[ReliabilityBin, ...]:
    """Return the reliability diagram of the most probable genre, without nearly empty bins."""
    confidence = probabilities.max(axis=1).astype(np.float64).clip(0, 1)
    hit = probabilities.argmax(axis=1) == truth
    accuracy, mean = calibration_curve(hit, confidence, n_bins=BINS)
    counts, _ = np.histogram(confidence, bins=BINS, range=(0, 1))
    return tuple(
        ReliabilityBin(songs=songs, probability=probability, accuracy=right)
        for songs, probability, right in zip(counts[counts > 0].tolist(), mean, accuracy, strict=True)
        if songs >= MIN_BIN_SONGS
    )


def verdicts(probabilities: Matrix, truth: Codes, given: Sequence[str]) -> tuple[VerdictResult, ...]:
    """Return how often each verdict of our model is given, and how often it is right."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    first, second = order[:, 0] == truth, order[:, 1] == truth
    found = []
    for verdict in VERDICTS:
        own: Flags = np.array(given) == verdict
        if own.any():
            found.append(
                VerdictResult(
                    verdict=verdict,
                    share=own.mean(),
                    accuracy=first[own].mean(),
                    either=(first | second)[own].mean(),
                )
            )
    return tuple(found)


def mistakes(
    probabilities: Matrix, truth: Codes, songs: pd.DataFrame, genres: Sequence[str]
) -> tuple[Mistake, ...]:
    """Return the surest mistakes, one for each artist, of songs that have a name."""
    best = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1)
    found: dict[str, Mistake] = {}
    for row in np.argsort(-sure, kind="stable"):
        song = songs.iloc[row]
        if best[row] != truth[row] and song["artist"] and song["title"]:
            mistake = Mistake(
                artist=song["artist"],
                title=song["title"],
                truth=genres[truth[row]],
                predicted=genres[best[row]],
                probability=float(sure[row]),
                probability_of_truth=float(probabilities[row, truth[row]]),
            )
            found.setdefault(mistake.artist, mistake)
        if len(found) == MAX_MISTAKES:
            break
    return tuple(found.values())
