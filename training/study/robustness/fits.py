"""The models of the robustness experiments, with fixed hyperparameters."""

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
from training.study.scale import full_plan, reduced_plan
from training.study.workspace import Workspace
from training.tasks import Task

FOREST: Final = "forest"
BOOSTING: Final = "boosting"
BUILDS: Final = {FOREST: forest, BOOSTING: boosting}
CORE_COLUMNS: Final = tuple(NAMES.index(name) for name in CORE)


def core_features_job(
    model: str,
    rows: pd.DataFrame,
    genres: Sequence[str],
    eval_sets: Mapping[str, EvalSet],
    workspace: Workspace,
) -> Job[Scores]:
    """Return a job that fits and scores the forest or the boosted trees on the core features.

    Args:
        model: `FOREST` or `BOOSTING`.
        rows: Labelled training rows.
        genres: Genres of the labels.
        eval_sets: Eval sets by name.
        workspace: Gives size and seed of the run.
    """
    estimator = ResampledEstimator(
        BUILDS[model](workspace.size, workspace.seed), columns=CORE_COLUMNS, seed=workspace.seed
    )
    return Job(
        Scores, score_estimator, (eval_set(rows, genres), Fit(estimator), tuple(genres), eval_sets)
    )


def ensemble_job(
    rows: pd.DataFrame,
    task: Task,
    eval_sets: Mapping[str, EvalSet],
    workspace: Workspace,
    *,
    all_networks: bool = False,
) -> Job[Scores]:
    """Return a job that fits and scores the shipped model.

    Args:
        rows: Training rows, labelled or not.
        task: The task, which may have fewer genres or features than that of the workspace.
        eval_sets: Eval sets by name.
        workspace: Gives size and seed of the run.
        all_networks: Whether the ensemble has all of its networks instead of
            `Size.reduced_networks`.
    """
    plan = (full_plan if all_networks else reduced_plan)(workspace.task.name, workspace.size)
    return Job(Scores, score_ensemble, (rows, task, plan, workspace.seed, eval_sets))
