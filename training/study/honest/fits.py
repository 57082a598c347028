"""The models of the honest part: as they stand, no search, so that only the situation differs."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from model.schema import CORE, NAMES
from training.study.bench import Bench
from training.study.candidates import boosting, forest
from training.study.committees import mark_committee
from training.study.estimators import Rehearsed
from training.study.judging import Fit, Marks, mark_estimator
from training.study.samples import Exam, exam
from training.study.size import plan_of, side_plan
from training.study.workshop import Piece
from training.tasks import Task

FOREST: Final = "forest"
BOOSTING: Final = "boosting"
BUILDS: Final = {FOREST: forest, BOOSTING: boosting}
CORE_COLUMNS: Final = tuple(NAMES.index(name) for name in CORE)


def on_core(
    model: str,
    rows: pd.DataFrame,
    genres: Sequence[str],
    exams: Mapping[str, Exam],
    bench: Bench,
) -> Piece[Marks]:
    """Fit the forest or the boosted trees on the core features of labelled `rows`."""
    estimator = Rehearsed(
        BUILDS[model](bench.size, bench.seed), columns=CORE_COLUMNS, seed=bench.seed
    )
    return Piece(Marks, mark_estimator, (exam(rows, genres), Fit(estimator), tuple(genres), exams))


def committee(
    rows: pd.DataFrame, task: Task, exams: Mapping[str, Exam], bench: Bench, *, whole: bool = False
) -> Piece[Marks]:
    """Fit the shipped model, unless `whole` with as few networks as this part's many fits may have.

    `task` may be narrower than the bench's.
    """
    plan = (plan_of if whole else side_plan)(bench.task.name, bench.size)
    return Piece(Marks, mark_committee, (rows, task, plan, bench.seed, exams))
