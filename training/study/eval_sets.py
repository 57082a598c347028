"""Converts rows of the dataset to the arrays that models are fitted and tested on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from model.schema import EXTRA
from training.evaluation import MIN_AGREED, Codes, agreed, codes, one_per_recording
from training.features import Matrix, matrix, without
from training.slices import Flags
from training.split import Side, groups, share_of
from training.study.scale import Size
from training.tasks import Task

NO_FOLD: Final = -1
Splits = Sequence[tuple[Codes, Codes]]
"""For each fold, the indices of the training rows and of the test rows."""


@dataclass(frozen=True, slots=True)
class EvalSet:
    """Songs to test on.

    Attributes:
        values: Features, [songs, features] in schema order, NaN if missing.
        truth: Index of each song's genre, [songs].
    """

    values: Matrix
    truth: Codes

    def core_only(self) -> "EvalSet":
        """Return the same songs with all but the core features missing."""
        return replace(self, values=without(self.values, EXTRA))


@dataclass(frozen=True, slots=True)
class Samples:
    """Songs to train on.

    Attributes:
        values: Features, [songs, features] in schema order, NaN if missing.
        truth: Index of each song's genre, [songs].
        fold: The fold in which each song is tested, [songs].
        fold_train_mask: Whether each song may be trained on in fits on folds, [songs]. In a large
            task these are only a part of the songs.
    """

    values: Matrix
    truth: Codes
    fold: Codes
    fold_train_mask: Flags

    def subset(self, chosen: Flags) -> "Samples":
        """Return the songs whose flag in `chosen` is set."""
        return Samples(
            self.values[chosen], self.truth[chosen], self.fold[chosen], self.fold_train_mask[chosen]
        )

    def eval_set(self) -> EvalSet:
        """Return the songs as an eval set."""
        return EvalSet(self.values, self.truth)

    def splits(self) -> Splits:
        """Return the indices of training and test rows of each fold."""
        return [
            (np.flatnonzero(self.fold != fold), np.flatnonzero(self.fold == fold))
            for fold in np.unique(self.fold)
        ]


def reduced(rows: pd.DataFrame, size: Size) -> pd.DataFrame:
    """Return the rows that a run of this size uses; the test side is not reduced."""
    drawn = groups(rows).map(lambda group: share_of(group, "size")) < size.artist_share
    return rows[drawn | (rows["side"] != Side.TRAIN)].reset_index(drop=True)


def one_per_genre(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each recording and genre that it is labelled with."""
    return rows[~(rows["recording"] + rows["genre"]).duplicated()]


def training_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the task's labelled training rows, one for each recording and genre."""
    return one_per_genre(rows[task.labelled(rows) & (rows["side"] == Side.TRAIN)])


def test_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the task's rows of the frozen test split, one for each recording."""
    return one_per_recording(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])


def agreed_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame | None:
    """Return the test recordings that two tables label alike; None if there are too few."""
    found = agreed(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])
    return found if len(found) >= MIN_AGREED else None


def folds(rows: pd.DataFrame, task: Task, count: int, seed: int) -> "pd.Series[int]":
    """Return the fold of each row, grouped by artist and stratified by genre.

    All rows of an artist are in the same fold, labelled or not. Rows of artists without a label of
    the task are in `NO_FOLD`.
    """
    names = groups(rows)
    labelled = rows[task.labelled(rows)]
    divide = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    by_group: dict[str, int] = {}
    truth = codes(labelled, task.genres)
    own = names[labelled.index]
    for fold, (_, tested) in enumerate(divide.split(truth, truth, own)):
        by_group |= dict.fromkeys(own.iloc[tested], fold)
    return names.map(by_group).fillna(NO_FOLD).astype("int64")


def samples(
    rows: pd.DataFrame, genres: Sequence[str], fold: Codes, fold_rows: int, seed: int
) -> Samples:
    """Return `rows` as samples.

    Args:
        rows: Labelled rows.
        genres: Genres of the task.
        fold: Fold of each row.
        fold_rows: Expected number of rows that a fit on folds trains on.
        seed: Seed of the draw of these rows.
    """
    rng = np.random.default_rng(seed)
    count = fold.max() + 1
    share = fold_rows * count / (count - 1) / max(len(rows), 1)
    return Samples(matrix(rows), codes(rows, genres), fold, rng.random(len(rows)) < share)


def eval_set(rows: pd.DataFrame, genres: Sequence[str]) -> EvalSet:
    """Return labelled `rows` as an eval set."""
    return EvalSet(matrix(rows), codes(rows, genres))
