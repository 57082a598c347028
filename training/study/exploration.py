"""Describes the training songs of a task: spreads of features, correlation, overlap of genres.

One row of each recording whose genre is known; all genres have the same weight.
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean
from typing import Final

import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import GroupKFold, cross_val_predict

from model.schema import BY_NAME, CORE
from training.features import matrix
from training.study import core
from training.study.claims import claims
from training.study.core import TaskData
from training.study.results import Exploration, Overlap, Spread

QUARTILES: Final = (0.25, 0.5, 0.75)
FOLDS: Final = 5
SONGS_PER_GENRE: Final = 1000
"""Maximum number of songs of a genre that separation and overlap are measured on."""

MIN_SONGS: Final = 10
"""Minimum number of songs of each genre that have a feature, for the feature to be described."""

EPSILON: Final = 1e-6
"""Added to probabilities, so that two probabilities of 0 are equal."""

Pairs = dict[tuple[str, str], dict[str, float]]
"""By two genres and feature: the probability that the first genre's value is higher."""


def explore(data: TaskData, seed: int) -> Exploration:
    """Describe the training songs of a task."""
    songs = data.known
    shuffled = songs.sample(frac=1, random_state=seed)
    some = shuffled[shuffled.groupby("truth").cumcount() < SONGS_PER_GENRE]
    names = [name for name in data.task.features if _described(songs, name)]
    genres = tuple(one for one in data.task.genres if (songs["truth"] == one).any())
    spreads = [
        Spread(
            feature=name,
            genre=genre,
            mean=values.mean(),
            deviation=values.std(),
            quartiles=tuple(values.quantile(QUARTILES)),
        )
        for name in names
        for genre in genres
        for values in [songs.loc[songs["truth"] == genre, name].dropna()]
    ]
    pairs = _pairs(some, names, genres)
    overlaps = _overlaps(some, pairs, genres, seed)
    separation = [
        tuple(fmean(own[name] for (one, _), own in pairs.items() if one == genre) for name in names)
        for genre in genres
    ]
    correlation = songs[names].corr(method="spearman").fillna(0.0)
    return Exploration(
        genres=genres,
        songs={genre: int((songs["truth"] == genre).sum()) for genre in genres},
        features=tuple(names),
        spreads=tuple(spreads),
        separation=tuple(separation),
        correlation=tuple(map(tuple, correlation.to_numpy().tolist())),
        overlaps=overlaps,
        claims=claims(genres, spreads, overlaps),
    )


def _described(songs: pd.DataFrame, name: str) -> bool:
    """Return whether a feature is continuous, and every genre has enough songs with it."""
    enough = songs.groupby("truth")[name].count().min() >= MIN_SONGS
    return bool(enough) and not BY_NAME[name].whole


def _pairs(songs: pd.DataFrame, names: Sequence[str], genres: Sequence[str]) -> Pairs:
    pairs: Pairs = {}
    for first, second in combinations(genres, 2):
        both = songs[songs["truth"].isin((first, second))]
        for name in names:
            known = both[both[name].notna()]
            auc = float(roc_auc_score(known["truth"] == first, known[name]))
            pairs.setdefault((first, second), {})[name] = auc
            pairs.setdefault((second, first), {})[name] = 1 - auc
    return pairs


def _overlaps(
    songs: pd.DataFrame, pairs: Pairs, genres: Sequence[str], seed: int
) -> tuple[Overlap, ...]:
    """Measure the overlap of each two genres: one minus the maximum of Youden's J.

    The classifier is extremely randomised trees on the core features, cross-validated by artist.
    """
    trees = ExtraTreesClassifier(
        100, min_samples_leaf=3, class_weight="balanced", random_state=seed
    )
    truth = songs["truth"].to_numpy()
    probabilities = cross_val_predict(
        trees,
        matrix(songs)[:, : len(CORE)],
        truth,
        groups=core.artists(songs),
        cv=GroupKFold(FOLDS),
        method="predict_proba",
    )
    column = {genre: number for number, genre in enumerate(sorted(genres))}
    overlaps = []
    for first, second in combinations(genres, 2):
        both = (truth == first) | (truth == second)
        of_first, of_second = (
            probabilities[both, column[one]] + EPSILON for one in (first, second)
        )
        false, true, _ = roc_curve(truth[both] == first, of_first / (of_first + of_second))
        aucs = pairs[first, second]
        feature = max(aucs, key=lambda name: abs(aucs[name] - 0.5))
        share, auc = 1 - float((true - false).max()), aucs[feature]
        overlaps.append(
            Overlap(first=first, second=second, overlap=share, feature=feature, auc=auc)
        )
    return tuple(overlaps)
