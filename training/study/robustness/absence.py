"""What is missing from a song must not say which table it came from.

A model trained on rows as they are learns tables from their absences, and a test on rows as they
are rewards it for that. Filled test rows, whose absences say nothing, tell.
"""

from typing import Final

import numpy as np

from model.schema import NAMES
from training.features import PATTERN_NAMES, PATTERNS, Absence, without
from training.study.candidates import boosting
from training.study.estimators import ResampledEstimator
from training.study.eval_sets import EvalSet, eval_set
from training.study.job_cache import Job, JobCache
from training.study.model_evaluation import Evaluated, Fit, Scores, score_estimator
from training.study.robustness.results import Absence as Pattern
from training.study.workspace import Workspace

AS_THEY_ARE: Final = "as they are"
HIDDEN: Final = {PATTERN_NAMES[pattern]: hidden for pattern, hidden in PATTERNS.items()}


def exams(bench: Workspace) -> dict[str, EvalSet]:
    """Return the test split under each pattern of absence, and as it is."""
    asked = eval_set(bench.test, bench.task.genres)
    rng = np.random.default_rng(bench.seed)
    filled = Absence(eval_set(bench.taught, bench.task.genres).values).fill(asked.values, rng)
    patterns = {
        pattern: EvalSet(without(filled, hidden), asked.truth) for pattern, hidden in HIDDEN.items()
    }
    return {AS_THEY_ARE: asked} | patterns


def absence(workshop: JobCache, bench: Workspace, ours: Evaluated) -> tuple[Pattern, ...]:
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
            hidden=HIDDEN.get(pattern, ()),
            as_they_are=pattern == AS_THEY_ARE,
            careless=careless.figures[pattern],
            prepared=prepared.figures[pattern],
            ours=ours.more[pattern],
        )
        for pattern in asked
    )


def _fit(bench: Workspace, asked: dict[str, EvalSet], *, hide: bool) -> Job[Scores]:
    columns = tuple(NAMES.index(name) for name in bench.task.features)
    model = boosting(bench.size, bench.seed)
    estimator = ResampledEstimator(model, columns=columns, hide=hide, seed=bench.seed)
    taught = eval_set(bench.taught, bench.task.genres)
    return Job(Scores, score_estimator, (taught, Fit(estimator), bench.task.genres, asked))
