"""Each table left out in turn: how far what is learnt from some tables carries to another."""

from dataclasses import dataclass, replace
from typing import Final

from training.study.eval_sets import eval_set, test_rows, training_rows
from training.study.job_cache import JobCache
from training.study.robustness.fits import FOREST, committee, on_core
from training.study.robustness.results import TableLeftOut
from training.study.workspace import Workspace
from training.tasks import MIN_TRAIN_ROWS, Task

FEWEST: Final = 50
"""A table with fewer songs to test on is passed over."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One table left out: the task as the others teach it, and the table's songs of its genres."""

    table: str
    task: Task
    of_table: Task


def tables_left_out(workshop: JobCache, bench: Workspace) -> tuple[TableLeftOut, ...]:
    """Measure the study's recipe and the shipped model on each table that neither has seen.

    Both are given the core features alone.
    """
    cases = [_case(bench, table) for table in bench.tables]
    cases = [case for case in cases if len(test_rows(bench.rows, case.of_table)) >= FEWEST]
    at_home = {
        case.table: eval_set(test_rows(bench.rows, case.of_table), bench.task.genres).core_only()
        for case in cases
    }
    pieces = [on_core(FOREST, bench.taught, bench.task.genres, at_home, bench)]
    for case in cases:
        asked = {
            case.table: eval_set(test_rows(bench.rows, case.of_table), case.task.genres).core_only()
        }
        others = bench.rows[bench.rows["table"] != case.table]
        taught = training_rows(others, case.task)
        pieces.append(committee(others, case.task, asked, bench))
        pieces.append(on_core(FOREST, taught, case.task.genres, asked, bench))
    home, *marks = workshop.do(f"{bench.task.name}: a table left out", pieces)
    return tuple(
        TableLeftOut(
            table=case.table,
            genres=case.task.genres,
            recipe=recipe.figures[case.table],
            ours=ours.figures[case.table],
            recipe_at_home=home.figures[case.table],
        )
        for case, ours, recipe in zip(cases, marks[::2], marks[1::2], strict=True)
    )


def _case(bench: Workspace, table: str) -> _Case:
    others = tuple(name for name in bench.tables if name != table)
    without = replace(bench.task, tables=others)
    counts = training_rows(bench.rows, without)["genre"].value_counts()
    genres = tuple(one for one in bench.task.genres if counts.get(one, 0) >= MIN_TRAIN_ROWS)
    task = replace(without, genres=genres)
    return _Case(table, task, replace(task, tables=(table,)))
