"""Runs the robustness experiments."""

from collections.abc import Mapping, Sequence
from typing import Final

from model.schema import CORE
from training.study.eval_sets import EvalSet
from training.study.job_cache import JobCache
from training.study.model_evaluation import Evaluated
from training.study.robustness import absence, open_data
from training.study.robustness.label_rules import agreement, rules
from training.study.robustness.learning_curve import learning
from training.study.robustness.left_out_tables import tables_left_out
from training.study.robustness.results import Robustness
from training.study.robustness.splits import splits
from training.study.workspace import Workspace

MIN_TABLES: Final = 2
"""Minimum number of tables to leave one out or to compare their labels."""


def eval_sets(workspace: Workspace) -> Mapping[str, EvalSet]:
    """Return the additional eval sets that the shipped model of a task must be evaluated on."""
    by_absence = absence.eval_sets(workspace) if _uses_extras(workspace) else {}
    return open_data.eval_sets(workspace) | by_absence


def robustness(job_cache: JobCache, ensembles: Sequence[tuple[Workspace, Evaluated]]) -> Robustness:
    """Run all experiments.

    Absence, left-out tables and label rules are measured on the task with the most genres only.

    Args:
        job_cache: Runs the fits.
        ensembles: For each task the workspace, and the shipped model evaluated on
            `eval_sets(workspace)`.
    """
    wide, shipped = max(ensembles, key=lambda pair: _breadth(pair[0]))
    several = len(wide.tables) >= MIN_TABLES
    workspaces = [workspace for workspace, _ in ensembles]
    return Robustness(
        splits=tuple(row for one in workspaces for row in splits(job_cache, one)),
        tables=tables_left_out(job_cache, wide) if several else (),
        absence=absence.absence(job_cache, wide, shipped) if _uses_extras(wide) else (),
        open_data=tuple(
            row for one, own in ensembles for row in open_data.open_data(job_cache, one, own)
        ),
        learning=tuple(row for one in workspaces for row in learning(job_cache, one)),
        rules=rules(job_cache, wide) if several else (),
        agreement=agreement(wide.rows) if several else (),
    )


def _breadth(workspace: Workspace) -> tuple[int, int]:
    return len(workspace.task.genres), len(workspace.task.features)


def _uses_extras(workspace: Workspace) -> bool:
    return set(workspace.task.features) > set(CORE)
