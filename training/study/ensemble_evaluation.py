"""The shipped model in the study: fitted as it is shipped, measured as all others are."""

import time
from collections.abc import Mapping
from typing import Final

import pandas as pd

from model.bundle import Bundle, Metadata
from model.classifier import Classifier
from model.metrics import Metrics
from model.schema import CORE, NAMES
from training.ensemble import Ensemble
from training.ensemble_training import Plan
from training.export import to_onnx
from training.features import Matrix
from training.fit import fit_calibrated, is_calibration_row
from training.split import Side
from training.study.eval_sets import EvalSet, eval_set, training_rows
from training.study.grid_search import Score, weighted_f1
from training.study.model_evaluation import Contender, EvalSets, Evaluated, Scores, evaluate, scores
from training.tasks import Task

QUIET: Final = ""
"""No progress bar: a fit is one piece among many."""


def evaluate_ensemble(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, exams: EvalSets
) -> Evaluated:
    """Fit the shipped model on the training side of `rows` and measure it.

    Its size, and its time for one row, are those of the ONNX graph that is served.
    """
    started = time.perf_counter()
    committee, _ = fit_calibrated(rows, task, plan, seed, QUIET)
    seconds = time.perf_counter() - started
    onnx = to_onnx(committee)
    train = rows[rows["side"] == Side.TRAIN]
    learnt = training_rows(train[~is_calibration_row(train)], task)
    contender = Contender(
        predict=committee.probabilities,
        one_row=_Served(committee, onnx),
        extras=set(task.features) > set(CORE),
        rows=int((~is_calibration_row(train)).sum()),
        bytes=len(onnx),
        fit_seconds=seconds,
    )
    return evaluate(contender, eval_set(learnt, task.genres), task.genres, exams)


def score_ensemble(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, exams: Mapping[str, EvalSet]
) -> Scores:
    """Fit it and measure nothing but its figures."""
    committee, _ = fit_calibrated(rows, task, plan, seed, QUIET)
    train = rows[rows["side"] == Side.TRAIN]
    learnt = int((~is_calibration_row(train)).sum())
    return scores(committee.probabilities, learnt, task.genres, exams)


def score_committee(
    rows: pd.DataFrame, tested: pd.DataFrame, task: Task, plan: Plan, seed: int
) -> Score:
    """Fit on `rows`, score on the core features of `tested`: what `searching.score` does."""
    started = time.perf_counter()
    committee, _ = fit_calibrated(rows, task, plan, seed, QUIET)
    asked = eval_set(tested, task.genres).core_only()
    best = committee.probabilities(asked.values).argmax(axis=1)
    return Score(weighted_f1(asked.truth, best), time.perf_counter() - started)


class _Served:
    """Classifies a row as the bot does."""

    def __init__(self, committee: Ensemble, onnx: bytes) -> None:
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
            metrics=Metrics(),
            data=(),
            libraries={},
        )
        self._classifier = Classifier(Bundle(metadata, onnx))

    def __call__(self, values: Matrix) -> Matrix:
        return self._classifier.probabilities(values[:, self._columns])
