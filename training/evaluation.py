"""Evaluation of classifiers on test rows."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import f1_score, roc_auc_score

from model.metrics import FeaturePattern, Figures
from training.features import PATTERNS, Matrix, matrix, without
from training.identity import artist_key, keyed, title_key

BINS: Final = 15
"""Number of bins of the expected calibration error."""

DIGITS: Final = 4
"""Decimal places of figures."""

MIN_AGREED: Final = 100
"""Minimum number of recordings on which two tables agree, to measure on them."""

Codes = npt.NDArray[np.intp]
Predict = Callable[[Matrix], Matrix]
"""Maps features [rows, features] to probabilities [rows, genres]."""


def one_per_recording(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording whose copies all have the same genre."""
    genres = rows["genre"].groupby(rows["recording"]).transform("nunique")
    return rows[(genres == 1) & ~rows["recording"].duplicated()]


def agreed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording that at least two tables label, all with the same genre.

    Recordings are matched by artist and title.
    """
    named = rows[rows["artist"] != ""]
    recording = keyed(named["artist"], artist_key) + "/" + keyed(named["title"], title_key)
    by_recording = named.groupby(recording)
    unanimous = (by_recording["table"].transform("nunique") > 1) & (
        by_recording["genre"].transform("nunique") == 1
    )
    return named[unanimous & ~recording.duplicated()]


def codes(rows: pd.DataFrame, genres: Sequence[str]) -> Codes:
    """Return the index of each row's genre in `genres`."""
    index = {genre: number for number, genre in enumerate(genres)}
    return np.asarray(rows["genre"].map(index), dtype=np.intp)


def figures(probabilities: Matrix, truth: Codes, genres: Sequence[str]) -> Figures:
    """Return the figures of a classifier's predictions.

    Args:
        probabilities: Probabilities, [rows, genres].
        truth: Index of each row's genre.
        genres: Names of the genres.
    """
    best = probabilities.argmax(axis=1)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    hits = order == truth[:, None]
    present = [index for index in range(len(genres)) if 0 < (truth == index).sum() < len(truth)]
    auc = {
        genres[index]: _rounded(roc_auc_score(truth == index, probabilities[:, index]))
        for index in present
    }
    macro = f1_score(truth, best, labels=present, average="macro", zero_division=0)
    return Figures(
        rows=len(truth),
        weighted_f1=_rounded(f1_score(truth, best, average="weighted", zero_division=0)),
        macro_f1=_rounded(macro),
        accuracy=_rounded(hits[:, 0].mean()),
        top_2=_rounded(hits[:, :2].any(axis=1).mean()),
        top_3=_rounded(hits[:, :3].any(axis=1).mean()),
        mean_auc=_rounded(np.mean(list(auc.values()))),
        auc=auc,
        calibration_error=_rounded(calibration_error(probabilities, truth)),
    )


def calibration_error(probabilities: Matrix, truth: Codes) -> float:
    """Return the expected calibration error of the most probable genre, in `BINS` equal bins."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    hit = probabilities.argmax(axis=1) == truth
    bin_of = bins(confidence)
    gaps = np.bincount(bin_of, confidence, BINS) - np.bincount(bin_of, hit, BINS)
    return float(np.abs(gaps).sum() / len(truth))


def bins(probabilities: npt.NDArray[np.float64]) -> Codes:
    """Return the index of each probability's bin, of `BINS` equal bins."""
    return np.minimum((probabilities * BINS).astype(np.intp), BINS - 1)


def by_pattern(
    predict: Predict, rows: pd.DataFrame, genres: Sequence[str], features: Sequence[str]
) -> Iterator[tuple[FeaturePattern, Figures]]:
    """Yield the figures of a model on `rows` for each feature pattern.

    Values that a row's table lacks are missing in every pattern. Of patterns that hide the same of
    the model's `features`, only the last one is measured.
    """
    hides = {frozenset(hidden).intersection(features): name for name, hidden in PATTERNS.items()}
    truth = codes(rows, genres)
    values = matrix(rows)
    for hidden, name in hides.items():
        yield name, figures(predict(without(values, tuple(hidden))), truth, genres)


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
