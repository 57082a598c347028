"""The effect of missing features that reveal a song's table.

A model that is trained on unmodified rows learns to recognise tables by the features that they
lack, and a test on unmodified rows rewards it. Test rows whose missing values are filled first do
not have this leak.
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
from training.study.robustness.results import AbsenceResult
from training.study.workspace import Workspace

UNMODIFIED: Final = "unmodified"
HIDDEN: Final = {PATTERN_NAMES[pattern]: hidden for pattern, hidden in PATTERNS.items()}


def eval_sets(workspace: Workspace) -> dict[str, EvalSet]:
    """Return the test split unmodified, and filled and hidden under each feature pattern."""
    genres = workspace.task.genres
    test = eval_set(workspace.test, genres)
    rng = np.random.default_rng(workspace.seed)
    pool = eval_set(workspace.labelled_train, genres).values
    filled = Absence(pool).fill(test.values, rng)
    by_pattern = {
        pattern: EvalSet(without(filled, hidden), test.truth) for pattern, hidden in HIDDEN.items()
    }
    return {UNMODIFIED: test} | by_pattern


def absence(
    job_cache: JobCache, workspace: Workspace, shipped: Evaluated
) -> tuple[AbsenceResult, ...]:
    """Measure boosted trees, with and without random absences in training, and the shipped model.

    `shipped` must have been evaluated on `eval_sets(workspace)`.
    """
    tests = eval_sets(workspace)
    leaky, masked = job_cache.run_all(
        f"{workspace.task.name}: absence",
        [_job(workspace, tests, random_absence=value) for value in (False, True)],
    )
    return tuple(
        AbsenceResult(
            pattern=pattern,
            hidden=HIDDEN.get(pattern, ()),
            unmodified=pattern == UNMODIFIED,
            leaky=leaky.figures[pattern],
            masked=masked.figures[pattern],
            shipped=shipped.more[pattern],
        )
        for pattern in tests
    )


def _job(workspace: Workspace, tests: dict[str, EvalSet], *, random_absence: bool) -> Job[Scores]:
    estimator = ResampledEstimator(
        boosting(workspace.size, workspace.seed),
        columns=tuple(NAMES.index(name) for name in workspace.task.features),
        random_absence=random_absence,
        seed=workspace.seed,
    )
    genres = workspace.task.genres
    train = eval_set(workspace.labelled_train, genres)
    return Job(Scores, score_estimator, (train, Fit(estimator), genres, tests))
