"""The learning curve: what more artists to learn from are worth."""

from typing import Final

from training.split import groups, share_of
from training.study.bench import Bench
from training.study.candidates import COMMITTEE
from training.study.honest.fits import BUILDS, committee, on_core
from training.study.honest.shape import LearningPoint
from training.study.judging import Marks
from training.study.samples import exam, training_rows
from training.study.workshop import Piece, Workshop

TRAIN: Final = "train"
TEST: Final = "test"


def learning(workshop: Workshop, bench: Bench) -> tuple[LearningPoint, ...]:
    """Measure models that learnt from more and more of the training artists."""
    asked = [(share, model) for share in bench.size.shares for model in (*BUILDS, COMMITTEE)]
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


def _piece(bench: Bench, share: float, model: str) -> Piece[Marks]:
    rows = bench.train[groups(bench.train).map(_chance) < share]
    taught = training_rows(rows, bench.task)
    genres = bench.task.genres
    exams = {
        TRAIN: exam(taught, genres).core_only(),
        TEST: exam(bench.test, genres).core_only(),
    }
    if model == COMMITTEE:
        return committee(rows, bench.task, exams, bench)
    return on_core(model, taught, genres, exams, bench)


def _chance(group: str) -> float:
    return share_of(group, "learning")
