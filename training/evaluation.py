"""Figures of a model on rows it has not learnt from."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import f1_score, roc_auc_score

from training.features import PATTERNS, Matrix, matrix, without
from training.identity import artist_key, fingerprints, keyed, title_key

BINS: Final = 15
DIGITS: Final = 4

Codes = npt.NDArray[np.intp]
Predict = Callable[[Matrix], Matrix]

FEWEST_AGREED: Final = 100
"""Nothing is measured on fewer recordings that two tables agree on."""


def one_per_recording(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to test on: of copies with one genre one row, of others none."""
    recording = fingerprints(rows)
    genres = rows["genre"].groupby(recording).transform("nunique")
    return rows[(genres == 1) & ~recording.duplicated()]


def agreed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each recording which two tables or more file under the same genre."""
    named = rows[rows["artist"] != ""]
    recording = keyed(named["artist"], artist_key) + "/" + keyed(named["title"], title_key)
    by_recording = named.groupby(recording)
    sure = (by_recording["table"].transform("nunique") > 1) & (
        by_recording["genre"].transform("nunique") == 1
    )
    return named[sure & ~recording.duplicated()]


def codes(rows: pd.DataFrame, genres: Sequence[str]) -> Codes:
    """Return the index of each row's genre in `genres`."""
    index = {genre: number for number, genre in enumerate(genres)}
    return np.asarray(rows["genre"].map(index), dtype=np.intp)


def figures(probabilities: Matrix, truth: Codes, genres: Sequence[str]) -> dict[str, Any]:
    """Measure probabilities [rows, genres] against the genres' indices in `truth`.

    AUC is one against the rest, for genres that some rows have and others lack.
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
    return {
        "rows": len(truth),
        "weighted_f1": _rounded(f1_score(truth, best, average="weighted", zero_division=0)),
        "macro_f1": _rounded(macro),
        "accuracy": _rounded(hits[:, 0].mean()),
        "top_2": _rounded(hits[:, :2].any(axis=1).mean()),
        "top_3": _rounded(hits[:, :3].any(axis=1).mean()),
        "mean_auc": _rounded(np.mean(list(auc.values()))),
        "auc": auc,
        "calibration_error": _rounded(calibration_error(probabilities, truth)),
    }


def calibration_error(probabilities: Matrix, truth: Codes) -> float:
    """Return the expected calibration error of the best genre, in 15 equal bins."""
    sure = probabilities.max(axis=1).astype(np.float64)
    hit = probabilities.argmax(axis=1) == truth
    place = bins(sure)
    gaps = np.bincount(place, sure, BINS) - np.bincount(place, hit, BINS)
    return float(np.abs(gaps).sum() / len(truth))


def bins(probabilities: npt.NDArray[np.float64]) -> Codes:
    """Return the place of each probability among `BINS` equal bins."""
    return np.minimum((probabilities * BINS).astype(np.intp), BINS - 1)


def by_pattern(
    predict: Predict, rows: pd.DataFrame, genres: Sequence[str], features: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Measure a model on `rows` under each pattern of absence.

    What a row's table lacks is absent in every pattern. Of patterns that hide the same of the
    model's `features`, the last one is measured.
    """
    hides = {frozenset(hidden).intersection(features): name for name, hidden in PATTERNS.items()}
    truth = codes(rows, genres)
    values = matrix(rows)
    return {
        name: figures(predict(without(values, tuple(hidden))), truth, genres)
        for hidden, name in hides.items()
    }


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
