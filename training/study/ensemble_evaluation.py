"""Fits the shipped model, an ensemble of networks, and evaluates it like the other models."""

import time
from collections.abc import Mapping
from typing import Final

import pandas as pd

from model.bundle import Bundle, Metadata
from model.classifier import Classifier
from model.metrics import Metrics
from model.schema import CORE, NAMES
from model.verdicts import UNMEASURED
from training.ensemble import Ensemble
from training.ensemble_training import Plan
from training.export import to_onnx
from training.features import Matrix
from training.fit import fit_calibrated, is_calibration_row
from training.split import Side
from training.study.eval_sets import EvalSet, eval_set, training_rows
from training.study.grid_search import Score, weighted_f1
from training.study.model_evaluation import (
    EvalSets,
    Evaluated,
    FittedModel,
    Scores,
    evaluate,
    scores,
)
from training.tasks import Task

NO_PROGRESS: Final = ""
"""Title of the fit's progress bar; empty to disable it, because a fit is one of many jobs."""


def evaluate_ensemble(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, eval_sets: EvalSets
) -> Evaluated:
    """Fit the ensemble on the training side of `rows` and evaluate it.

    Size and prediction time are measured on the exported ONNX model, as it is served.
    """
    started = time.perf_counter()
    ensemble, _ = fit_calibrated(rows, task, plan, seed, NO_PROGRESS)
    seconds = time.perf_counter() - started
    onnx = to_onnx(ensemble)
    train = rows[rows["side"] == Side.TRAIN]
    fitted = training_rows(train[~is_calibration_row(train)], task)
    model = FittedModel(
        predict=ensemble.probabilities,
        one_row=_ServedModel(ensemble, onnx),
        uses_extras=set(task.features) > set(CORE),
        rows=int((~is_calibration_row(train)).sum()),
        bytes=len(onnx),
        fit_seconds=seconds,
    )
    return evaluate(model, eval_set(fitted, task.genres), task.genres, eval_sets)


def score_ensemble(
    rows: pd.DataFrame, task: Task, plan: Plan, seed: int, eval_sets: Mapping[str, EvalSet]
) -> Scores:
    """Fit the ensemble and return its figures on each eval set."""
    ensemble, _ = fit_calibrated(rows, task, plan, seed, NO_PROGRESS)
    train = rows[rows["side"] == Side.TRAIN]
    row_count = int((~is_calibration_row(train)).sum())
    return scores(ensemble.probabilities, row_count, task.genres, eval_sets)


def score_ensemble_fold(
    rows: pd.DataFrame, tested: pd.DataFrame, task: Task, plan: Plan, seed: int
) -> Score:
    """Fit the ensemble on `rows` and score it on the core features of `tested`.

    This is the counterpart of `grid_search.score`.
    """
    started = time.perf_counter()
    ensemble, _ = fit_calibrated(rows, task, plan, seed, NO_PROGRESS)
    test = eval_set(tested, task.genres).core_only()
    predicted = ensemble.probabilities(test.values).argmax(axis=1)
    return Score(weighted_f1(test.truth, predicted), time.perf_counter() - started)


class _ServedModel:
    """Predicts one row with the ONNX model, as the bot does."""

    def __init__(self, ensemble: Ensemble, onnx: bytes) -> None:
        self._columns = [NAMES.index(name) for name in ensemble.features]
        metadata = Metadata(
            name="study",
            version="",
            features=ensemble.features,
            genres=ensemble.genres,
            verdicts=UNMEASURED,
            typical_song={},
            typical_genres={},
            metrics=Metrics(),
            data=(),
            libraries={},
        )
        self._classifier = Classifier(Bundle(metadata, onnx))

    def __call__(self, values: Matrix) -> Matrix:
        return self._classifier.probabilities(values[:, self._columns])
