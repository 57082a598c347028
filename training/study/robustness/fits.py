"""The models of the honest part: as they stand, no search, so that only the situation differs."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from model.schema import CORE, NAMES
from training.study.candidates import boosting, forest
from training.study.ensemble_evaluation import score_ensemble
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import EvalSet, eval_set
from training.study.job_cache import Job
from training.study.model_evaluation import Fit, Scores, score_estimator
from training.study.scale import plan_of, side_plan
from training.study.workspace import Workspace
from training.tasks import Task

FOREST: Final = "forest"
BOOSTING: Final = "boosting"
BUILDS: Final = {FOREST: forest, BOOSTING: boosting}
CORE_COLUMNS: Final = tuple(NAMES.index(name) for name in CORE)


def on_core(
    model: str,
    rows: pd.DataFrame,
    genres: Sequence[str],
    exams: Mapping[str, EvalSet],
    bench: Workspace,
) -> Job[Scores]:
    """Fit the forest or the boosted trees on the core features of labelled `rows`."""
    estimator = ResampledEstimator(
        BUILDS[model](bench.size, bench.seed), columns=CORE_COLUMNS, seed=bench.seed
    )
    return Job(
        Scores, score_estimator, (eval_set(rows, genres), Fit(estimator), tuple(genres), exams)
    )


def committee(
    rows: pd.DataFrame,
    task: Task,
    exams: Mapping[str, EvalSet],
    bench: Workspace,
    *,
    whole: bool = False,
) -> Job[Scores]:
    """Fit the shipped model, unless `whole` with as few networks as this part's many fits may have.

    `task` may be narrower than the bench's.
    """
    plan = (plan_of if whole else side_plan)(bench.task.name, bench.size)
    return Job(Scores, score_ensemble, (rows, task, plan, bench.seed, exams))
