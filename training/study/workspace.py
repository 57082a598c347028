"""Rows, folds and eval sets of one task, the same for all of its models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from model.schema import NAMES
from training.features import Matrix
from training.slices import slice_flags
from training.split import Side
from training.study.eval_sets import (
    EvalSet,
    Samples,
    agreed_rows,
    eval_set,
    folds,
    samples,
    test_rows,
    training_rows,
)
from training.study.model_evaluation import EvalSets
from training.study.scale import Size
from training.tasks import Task

COLUMNS: Final = (
    *NAMES,
    "table",
    "artist",
    "title",
    "upload",
    "recording",
    "genre",
    "fine_label",
    "side",
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """Data of one task.

    Attributes:
        task: The task.
        size: Size of the run.
        seed: Seed of all random draws.
        rows: Rows of all sides, with `COLUMNS`.
        train: The rows on the training side, labelled or not.
        fold: Fold of each row of `train`, grouped by artist.
        labelled_train: Training rows with a label of the task, one for each recording and genre.
        samples: `labelled_train` as arrays.
        test: The task's rows of the frozen test split, in the order of the test eval set.
    """

    task: Task
    size: Size
    seed: int
    rows: pd.DataFrame
    train: pd.DataFrame
    fold: "pd.Series[int]"
    labelled_train: pd.DataFrame
    samples: Samples
    test: pd.DataFrame

    @property
    def tables(self) -> tuple[str, ...]:
        """The task's tables that have rows."""
        present = set(self.rows["table"])
        return tuple(name for name in self.task.tables if name in present)

    def eval_sets(self, songs: Matrix, more: Mapping[str, EvalSet]) -> EvalSets:
        """Return the eval sets of the task.

        Args:
            songs: Features of the example songs, [songs, features].
            more: Additional eval sets by name.
        """
        agreed = agreed_rows(self.rows, self.task)
        genres = self.task.genres
        return EvalSets(
            test=eval_set(self.test, genres),
            agreed=None if agreed is None else eval_set(agreed, genres),
            songs=songs,
            more=more,
            slices=slice_flags(self.test, self.rows),
        )

    def ensemble_fold(self, fold: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the rows that an ensemble is trained on and tested on in a fold.

        In a large task the training rows are a random part of the rows, as for other models.
        """
        rng = np.random.default_rng((self.seed, fold))
        drawn = rng.random(len(self.train)) < self.samples.fold_train_mask.mean()
        tested = self.labelled_train[self.fold[self.labelled_train.index] == fold]
        return self.train[drawn & (self.fold != fold)], tested


def build_workspace(rows: pd.DataFrame, task: Task, size: Size, seed: int) -> Workspace:
    """Return the workspace of `task` for the rows of a run of this size."""
    slim = rows[list(COLUMNS)]
    train = slim[slim["side"] == Side.TRAIN]
    fold = folds(train, task, size.folds, seed)
    labelled_train = training_rows(slim, task)
    labelled_fold = np.asarray(fold[labelled_train.index], dtype=np.intp)
    return Workspace(
        task=task,
        size=size,
        seed=seed,
        rows=slim,
        train=train,
        fold=fold,
        labelled_train=labelled_train,
        samples=samples(labelled_train, task.genres, labelled_fold, size.fold_rows, seed),
        test=test_rows(slim, task),
    )
