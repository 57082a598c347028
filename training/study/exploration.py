"""What the songs look like before any model: means, distributions, correlation, who is like whom.

All is measured on the training side of the split, so that nobody looks at the test songs: one row
per recording, none of those filed under several genres. Genres count alike, however many songs they
have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import roc_curve
from sklearn.model_selection import GroupKFold

from model.schema import BY_NAME, CORE
from training.evaluation import one_per_recording
from training.split import Side, groups
from training.study.findings import Finding, findings
from training.tasks import Task

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
BINS: Final = 24
EDGE: Final = 0.005
"""Histograms of features without fixed ends leave out this share of the songs at either end."""

FEWEST: Final = 10
"""Nothing is said about a feature that fewer songs of a genre have."""

FOLDS: Final = 5
SONGS_PER_GENRE: Final = 1000
"""Overlap is measured on at most so many songs of each genre."""

TREES: Final = 100
LEAF: Final = 3
LEAST: Final = 1e-6
DIGITS: Final = 4

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """The range and the bins that all genres' histograms of a feature share."""

    feature: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a feature is spread within a genre.

    `quantiles` are those of `QUANTILES`; `histogram` holds the share of the genre's songs in each
    of `BINS` equal bins of the feature's axis; `songs` have the feature.
    """

    feature: str
    genre: str
    songs: int
    mean: float
    deviation: float
    quantiles: tuple[float, ...]
    histogram: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """How well one feature alone tells a genre from another, averaged over all the others.

    `auc` is the chance that a random song of the genre has the higher value: 1 always higher, 0
    always lower, 0.5 tells nothing.
    """

    feature: str
    genre: str
    auc: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """How alike two genres are.

    `overlap` is the share that their songs have in common: 0 never mistaken for one another, 1
    alike in all that is measured. It is one minus the best true less false positive rate by which
    randomised trees on the core features, tested on other artists' songs, tell one from the other.
    `feature` is the one that alone tells most, `auc` the chance that the first's value is higher.
    """

    first: str
    second: str
    overlap: float
    feature: str
    auc: float


@dataclass(frozen=True, slots=True)
class Exploration:
    """Everything that the report shows of the songs that one task learns from.

    `correlation` holds Spearman's rank correlations, one row and column for each of `axes`.
    """

    task: str
    genres: tuple[str, ...]
    songs: Mapping[str, int]
    axes: tuple[Axis, ...]
    distributions: tuple[Distribution, ...]
    correlation: tuple[tuple[float, ...], ...]
    separations: tuple[Separation, ...]
    overlaps: tuple[Overlap, ...]
    findings: tuple[Finding, ...]


def explore(rows: pd.DataFrame, task: Task, seed: int = 0) -> Exploration:
    """Describe the songs that `task` learns from, among prepared rows (see `training.dataset`).

    The rows must be able to teach the task (see `Task.narrowed`). With all tables it takes 2 s of
    one core for 3 genres, 10 s for 13.
    """
    songs = one_per_recording(rows[task.labelled(rows) & (rows["side"] == Side.TRAIN)])
    by_genre = {genre: songs[songs["genre"] == genre] for genre in task.genres}
    measured = [name for name in task.features if _is_measured(name, by_genre.values())]
    axes = tuple(_axis(songs[name].dropna().to_numpy(), name) for name in measured)
    distributions = tuple(
        _distribution(values, axis, genre)
        for axis in axes
        for genre, own in by_genre.items()
        if len(values := own[axis.feature].dropna().to_numpy()) >= FEWEST
    )
    pairs = _pairs(by_genre, axes)
    overlaps = _overlaps(songs, task, pairs, seed)
    return Exploration(
        task=task.name,
        genres=task.genres,
        songs={genre: len(own) for genre, own in by_genre.items()},
        axes=axes,
        distributions=distributions,
        correlation=_correlation(songs[measured]),
        separations=tuple(_separations(pairs, axes, task.genres)),
        overlaps=overlaps,
        findings=findings(
            task.genres,
            means={(row.feature, row.genre): row.mean for row in distributions},
            deviations={(row.feature, row.genre): row.deviation for row in distributions},
            overlaps={(row.first, row.second): row.overlap for row in overlaps},
        ),
    )


def _is_measured(feature: str, genres: Iterable[pd.DataFrame]) -> bool:
    """Tell whether a feature has a mean worth telling, in one genre at least."""
    counts = [int(songs[feature].notna().sum()) for songs in genres]
    return not BY_NAME[feature].whole and max(counts) >= FEWEST


def _axis(values: Numbers, feature: str) -> Axis:
    schema = BY_NAME[feature]
    bounded = bool(np.isfinite([schema.low, schema.high]).all())
    low, high = (
        (schema.low, schema.high) if bounded else np.quantile(values, (EDGE, 1 - EDGE)).tolist()
    )
    return Axis(feature, schema.unit, _rounded(low), _rounded(high))


def _distribution(values: Numbers, axis: Axis, genre: str) -> Distribution:
    counts, _ = np.histogram(values, bins=BINS, range=(axis.low, axis.high))
    return Distribution(
        axis.feature,
        genre,
        len(values),
        mean=_rounded(values.mean()),
        deviation=_rounded(values.std(ddof=1)),
        quantiles=tuple(map(_rounded, np.quantile(values, QUANTILES))),
        histogram=tuple(_rounded(count / len(values)) for count in counts),
    )


def _correlation(values: pd.DataFrame) -> tuple[tuple[float, ...], ...]:
    matrix = values.corr(method="spearman").fillna(0.0).to_numpy()
    return tuple(tuple(map(_rounded, row)) for row in matrix)


Pairs = dict[tuple[str, str, str], float]
"""By first genre, second genre and feature: the chance that the first's value is higher."""


