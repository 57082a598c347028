"""How tasks and models are called in the report."""

from collections.abc import Mapping
from typing import Final

from training.study.report.html import Markup, element
from training.study.results import ModelReport, Report, TaskReport

KINDS: Final[Mapping[str, str]] = {
    "study": "The study\N{RIGHT SINGLE QUOTATION MARK}s nine",
    "challenger": "Challengers",
    "shipped": "Shipped",
}


def of_task(genres: int) -> str:
    """Name a task by its size."""
    return f"{genres} genres"


def task_heading(task: TaskReport, section: str) -> Markup:
    """Return the heading of a task's part of a section."""
    return element("h3", of_task(len(task.genres)), id=f"{section}-{task.name}")


def find(task: TaskReport, key: str) -> ModelReport | None:
    """Return the task's model of that key, None if it was not run."""
    return next((model for model in task.models if model.key == key), None)


def winners(task: TaskReport) -> list[ModelReport]:
    """Return the best model and, if that is another, the best of the study's nine."""
    found = [find(task, key) for key in dict.fromkeys([task.best, task.best_of_study])]
    return [model for model in found if model is not None]


def of_feature(name: str) -> str:
    """Name a feature; its unit is written with its values."""
    return name.removesuffix("_ms")


def of_model(report: Report, key: str) -> str:
    """Return what the report calls a model, for a bundle its own name."""
    names = {model.key: model.name for task in report.tasks for model in task.models}
    return names.get(key, key.replace("bundle", "shipped bundle"))


def genres_of(report: Report, task: str) -> str:
    """Name a task by its name."""
    sizes = {one.name: len(one.genres) for one in report.tasks}
    return of_task(sizes[task]) if task in sizes else task
