"""One task with its songs divided: the same folds and the same exams for every model."""

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

NEEDED: Final = (
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
    """What models of one task are fitted and measured on.

    `rows` are prepared rows of both sides with `NEEDED` columns, `train` those of the training
    side, labelled or not; `fold` is the fold of each of these, by its artist. `taught` are the
    task's rows of the training side as models of genres learn from them, and `samples` the same as
    arrays. `test` are the task's rows of the frozen test split, in the order of the test exam.
    """

    task: Task
    size: Size
    seed: int
    rows: pd.DataFrame
    train: pd.DataFrame
    fold: "pd.Series[int]"
    taught: pd.DataFrame
    samples: Samples
    test: pd.DataFrame

    @property
    def tables(self) -> tuple[str, ...]:
        """The task's tables of which there are rows."""
        present = set(self.rows["table"])
        return tuple(name for name in self.task.tables if name in present)

    def exams(self, songs: Matrix, more: Mapping[str, EvalSet]) -> EvalSets:
        """Return what every model is asked."""
        sure = agreed_rows(self.rows, self.task)
        genres = self.task.genres
        agreed = None if sure is None else eval_set(sure, genres)
        return EvalSets(
            eval_set(self.test, genres), agreed, songs, more, slice_flags(self.test, self.rows)
        )

    def committee_fold(self, fold: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return what a committee learns from and is tested on in a fold.

        Of a large task it learns from a part of the rows, as other models do on folds.
        """
        rng = np.random.default_rng((self.seed, fold))
        drawn = rng.random(len(self.train)) < self.samples.learnt.mean()
        tested = self.taught[self.fold[self.taught.index] == fold]
        return self.train[drawn & (self.fold != fold)], tested


def workspace(rows: pd.DataFrame, task: Task, size: Size, seed: int) -> Workspace:
    """Divide the prepared rows of a run of this size for `task`."""
    slim = rows[list(NEEDED)]
    train = slim[slim["side"] == Side.TRAIN]
    fold = folds(train, task, size.folds, seed)
    taught = training_rows(slim, task)
    taught_fold = np.asarray(fold[taught.index], dtype=np.intp)
    return Workspace(
        task=task,
        size=size,
        seed=seed,
        rows=slim,
        train=train,
        fold=fold,
        taught=taught,
        samples=samples(taught, task.genres, taught_fold, size.fold_rows, seed),
        test=test_rows(slim, task),
    )
