"""Compares training on open data, the Free Music Archive (FMA), with training on all tables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from training.errors import TooFewRows
from training.figures import ENSEMBLE
from training.study.eval_sets import EvalSet, eval_set, test_rows, training_rows
from training.study.job_cache import JobCache
from training.study.model_evaluation import Evaluated
from training.study.robustness.fits import FOREST, core_features_job, ensemble_job
from training.study.robustness.results import ConditionResult
from training.study.workspace import Workspace
from training.tasks import Task

OPEN: Final = "fma"
ON_OPEN: Final = "FMA"
ON_OTHERS: Final = "the other tables"


def open_task(workspace: Workspace) -> Task | None:
    """Return the task narrowed to FMA; None if FMA has too few rows."""
    own = workspace.rows[workspace.rows["table"] == OPEN]
    if own.empty:
        return None
    try:
        return replace(workspace.task.narrowed(own, strict=False), tables=(OPEN,))
    except TooFewRows:
        return None


def eval_sets(workspace: Workspace) -> dict[str, EvalSet]:
    """Return test songs of FMA's genres, in FMA and elsewhere, for models of all genres."""
    task = open_task(workspace)
    return {} if task is None else _eval_sets(workspace, task, workspace.task.genres)


def open_data(
    job_cache: JobCache, workspace: Workspace, shipped: Evaluated
) -> tuple[ConditionResult, ...]:
    """Measure the forest and the shipped model on the core features.

    `shipped` must have been evaluated on `eval_sets(workspace)`.
    """
    task = open_task(workspace)
    if task is None:
        return ()
    tests = _eval_sets(workspace, task, task.genres)
    own = workspace.rows[workspace.rows["table"] == OPEN]
    genres = workspace.task.genres
    fma_forest, fma_ensemble, forest = job_cache.run_all(
        f"{workspace.task.name}: open data alone",
        [
            core_features_job(FOREST, training_rows(own, task), task.genres, tests, workspace),
            ensemble_job(own, task, tests, workspace, all_networks=True),
            core_features_job(
                FOREST, workspace.labelled_train, genres, eval_sets(workspace), workspace
            ),
        ],
    )
    return tuple(
        ConditionResult(
            workspace.task.name, model, f"trained on {trained}, tested on {name}", figures[name]
        )
        for model, trained, figures in (
            (FOREST, "FMA alone", fma_forest.figures),
            (ENSEMBLE, "FMA alone", fma_ensemble.figures),
            (FOREST, "all tables", forest.figures),
            (ENSEMBLE, "all tables", shipped.more),
        )
        for name in tests
    )


def _eval_sets(workspace: Workspace, task: Task, genres: Sequence[str]) -> dict[str, EvalSet]:
    """Return test songs of `task`'s genres in FMA and elsewhere; `genres` defines the indices."""
    others = replace(task, tables=tuple(name for name in workspace.tables if name != OPEN))
    rows = {ON_OPEN: test_rows(workspace.rows, task), ON_OTHERS: test_rows(workspace.rows, others)}
    return {name: eval_set(own, genres).core_only() for name, own in rows.items() if len(own)}
