"""The honest part put together: which questions are asked of which task."""

from collections.abc import Mapping, Sequence
from typing import Final

from model.schema import CORE
from training.study.bench import Bench
from training.study.honest import absence, open_data
from training.study.honest.learning import learning
from training.study.honest.left_out import tables_left_out
from training.study.honest.rules import agreement, rules
from training.study.honest.shape import Honest
from training.study.honest.splits import splits
from training.study.judging import Judged
from training.study.samples import Exam
from training.study.workshop import Workshop

FEWEST_TABLES: Final = 2
"""With fewer, no table can be left out and no labels contradict one another."""


def exams(bench: Bench) -> Mapping[str, Exam]:
    """Return what the shipped model of a task is asked for this part, at its one fit."""
    return open_data.exams(bench) | (absence.exams(bench) if _takes_extras(bench) else {})


def honest(workshop: Workshop, benches: Sequence[tuple[Bench, Judged]]) -> Honest:
    """Return the honest part; each task comes with its shipped model, which sat `exams`.

    Absence, tables left out and label rules are asked of the task with the most genres.
    """
    wide, ours = max(benches, key=lambda pair: _breadth(pair[0]))
    several = len(wide.tables) >= FEWEST_TABLES
    return Honest(
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


def _breadth(bench: Bench) -> tuple[int, int]:
    return len(bench.task.genres), len(bench.task.features)


def _takes_extras(bench: Bench) -> bool:
    return set(bench.task.features) > set(CORE)
