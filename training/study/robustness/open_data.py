"""What open data alone can teach: trained on the Free Music Archive, and on everything."""

from dataclasses import replace
from typing import Final

from training.errors import TooFewRows
from training.figures import ENSEMBLE
from training.study.eval_sets import EvalSet, eval_set, test_rows, training_rows
from training.study.job_cache import JobCache
from training.study.model_evaluation import Evaluated
from training.study.robustness.fits import FOREST, committee, on_core
from training.study.robustness.results import Measured
from training.study.workspace import Workspace
from training.tasks import Task

OPEN: Final = "fma"
ON_OPEN: Final = "FMA"
ON_OTHERS: Final = "the other tables"


def open_task(bench: Workspace) -> Task | None:
    """Return the task as FMA alone can teach and test it, None if it cannot."""
    own = bench.rows[bench.rows["table"] == OPEN]
    if own.empty:
        return None
    try:
        return replace(bench.task.narrowed(own, strict=False), tables=(OPEN,))
    except TooFewRows:
        return None


def exams(bench: Workspace) -> dict[str, EvalSet]:
    """Return the songs of the genres that FMA teaches, for models that were trained on all."""
    task = open_task(bench)
    return {} if task is None else _exams(bench, task, bench.task)


def open_data(workshop: JobCache, bench: Workspace, ours: Evaluated) -> tuple[Measured, ...]:
    """Measure forest and shipped model on core features; `ours` sat `exams(bench)`."""
    task = open_task(bench)
    if task is None:
        return ()
    asked, asked_all = _exams(bench, task, task), exams(bench)
    own = bench.rows[bench.rows["table"] == OPEN]
    taught = training_rows(own, task)
    alone, alone_ours, everything = workshop.do(
        f"{bench.task.name}: open data alone",
        [
            on_core(FOREST, taught, task.genres, asked, bench),
            committee(own, task, asked, bench, whole=True),
            on_core(FOREST, bench.taught, bench.task.genres, asked_all, bench),
        ],
    )
    return tuple(
        Measured(bench.task.name, model, f"trained on {trained}, tested on {name}", figures[name])
        for model, trained, figures in (
            (FOREST, "FMA alone", alone.figures),
            (ENSEMBLE, "FMA alone", alone_ours.figures),
            (FOREST, "all tables", everything.figures),
            (ENSEMBLE, "all tables", ours.more),
        )
        for name in asked
    )


def _exams(bench: Workspace, task: Task, coded: Task) -> dict[str, EvalSet]:
    """Return songs of `task`'s genres in FMA and elsewhere, by their indices in `coded`."""
    others = replace(task, tables=tuple(name for name in bench.tables if name != OPEN))
    rows = {ON_OPEN: test_rows(bench.rows, task), ON_OTHERS: test_rows(bench.rows, others)}
    return {name: eval_set(own, coded.genres).core_only() for name, own in rows.items() if len(own)}
