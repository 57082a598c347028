"""Evaluation of classifiers on test rows."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import f1_score, roc_auc_score

from model.metrics import FeaturePattern, Figures
from training.features import PATTERNS, YEAR_COLUMN, Matrix, matrix, with_late_years, without
from training.identity import keyed, lead_artist_key
from training.split import Side, share_of
from training.tasks import Task

BINS: Final = 15
"""Number of bins of the expected calibration error."""

DIGITS: Final = 4
"""Decimal places of figures."""

SONGS_PER_ARTIST: Final = 8
"""At most so many test songs of one artist are measured, so that none outweighs the others."""

CLEAR_SHARE: Final = 0.75
"""Share of the sources that must agree on an artist in `Slice.CLEAR`."""

LATE_SHARE: Final = 1 / 3
"""Share of the songs whose year is too late in `FeaturePattern.LATE_YEAR`."""

RESAMPLES: Final = 200
"""Number of bootstrap samples of artists for a standard error."""

Codes = npt.NDArray[np.intp]
Predict = Callable[[Matrix], Matrix]
"""Maps features [rows, features] to probabilities [rows, genres]."""


def truth_rows(rows: pd.DataFrame, task: Task, side: Side = Side.TEST) -> pd.DataFrame:
    """Return one row of each recording of a side whose true genre is known, with it as `truth`.

    Recordings whose copies have different true genres are left out. If the true genres are those of
    artists, at most `SONGS_PER_ARTIST` of each are taken, those with the lowest hash.
    """
    known = rows.assign(truth=task.truth(rows))
    single = _unambiguous(known[(known["side"] == side) & (known["truth"] != "")])
    return _capped(single) if task.uses_artists(rows) else single


def labelled_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the test recordings with a label of the task's tables, with it as `truth`."""
    known = rows[task.labelled(rows) & (rows["side"] == Side.TEST)]
    return _unambiguous(known.assign(truth=known["genre"]))


def taught_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return training rows with a label of the task's tables, one for each recording and genre."""
    labelled = rows[task.labelled(rows) & (rows["side"] == Side.TRAIN)]
    return labelled[~(labelled["recording"] + labelled["genre"]).duplicated()]


