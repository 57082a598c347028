"""Measures our model and the baseline on the test split."""

from collections.abc import Container, Iterator
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from model.metrics import FeaturePattern, MeasuredModel, Measurement, Slice, Split
from model.priors import CALIBRATED_PRIOR
from model.verdicts import Verdict, VerdictFigures
from training import priors
from training.calibrated_model import CalibratedModel
from training.calibration import Thresholds
from training.evaluation import Codes, Predict, by_pattern, clear, codes, truth_rows, views
from training.features import PATTERNS, Matrix
from training.slices import slices
from training.tasks import Task

OTHER_PRIORS: Final = {
    CALIBRATED_PRIOR: MeasuredModel.TABLES_PRIOR,
    priors.EVEN: MeasuredModel.EVEN_PRIOR,
}
"""Priors that are measured beside the default one, whose effect by genre the card shows."""

DIGITS: Final = 4


def measure(
    model: CalibratedModel, baseline: Predict, rows: pd.DataFrame, task: Task
) -> Iterator[Measurement]:
    """Measure model and baseline on the slices of the test split.

    Neither may have been fitted on rows of the test side.
    """
    core = (FeaturePattern.CORE,)
    predicts = {MeasuredModel.BASELINE: baseline}
    if task.uses_artists(rows):
        predicts |= {
            measured: partial(model.probabilities, prior=prior)
            for prior, measured in OTHER_PRIORS.items()
        }
    for slice_, tested in slices(rows, task):
        yield from measured_on(model.probabilities, tested, task, slice_, MeasuredModel.OURS)
        for measured, predict in predicts.items():
            yield from measured_on(predict, tested, task, slice_, measured, patterns=core)


def measured_on(
    predict: Predict,
    rows: pd.DataFrame,
    task: Task,
    slice_: Slice,
    model: MeasuredModel,
    *,
    patterns: Container[FeaturePattern] = PATTERNS,
) -> Iterator[Measurement]:
    """Measure a model on rows with `truth`, given each feature pattern."""
    for pattern, scores in by_pattern(predict, rows, task.genres, task.features, patterns=patterns):
        yield Measurement(Split.TEST, slice_, pattern, model, scores)


def verdict_figures(
    model: CalibratedModel, rows: pd.DataFrame, task: Task
) -> dict[str, VerdictFigures]:
    """Return coverage and accuracy of each verdict, where the true genre is clearest."""
    tested = truth_rows(rows, task)
    if task.uses_artists(rows):
        tested = tested[clear(tested)]
    truth = codes(tested["truth"], task.genres)
    seen = views(tested, task.features)
    alone = FeaturePattern.CORE
    core = verdict_rates(model.probabilities(seen[alone]), truth, model.thresholds)
    every = seen.get(FeaturePattern.ALL, seen[alone])
    full = verdict_rates(model.probabilities(every), truth, model.thresholds)
    least = {Verdict.PLAIN: model.thresholds.plain, Verdict.EITHER: model.thresholds.either}
    return {
        verdict.value: VerdictFigures(least.get(verdict, 0.0), *full[verdict], *core[verdict])
        for verdict in Verdict
    }


def verdict_rates(
    probabilities: Matrix, truth: Codes, thresholds: Thresholds
) -> dict[Verdict, tuple[float, float | None]]:
    """Return the share of songs with each verdict, and how often it is right.

    Plain is right if the first genre is, either if one of the first two, unsure if one of three.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    descending = np.take_along_axis(probabilities, order, axis=1)
    plain = descending[:, 0] >= thresholds.plain
    either = ~plain & (descending[:, :2].sum(axis=1) >= thresholds.either)
    hits = order == truth[:, None]
    chosen = {Verdict.PLAIN: plain, Verdict.EITHER: either, Verdict.UNSURE: ~plain & ~either}
    return {
        verdict: (
            round(float(own.mean()), DIGITS),
            round(float(hits[own, : number + 1].any(axis=1).mean()), DIGITS) if own.any() else None,
        )
        for number, (verdict, own) in enumerate(chosen.items())
    }
