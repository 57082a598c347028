"""Names of tasks, models and features in the report."""

from collections.abc import Mapping
from typing import Final

from training.study.report.html import Markup, element
from training.study.results import ModelReport, Report, TaskReport

KINDS: Final[Mapping[str, str]] = {
    "study": "The original study\N{RIGHT SINGLE QUOTATION MARK}s nine",
    "challenger": "Challengers",
    "shipped": "Shipped",
}


def of_task(genres: int) -> str:
    """Return the name of a task with `genres` genres."""
    return f"{genres} genres"


def task_heading(task: TaskReport, section: str) -> Markup:
    """Return the heading of a task in a section."""
    return element("h3", of_task(len(task.genres)), id=f"{section}-{task.name}")


def find(task: TaskReport, key: str) -> ModelReport | None:
    """Return the task's model with this key; None if it was not run."""
    return next((model for model in task.models if model.key == key), None)


def winners(task: TaskReport) -> list[ModelReport]:
    """Return the best model and, if it is a different one, the best of the original study's."""
    found = [find(task, key) for key in dict.fromkeys([task.best, task.best_of_study])]
    return [model for model in found if model is not None]


def of_feature(name: str) -> str:
    """Return the name of a feature without its unit."""
    return name.removesuffix("_ms")


def of_model(report: Report, key: str) -> str:
    """Return the name of a model or bundle, by its key."""
    names = {model.key: model.name for task in report.tasks for model in task.models}
    return names.get(key, key.replace("bundle", "shipped bundle"))


def genres_of(report: Report, task: str) -> str:
    """Return the name of a task in the report, by its key."""
    sizes = {one.name: len(one.genres) for one in report.tasks}
    return of_task(sizes[task]) if task in sizes else task
