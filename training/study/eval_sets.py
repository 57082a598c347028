"""Prepared rows as the arrays that models are fitted and tested on."""

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
"""Indices to learn from and to test on."""


@dataclass(frozen=True, slots=True)
class EvalSet:
    """Songs to test on: [rows, features] in schema order with NaN for absent, and their genres."""

    values: Matrix
    truth: Codes

    def core_only(self) -> "EvalSet":
        """Return the same songs with nothing known but the core features."""
        return replace(self, values=without(self.values, EXTRA))


@dataclass(frozen=True, slots=True)
class Samples:
    """Songs to learn from; `fold` is the fold in which each is tested.

    `learnt` marks the rows that fits on folds learn from: in a large task not all of them.
    """

    values: Matrix
    truth: Codes
    fold: Codes
    learnt: Flags

    def part(self, chosen: Flags) -> "Samples":
        """Return some of the songs."""
        return Samples(
            self.values[chosen], self.truth[chosen], self.fold[chosen], self.learnt[chosen]
        )

    def eval_set(self) -> EvalSet:
        """Return the same songs to be tested on."""
        return EvalSet(self.values, self.truth)

    def splits(self) -> Splits:
        """Return the indices to learn from and to test on, fold by fold."""
        return [
            (np.flatnonzero(self.fold != fold), np.flatnonzero(self.fold == fold))
            for fold in np.unique(self.fold)
        ]


def reduced(rows: pd.DataFrame, size: Size) -> pd.DataFrame:
    """Return the rows that a run of this size works on; the test side stays whole."""
    drawn = groups(rows).map(lambda group: share_of(group, "size")) < size.artists
    return rows[drawn | (rows["side"] != Side.TRAIN)].reset_index(drop=True)


def one_per_genre(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to learn from: a recording counts once for each genre it is filed under."""
    return rows[~(rows["recording"] + rows["genre"]).duplicated()]


def training_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the task's rows on the training side, as models of genres learn from them."""
    return one_per_genre(rows[task.labelled(rows) & (rows["side"] == Side.TRAIN)])


def test_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the task's rows of the frozen test split."""
    return one_per_recording(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])


def agreed_rows(rows: pd.DataFrame, task: Task) -> pd.DataFrame | None:
    """Return the test recordings that two tables file alike, None when they are too few."""
    sure = agreed(rows[task.labelled(rows) & (rows["side"] == Side.TEST)])
    return sure if len(sure) >= MIN_AGREED else None


def folds(rows: pd.DataFrame, task: Task, count: int, seed: int) -> "pd.Series[int]":
    """Return the fold of each of `rows`, by artist; genres are spread evenly over folds.

    All rows of an artist are in one fold, whatever their label; rows of artists without a label of
    the task are in none.
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
    """Return `rows` as samples, of which fits on folds learn from about `fold_rows`."""
    rng = np.random.default_rng(seed)
    count = fold.max() + 1
    share = fold_rows * count / (count - 1) / max(len(rows), 1)
    return Samples(matrix(rows), codes(rows, genres), fold, rng.random(len(rows)) < share)


def eval_set(rows: pd.DataFrame, genres: Sequence[str]) -> EvalSet:
    """Return `rows` as an exam."""
    return EvalSet(matrix(rows), codes(rows, genres))
