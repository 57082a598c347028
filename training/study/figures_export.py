"""Extracts the study's section of the figures file (`training.figures`) from its results."""

from collections.abc import Iterable, Iterator

from training.figures import ConditionFigures, ModelFigures, StudyFigures, TaskFigures
from training.study.checks import OPEN_ALONE
from training.study.results import Condition, Report, TaskResult


def study_figures(report: Report) -> StudyFigures:
    """Return the figures that model card and README quote."""
    checks = report.checks
    return StudyFigures(
        quick=report.run.quick,
        seed=report.run.seed,
        date=report.run.date,
        tasks=tuple(map(_task, report.tasks)),
        left_out=tuple(_conditions(checks.get("left_out", ()))),
        open_data=tuple(_open_data(report)),
        labels=tuple(_conditions(checks.get("labels", ()))),
    )


def _task(task: TaskResult) -> TaskFigures:
    copied = {"key", "name", "fold", "fold_error", "error", "bytes", "row_ms"}
    measured = {"weighted_f1", "macro_f1", "top_3", "mean_auc"}
    models = tuple(
        ModelFigures(
            **one.model_dump(include=copied), **{name: getattr(one.test, name) for name in measured}
        )
        for one in task.models
    )
    about = {name: getattr(task, name) for name in ("best", "best_of_study")}
    return TaskFigures(task=task.name, genres=len(task.genres), models=models, **about)


def _open_data(report: Report) -> Iterator[ConditionFigures]:
    """Yield the figures of models trained on open data alone, by genres and test songs."""
    for task in report.tasks:
        own = [one for one in report.checks.get("open_data", ()) if one.task == task.name]
        alone = [one for one in own if one.condition == OPEN_ALONE]
        about = f"{len(task.genres)} genres, on "
        yield from _conditions(
            one.model_copy(update={"condition": about + one.tested_on}) for one in alone
        )


def _conditions(found: Iterable[Condition]) -> Iterator[ConditionFigures]:
    by_case: dict[str, dict[str, float]] = {}
    for one in found:
        by_case.setdefault(one.condition, {})[one.model] = one.f1
    for case, own in by_case.items():
        yield ConditionFigures(condition=case, ours=own["ours"], forest=own.get("forest"))