def _pairs(by_genre: Mapping[str, pd.DataFrame], axes: Sequence[Axis]) -> Pairs:
    pairs: Pairs = {}
    for axis in axes:
        values = {genre: own[axis.feature].dropna() for genre, own in by_genre.items()}
        known = [genre for genre, own in values.items() if len(own) >= FEWEST]
        for first, second in combinations(known, 2):
            auc = _auc(values[first].to_numpy(), values[second].to_numpy())
            pairs[first, second, axis.feature] = auc
            pairs[second, first, axis.feature] = 1 - auc
    return pairs


def _auc(first: Numbers, second: Numbers) -> float:
    """Return the chance that a value of `first` is above one of `second` (Mann and Whitney's U)."""
    ranks = rankdata(np.concatenate([first, second]))[: len(first)]
    above = ranks.sum() - len(first) * (len(first) + 1) / 2
    return float(above / (len(first) * len(second)))


def _separations(pairs: Pairs, axes: Sequence[Axis], genres: Sequence[str]) -> "list[Separation]":
    separations = []
    for axis in axes:
        for genre in genres:
            against = [
                pairs[key] for other in genres if (key := (genre, other, axis.feature)) in pairs
            ]
            if against:
                separations.append(Separation(axis.feature, genre, _rounded(np.mean(against))))
    return separations


def _overlaps(songs: pd.DataFrame, task: Task, pairs: Pairs, seed: int) -> tuple[Overlap, ...]:
    songs, probabilities = _foretold(songs, task.genres, seed)
    truth = songs["genre"].to_numpy()
    overlaps = []
    for (i, first), (j, second) in combinations(enumerate(task.genres), 2):
        both = (truth == first) | (truth == second)
        is_first = truth[both] == first
        # Where neither is thought of, neither is more likely.
        of_first, of_second = probabilities[both, i] + LEAST, probabilities[both, j] + LEAST
        share = of_first / (of_first + of_second)
        false, true, _ = roc_curve(is_first, share)
        told = {name: auc for (a, b, name), auc in pairs.items() if (a, b) == (first, second)}
        feature = max(told, key=lambda name: abs(told[name] - 0.5))
        overlap = 1 - float((true - false).max())
        overlaps.append(Overlap(first, second, _rounded(overlap), feature, _rounded(told[feature])))
    return tuple(overlaps)


def _foretold(
    songs: pd.DataFrame, genres: Sequence[str], seed: int
) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """Return at most SONGS_PER_GENRE songs of each genre and their genre's probabilities.

    Each song is judged by trees that know no song of its artist.
    """
    shuffled = songs.sample(frac=1, random_state=seed)
    some = shuffled[shuffled.groupby("genre").cumcount() < SONGS_PER_GENRE]
    values = some[list(CORE)].to_numpy()
    truth = some["genre"].map(list(genres).index).to_numpy()
    probabilities = np.zeros((len(some), len(genres)))
    for known, judged in GroupKFold(FOLDS).split(values, groups=groups(some)):
        trees = ExtraTreesClassifier(
            TREES, min_samples_leaf=LEAF, class_weight="balanced", random_state=seed
        )
        trees.fit(values[known], truth[known])
        probabilities[np.ix_(judged, trees.classes_)] = trees.predict_proba(values[judged])
    return some, probabilities


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
