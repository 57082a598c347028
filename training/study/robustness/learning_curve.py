"""The learning curve: what more artists to learn from are worth."""

from typing import Final

from training.figures import ENSEMBLE
from training.split import groups, share_of
from training.study.eval_sets import eval_set, training_rows
from training.study.job_cache import Job, JobCache
from training.study.model_evaluation import Scores
from training.study.robustness.fits import BUILDS, committee, on_core
from training.study.robustness.results import LearningPoint
from training.study.workspace import Workspace

TRAIN: Final = "train"
TEST: Final = "test"


def learning(workshop: JobCache, bench: Workspace) -> tuple[LearningPoint, ...]:
    """Measure models that learnt from more and more of the training artists."""
    asked = [(share, model) for share in bench.size.shares for model in (*BUILDS, ENSEMBLE)]
    pieces = [_piece(bench, share, model) for share, model in asked]
    marks = workshop.do(f"{bench.task.name}: learning curve", pieces)
    return tuple(
        LearningPoint(
            task=bench.task.name,
            model=model,
            share=share,
            rows=mark.rows,
            train=mark.figures[TRAIN],
            test=mark.figures[TEST],
        )
        for (share, model), mark in zip(asked, marks, strict=True)
    )


def _piece(bench: Workspace, share: float, model: str) -> Job[Scores]:
    rows = bench.train[groups(bench.train).map(_chance) < share]
    taught = training_rows(rows, bench.task)
    genres = bench.task.genres
    exams = {
        TRAIN: eval_set(taught, genres).core_only(),
        TEST: eval_set(bench.test, genres).core_only(),
    }
    if model == ENSEMBLE:
        return committee(rows, bench.task, exams, bench)
    return on_core(model, taught, genres, exams, bench)


def _chance(group: str) -> float:
    return share_of(group, "learning")
