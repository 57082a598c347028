"""What is missing from a song must not say which table it came from.

A model trained on rows as they are learns tables from their absences, and a test on rows as they
are rewards it for that. Filled test rows, whose absences say nothing, tell.
"""

from typing import Final

import numpy as np

from model.schema import NAMES
from training.features import PATTERNS, Absence, without
from training.study.bench import Bench
from training.study.candidates import boosting
from training.study.estimators import Rehearsed
from training.study.honest.shape import Absence as Pattern
from training.study.judging import Fit, Judged, Marks, mark_estimator
from training.study.samples import Exam, exam
from training.study.workshop import Piece, Workshop

AS_THEY_ARE: Final = "as they are"


def exams(bench: Bench) -> dict[str, Exam]:
    """Return the test split under each pattern of absence, and as it is."""
    asked = exam(bench.test, bench.task.genres)
    rng = np.random.default_rng(bench.seed)
    filled = Absence(exam(bench.taught, bench.task.genres).values).fill(asked.values, rng)
    patterns = {
        pattern: Exam(without(filled, hidden), asked.truth) for pattern, hidden in PATTERNS.items()
    }
    return {AS_THEY_ARE: asked} | patterns


def absence(workshop: Workshop, bench: Bench, ours: Judged) -> tuple[Pattern, ...]:
    """Measure boosted trees with careless and with prepared absences beside the shipped model.

    `ours` sat `exams(bench)`.
    """
    asked = exams(bench)
    careless, prepared = workshop.do(
        f"{bench.task.name}: absence", [_fit(bench, asked, hide=hide) for hide in (False, True)]
    )
    return tuple(
        Pattern(
            pattern=pattern,
            hidden=PATTERNS.get(pattern, ()),
            as_they_are=pattern == AS_THEY_ARE,
            careless=careless.figures[pattern],
            prepared=prepared.figures[pattern],
            ours=ours.more[pattern],
        )
        for pattern in asked
    )


def _fit(bench: Bench, asked: dict[str, Exam], *, hide: bool) -> Piece[Marks]:
    columns = tuple(NAMES.index(name) for name in bench.task.features)
    model = boosting(bench.size, bench.seed)
    estimator = Rehearsed(model, columns=columns, hide=hide, seed=bench.seed)
    taught = exam(bench.taught, bench.task.genres)
    return Piece(Marks, mark_estimator, (taught, Fit(estimator), bench.task.genres, asked))
