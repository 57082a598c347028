"""The honest part put together: which questions are asked of which task."""

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

FEWEST_TABLES: Final = 2
"""With fewer, no table can be left out and no labels contradict one another."""


def exams(bench: Workspace) -> Mapping[str, EvalSet]:
    """Return what the shipped model of a task is asked for this part, at its one fit."""
    return open_data.exams(bench) | (absence.exams(bench) if _takes_extras(bench) else {})


def robustness(workshop: JobCache, benches: Sequence[tuple[Workspace, Evaluated]]) -> Robustness:
    """Return the honest part; each task comes with its shipped model, which sat `exams`.

    Absence, tables left out and label rules are asked of the task with the most genres.
    """
    wide, ours = max(benches, key=lambda pair: _breadth(pair[0]))
    several = len(wide.tables) >= FEWEST_TABLES
    return Robustness(
        splits=tuple(row for one, _ in benches for row in splits(workshop, one)),
        tables=tables_left_out(workshop, wide) if several else (),
        absence=absence.absence(workshop, wide, ours) if _takes_extras(wide) else (),
        open_data=tuple(
            row for one, own in benches for row in open_data.open_data(workshop, one, own)
        ),
        learning=tuple(row for one, _ in benches for row in learning(workshop, one)),
        rules=rules(workshop, wide) if several else (),
        agreement=agreement(wide.rows) if several else (),
    )


def _breadth(bench: Workspace) -> tuple[int, int]:
    return len(bench.task.genres), len(bench.task.features)


def _takes_extras(bench: Workspace) -> bool:
    return set(bench.task.features) > set(CORE)
