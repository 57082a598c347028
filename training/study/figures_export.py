"""Extracts the figures file (`training.figures`) from a study's report."""

from collections.abc import Iterator
from typing import Final

from model.metrics import FeaturePattern, Figures, Slice
from training.figures import (
    FORMAT,
    LeftOutTableResult,
    ModelResult,
    SliceScores,
    StudyFigures,
    TaskResult,
)
from training.study.results import Fold, ModelReport, Report, TaskReport
from training.study.robustness.results import Robustness

DIGITS: Final = 4


def study_figures(report: Report) -> StudyFigures:
    """Return the figures of a report; models without a score on the folds are left out."""
    return StudyFigures(
        format=FORMAT,
        quick=report.run.quick,
        seed=report.run.seed,
        tasks=tuple(map(_task, report.tasks)),
        left_out_tables=_left_out_tables(report.robustness),
    )


def _task(task: TaskReport) -> TaskResult:
    return TaskResult(
        task=task.name,
        genres=len(task.genres),
        tables=task.tables,
        best=task.best,
        best_of_study=task.best_of_study,
        models=tuple(_model(model, model.fold) for model in task.models if model.fold),
    )


def _model(model: ModelReport, fold: Fold) -> ModelResult:
    return ModelResult(
        key=model.key,
        name=model.name,
        kind=model.kind,
        features=model.features,
        fold=fold.weighted_f1,
        error=round(fold.error, DIGITS),
        bytes=model.bytes,
        row_ms=model.timing.row_ms,
        scores=tuple(_scores(model)),
    )


def _scores(model: ModelReport) -> Iterator[SliceScores]:
    measured = [
        (Slice.ALL, FeaturePattern.CORE, model.test),
        (Slice.ALL, FeaturePattern.ALL, model.with_extras),
        (Slice.TWO_TABLES_AGREE, FeaturePattern.CORE, model.agreed),
        (Slice.TWO_TABLES_AGREE, FeaturePattern.ALL, model.agreed_with_extras),
        *((slice_, FeaturePattern.CORE, figures) for slice_, figures in model.slices.items()),
    ]
    for slice_, features, figures in measured:
        if figures:
            yield _slice_scores(slice_, features, figures)


def _slice_scores(slice_: Slice, features: FeaturePattern, figures: Figures) -> SliceScores:
    return SliceScores(
        slice=slice_,
        features=features,
        rows=figures.rows,
        weighted_f1=figures.weighted_f1,
        macro_f1=figures.macro_f1,
        accuracy=figures.accuracy,
        top_3=figures.top_3,
        mean_auc=figures.mean_auc,
        calibration_error=figures.calibration_error,
    )


def _left_out_tables(robustness: Robustness | None) -> tuple[LeftOutTableResult, ...]:
    return tuple(
        LeftOutTableResult(one.table, one.shipped.weighted_f1, one.baseline.weighted_f1)
        for one in (robustness.tables if robustness else ())
    )
