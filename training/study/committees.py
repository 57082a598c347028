"""The shipped model in the study: fitted as it is shipped, measured as all others are."""

import time
from collections.abc import Mapping
from typing import Final

import pandas as pd

from model.bundle import Bundle, Metadata
from model.classifier import Classifier
from model.schema import CORE, NAMES
from training.committee import Committee
from training.export import to_onnx
from training.features import Matrix
from training.fit import calibrates, fit_judged
from training.learning import Plan
from training.split import Side
from training.study.judging import Contender, Exams, Judged, Marks, judge, marks
from training.study.samples import Exam, exam, training_rows
from training.study.searching import Score, weighted_f1
from training.tasks import Task

QUIET: Final = ""
"""No progress bar: a fit is one piece among many."""


def judge_committee(rows: pd.DataFrame, task: Task, plan: Plan, seed: int, exams: Exams) -> Judged:
    """Fit the shipped model on the training side of `rows` and measure it.

    Its size, and its time for one row, are those of the ONNX graph that is served.
    """
    started = time.perf_counter()
    committee, _ = fit_judged(rows, task, plan, seed, QUIET)
    seconds = time.perf_counter() - started
    onnx = to_onnx(committee)
    train = rows[rows["side"] == Side.TRAIN]
    learnt = training_rows(train[~calibrates(train)], task)
    contender = Contender(
        predict=committee.probabilities,
        one_row=_Served(committee, onnx),
        extras=set(task.features) > set(CORE),
        rows=int((~calibrates(train)).sum()),
        bytes=len(onnx),
        fit_seconds=seconds,
    )
    return judge(contender, exam(learnt, task.genres), task.genres, exams)


def mark_committee(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, exams: Mapping[str, Exam]
) -> Marks:
    """Fit it and measure nothing but its figures."""
    committee, _ = fit_judged(rows, task, plan, seed, QUIET)
    train = rows[rows["side"] == Side.TRAIN]
    learnt = int((~calibrates(train)).sum())
    return marks(committee.probabilities, learnt, task.genres, exams)


def score_committee(
    rows: pd.DataFrame, tested: pd.DataFrame, task: Task, plan: Plan, seed: int
) -> Score:
    """Fit on `rows`, score on the core features of `tested`: what `searching.score` does."""
    started = time.perf_counter()
    committee, _ = fit_judged(rows, task, plan, seed, QUIET)
    asked = exam(tested, task.genres).core_only()
    best = committee.probabilities(asked.values).argmax(axis=1)
    return Score(weighted_f1(asked.truth, best), time.perf_counter() - started)


class _Served:
    """Classifies a row as the bot does."""

    def __init__(self, committee: Committee, onnx: bytes) -> None:
        self._columns = [NAMES.index(name) for name in committee.features]
        metadata = Metadata(
            name="study",
            version="",
            features=committee.features,
            genres=committee.genres,
            close_margin=0.0,
            unsure_below=0.0,
            typical_song={},
            typical_genres={},
            metrics={},
            data=(),
            libraries={},
        )
        self._classifier = Classifier(Bundle(metadata, onnx))

    def __call__(self, values: Matrix) -> Matrix:
        return self._classifier.probabilities(values[:, self._columns])
