"""Leave-one-table-out: measures how well models generalise to a table not in training."""

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from training.study.eval_sets import eval_set, test_rows, training_rows
from training.study.job_cache import JobCache
from training.study.robustness.fits import FOREST, core_features_job, ensemble_job
from training.study.robustness.results import TableLeftOut
from training.study.workspace import Workspace
from training.tasks import MIN_TRAIN_ROWS, Task

MIN_TEST_SONGS: Final = 50
"""Minimum number of test songs of a table; tables with fewer are not left out."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One table left out.

    Attributes:
        table: Name of the table.
        task: The task without the table, and without genres that the other tables lack.
        test: Test songs of the table with these genres.
    """

    table: str
    task: Task
    test: pd.DataFrame


def tables_left_out(job_cache: JobCache, workspace: Workspace) -> tuple[TableLeftOut, ...]:
    """Measure the baseline and the shipped model on each table, trained on the others.

    All figures are on the core features.
    """
    cases = [_case(workspace, table) for table in workspace.tables]
    cases = [case for case in cases if len(case.test) >= MIN_TEST_SONGS]
    genres = workspace.task.genres
    tests = {case.table: eval_set(case.test, genres).core_only() for case in cases}
    jobs = [core_features_job(FOREST, workspace.labelled_train, genres, tests, workspace)]
    for case in cases:
        test = {case.table: eval_set(case.test, case.task.genres).core_only()}
        others = workspace.rows[workspace.rows["table"] != case.table]
        train = training_rows(others, case.task)
        jobs.append(ensemble_job(others, case.task, test, workspace))
        jobs.append(core_features_job(FOREST, train, case.task.genres, test, workspace))
    all_tables, *scores = job_cache.run_all(f"{workspace.task.name}: a table left out", jobs)
    return tuple(
        TableLeftOut(
            table=case.table,
            genres=case.task.genres,
            baseline=baseline.figures[case.table],
            shipped=shipped.figures[case.table],
            baseline_all_tables=all_tables.figures[case.table],
        )
        for case, shipped, baseline in zip(cases, scores[::2], scores[1::2], strict=True)
    )


def _case(workspace: Workspace, table: str) -> _Case:
    others = tuple(name for name in workspace.tables if name != table)
    without = replace(workspace.task, tables=others)
    counts = training_rows(workspace.rows, without)["genre"].value_counts()
    genres = tuple(one for one in workspace.task.genres if counts.get(one, 0) >= MIN_TRAIN_ROWS)
    task = replace(without, genres=genres)
    test = test_rows(workspace.rows, replace(task, tables=(table,)))
    return _Case(table, task, test)