def _unambiguous(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording whose copies have one `truth`."""
    genres = rows["truth"].groupby(rows["recording"]).transform("nunique")
    return rows[(genres == 1) & ~rows["recording"].duplicated()]


def _capped(rows: pd.DataFrame) -> pd.DataFrame:
    artist = keyed(rows["artist"], lead_artist_key)
    order = rows["recording"].map(share_of).sort_values().index
    rank = artist.loc[order].groupby(artist.loc[order]).cumcount().reindex(rows.index)
    return rows[(rank < SONGS_PER_ARTIST) | (artist == "")]


def clear(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row whether at least `CLEAR_SHARE` of the sources agree on its artist."""
    return rows["artist_shares"].map(
        lambda shares: bool(shares) and max(shares.values()) >= CLEAR_SHARE
    )


def codes(names: "pd.Series[str]", genres: Sequence[str]) -> Codes:
    """Return the index in `genres` of each name, -1 for others."""
    index = {genre: number for number, genre in enumerate(genres)}
    return np.asarray(names.map(index).fillna(-1), dtype=np.intp)


def figures(probabilities: Matrix, truth: Codes, genres: Sequence[str]) -> Figures:
    """Return the figures of probabilities [rows, genres], given the index of each row's genre."""
    best = probabilities.argmax(axis=1)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    hits = order == truth[:, None]
    present = [index for index in range(len(genres)) if 0 < (truth == index).sum() < len(truth)]
    auc = {
        genres[index]: _rounded(roc_auc_score(truth == index, probabilities[:, index]))
        for index in present
    }
    of_genre = f1_score(truth, best, labels=present, average=None, zero_division=0)
    return Figures(
        rows=len(truth),
        weighted_f1=_rounded(f1_score(truth, best, average="weighted", zero_division=0)),
        macro_f1=_rounded(np.mean(of_genre)),
        accuracy=_rounded(hits[:, 0].mean()),
        top_2=_rounded(hits[:, :2].any(axis=1).mean()),
        top_3=_rounded(hits[:, :3].any(axis=1).mean()),
        mean_auc=_rounded(np.mean(list(auc.values()))),
        auc=auc,
        calibration_error=_rounded(calibration_error(probabilities, truth)),
        genre_f1={genres[i]: _rounded(one) for i, one in zip(present, of_genre, strict=True)},
    )


def standard_error(best: Codes, truth: Codes, artists: Sequence[str]) -> float:
    """Return the standard error of the weighted F1, by a bootstrap over artists.

    Songs of one artist are alike, so artists are drawn, with all their songs. `best` and `truth`
    are the indices of each song's predicted and true genre.
    """
    return _rounded(np.std(_resampled_f1(best, truth, artists)))


def gap_error(best: Codes, other: Codes, truth: Codes, artists: Sequence[str]) -> float:
    """Return the standard error of the difference of two models' weighted F1.

    It is paired: the same songs by the same drawn artists are measured with both predictions.
    """
    gaps = _resampled_f1(best, truth, artists) - _resampled_f1(other, truth, artists)
    return _rounded(np.std(gaps))


def _resampled_f1(best: Codes, truth: Codes, artists: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the weighted F1 on each of `RESAMPLES` draws, which depend on `artists` alone."""
    genres = int(max(best.max(), truth.max())) + 1
    group, draws = artist_draws(artists, RESAMPLES)
    return weighted_f1(resampled_confusions(best, truth, genres, group, draws))


def artist_draws(artists: Sequence[str], resamples: int) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Return the artist of each song as an index, and how often each draw has each artist.

    Args:
        artists: Artist of each song.
        resamples: Number of draws; each has as many artists as there are, with replacement.

    Returns:
        The indices, [songs], and the draws, [resamples, artists]. The same artists in any order
        give the same draws.
    """
    names, group = np.unique(np.asarray(artists, dtype=str), return_inverse=True)
    share = np.full(len(names), 1 / len(names))
    return group, np.random.default_rng(0).multinomial(len(names), share, resamples)


def resampled_confusions(
    best: Codes, truth: Codes, genres: int, group: Codes, draws: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the confusion matrix of each draw, [resamples, true genre, predicted genre].

    Args:
        best: Index of each song's predicted genre.
        truth: Index of each song's true genre.
        genres: Number of genres.
        group: Index of each song's artist; see `artist_draws`.
        draws: The draws.
    """
    counts = np.zeros((draws.shape[1], genres, genres))
    np.add.at(counts, (group, truth, best), 1)
    return np.tensordot(draws.astype(np.float64), counts, axes=1)


def f1_by_genre(confusions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the F1 of each genre, [..., genres], of matrices [..., true genre, predicted genre].

    That of a genre that is neither true nor predicted is 0.
    """
    rows, columns = confusions.sum(axis=-1), confusions.sum(axis=-2)
    hits = np.diagonal(confusions, axis1=-2, axis2=-1)
    return np.asarray(2 * hits / np.maximum(rows + columns, 1), dtype=np.float64)


def weighted_f1(confusions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weighted F1, [...], of matrices [..., true genre, predicted genre]."""
    rows = confusions.sum(axis=-1)
    weighted = (rows * f1_by_genre(confusions)).sum(axis=-1) / rows.sum(axis=-1)
    return np.asarray(weighted, dtype=np.float64)


def calibration_error(probabilities: Matrix, truth: Codes) -> float:
    """Return the expected calibration error of the most probable genre, in `BINS` equal bins."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    hit = probabilities.argmax(axis=1) == truth
    bin_of = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
    gaps = np.bincount(bin_of, confidence, BINS) - np.bincount(bin_of, hit, BINS)
    return float(np.abs(gaps).sum() / len(truth))


def by_pattern(
    predict: Predict,
    rows: pd.DataFrame,
    genres: Sequence[str],
    features: Sequence[str],
    *,
    patterns: Container[FeaturePattern] = PATTERNS,
) -> Iterator[tuple[FeaturePattern, Figures]]:
    """Yield the figures of a model on `rows` with `truth` for each feature pattern.

    Values that a row's table lacks are missing in every pattern. Of patterns that hide the same of
    the model's inputs `features`, only the last one is measured.
    """
    truth = codes(rows["truth"], genres)
    artists = artists_of(rows)
    chosen = {name: seen for name, seen in views(rows, features).items() if name in patterns}
    for name, values in chosen.items():
        probabilities = predict(values)
        error = standard_error(probabilities.argmax(axis=1), truth, artists)
        yield name, replace(figures(probabilities, truth, genres), weighted_f1_error=error)


def views(rows: pd.DataFrame, features: Sequence[str]) -> dict[FeaturePattern, Matrix]:
    """Return the inputs of `rows`, [rows, inputs], in each pattern that tells `features` apart."""
    values = matrix(rows)
    dated = "year" in features and not np.isnan(values[:, YEAR_COLUMN]).all()
    found: dict[frozenset[str], dict[FeaturePattern, Matrix]] = {}
    for name, hidden in PATTERNS.items():
        seen = without(values, hidden)
        if name is FeaturePattern.LATE_YEAR and dated:
            seen = with_late_years(seen, LATE_SHARE, np.random.default_rng(0))
            found[frozenset({name.value})] = {name: seen}
        elif name is not FeaturePattern.LATE_YEAR:
            found[frozenset(hidden).intersection(features)] = {name: seen}
    return {name: seen for one in found.values() for name, seen in one.items()}


def artists_of(rows: pd.DataFrame) -> list[str]:
    """Return the artist of each row; one of its own for each row without a name."""
    named = keyed(rows["artist"], lead_artist_key)
    return named.where(named != "", rows["recording"]).tolist()


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
