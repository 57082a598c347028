"""Describes the songs of a task: distributions of features, correlation, overlap of genres.

Everything is measured on the training side of the split, on one row of each recording; recordings
with several genres are left out. All genres have the same weight.
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
"""Share of songs that the histogram of an unbounded feature leaves out at either end."""

MIN_SONGS: Final = 10
"""Minimum number of songs of a genre that have a feature, to describe it."""

FOLDS: Final = 5
SONGS_PER_GENRE: Final = 1000
"""Maximum number of songs of each genre that overlap is measured on."""

TREES: Final = 100
MIN_SAMPLES_LEAF: Final = 3
EPSILON: Final = 1e-6
"""Added to probabilities, so that two probabilities of 0 are equal."""

DIGITS: Final = 4

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """The range of a feature's histograms, the same for all genres."""

    feature: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Distribution of a feature within a genre.

    Attributes:
        feature: Name of the feature.
        genre: Name of the genre.
        songs: Number of songs of the genre that have the feature.
        mean: Mean of the feature.
        deviation: Standard deviation of the feature.
        quantiles: Quantiles of the feature at `QUANTILES`.
        histogram: Share of the songs in each of `BINS` equal bins of the feature's axis.
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
    """How well one feature separates a genre from each other genre, on average.

    `auc` is the probability that a random song of the genre has a higher value than a random song
    of another genre; 0.5 is no separation.
    """

    feature: str
    genre: str
    auc: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """Overlap of two genres.

    Attributes:
        first: One genre.
        second: The other genre.
        overlap: From 0 (always distinguished) to 1 (indistinguishable): one minus the maximum of
            Youden's J (true minus false positive rate) of extremely randomised trees on the core
            features, cross-validated by artist.
        feature: The single feature that separates the two genres best.
        auc: Probability that a song of `first` has a higher value of `feature`.
    """

    first: str
    second: str
    overlap: float
    feature: str
    auc: float


@dataclass(frozen=True, slots=True)
class Exploration:
    """Description of the training songs of a task.

    Attributes:
        task: Name of the task.
        genres: Genres of the task.
        songs: Number of songs of each genre.
        axes: The features that are described.
        distributions: One for each feature and genre with enough songs.
        correlation: Spearman's rank correlations, [axes, axes].
        separations: One for each feature and genre with enough songs.
        overlaps: One for each pair of genres.
        findings: The original study's findings, tested on these songs.
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
    """Describe the training songs of `task`, which must be narrowed to `rows` (`Task.narrowed`).

    With all tables it takes 2 s on one core for 3 genres, 10 s for 13.
    """
    songs = one_per_recording(rows[task.labelled(rows) & (rows["side"] == Side.TRAIN)])
    by_genre = {genre: songs[songs["genre"] == genre] for genre in task.genres}
    measured = [name for name in task.features if _is_measured(name, by_genre.values())]
    axes = tuple(_axis(songs[name].dropna().to_numpy(), name) for name in measured)
    distributions = tuple(
        _distribution(values, axis, genre)
        for axis in axes
        for genre, own in by_genre.items()
        if len(values := own[axis.feature].dropna().to_numpy()) >= MIN_SONGS
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
    """Return whether a feature is continuous and at least one genre has enough songs with it."""
    counts = [int(songs[feature].notna().sum()) for songs in genres]
    return not BY_NAME[feature].whole and max(counts) >= MIN_SONGS


def _axis(values: Numbers, feature: str) -> Axis:
    schema = BY_NAME[feature]
    limit_rows = bool(np.isfinite([schema.low, schema.high]).all())
    low, high = (
        (schema.low, schema.high) if limit_rows else np.quantile(values, (EDGE, 1 - EDGE)).tolist()
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
"""By (first genre, second genre, feature): probability that the first's value is higher."""


def _pairs(by_genre: Mapping[str, pd.DataFrame], axes: Sequence[Axis]) -> Pairs:
    pairs: Pairs = {}
    for axis in axes:
        values = {genre: own[axis.feature].dropna() for genre, own in by_genre.items()}
        known = [genre for genre, own in values.items() if len(own) >= MIN_SONGS]
        for first, second in combinations(known, 2):
            auc = _auc(values[first].to_numpy(), values[second].to_numpy())
            pairs[first, second, axis.feature] = auc
            pairs[second, first, axis.feature] = 1 - auc
    return pairs


def _auc(first: Numbers, second: Numbers) -> float:
    """Return the probability that a value of `first` exceeds one of `second` (Mann-Whitney U)."""
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
    songs, probabilities = _cross_validated(songs, task.genres, seed)
    truth = songs["genre"].to_numpy()
    overlaps = []
    for (i, first), (j, second) in combinations(enumerate(task.genres), 2):
        both = (truth == first) | (truth == second)
        is_first = truth[both] == first
        of_first, of_second = probabilities[both, i] + EPSILON, probabilities[both, j] + EPSILON
        share = of_first / (of_first + of_second)
        false, true, _ = roc_curve(is_first, share)
        aucs = {name: auc for (a, b, name), auc in pairs.items() if (a, b) == (first, second)}
        feature = max(aucs, key=lambda name: abs(aucs[name] - 0.5))
        overlap = 1 - float((true - false).max())
        overlaps.append(Overlap(first, second, _rounded(overlap), feature, _rounded(aucs[feature])))
    return tuple(overlaps)


def _cross_validated(
    songs: pd.DataFrame, genres: Sequence[str], seed: int
) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """Return at most SONGS_PER_GENRE songs of each genre and their probabilities [songs, genres].

    The probabilities are cross-validated, with folds grouped by artist.
    """
    shuffled = songs.sample(frac=1, random_state=seed)
    some = shuffled[shuffled.groupby("genre").cumcount() < SONGS_PER_GENRE]
    values = some[list(CORE)].to_numpy()
    truth = some["genre"].map(list(genres).index).to_numpy()
    probabilities = np.zeros((len(some), len(genres)))
    for train, test in GroupKFold(FOLDS).split(values, groups=groups(some)):
        trees = ExtraTreesClassifier(
            TREES, min_samples_leaf=MIN_SAMPLES_LEAF, class_weight="balanced", random_state=seed
        )
        trees.fit(values[train], truth[train])
        probabilities[np.ix_(test, trees.classes_)] = trees.predict_proba(values[test])
    return some, probabilities


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), DIGITS)
