"""What was asked of the shipped model, beside what it reaches here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from model.metrics import Figures
from training.study.report import formats
from training.study.report.blocks import paragraph, section, table
from training.study.report.html import Markup
from training.study.report.names import find, of_task
from training.study.results import ModelReport, Report, TaskReport

LEAST: Final = "calibration_error"
"""The one figure that is to be small."""

FOREST: Final = "forest-grid"
SET_ON: Final[Mapping[str, float]] = {"study": 0.853, "wide": 0.474}
"""Weighted F1 of the study's recipe on the songs for which the goals were set, by task."""

WORDS: Final[Mapping[str, str]] = {
    "weighted_f1": "weighted F1",
    "macro_f1": "macro F1",
    "top_3": "top 3",
    "mean_auc": "mean AUC",
    LEAST: "calibration error",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """Goals of a task on the figures that a model keeps as `of`; `auc` by genre."""

    task: str
    of: str
    songs: str
    figures: Mapping[str, float]
    auc: Mapping[str, float]


GOALS: Final = (
    Goal(
        "study",
        "test",
        "the 8 features",
        {"weighted_f1": 0.862, LEAST: 0.03},
        {"electronic": 0.90, "hip-hop": 0.94, "rock": 0.92},
    ),
    Goal(
        "wide",
        "test",
        "the 8 features",
        {"weighted_f1": 0.485, "macro_f1": 0.365, "top_3": 0.785, "mean_auc": 0.875, LEAST: 0.02},
        {},
    ),
    Goal(
        "wide",
        "with_extras",
        "all features",
        {"weighted_f1": 0.515, "macro_f1": 0.40, "top_3": 0.81, "mean_auc": 0.888, LEAST: 0.02},
        {},
    ),
    Goal("wide", "agreed", "two tables agree", {"weighted_f1": 0.70, "top_3": 0.90}, {}),
)


def goals(report: Report) -> Markup | None:
    """Return the section, None if the shipped model was not run."""
    tasks = {task.name: (task, _shipped(task)) for task in report.tasks}
    rows = {}
    for goal in GOALS:
        task, model = tasks.get(goal.task, (None, None))
        figures = getattr(model, goal.of, None)
        if task and figures:
            rows[f"{of_task(len(task.genres))}, {goal.songs}"] = _rows(goal, figures)
    if not rows:
        return None
    return section(
        "goals",
        "Goals",
        paragraph(
            "What was asked of the shipped model. The goals were set on other songs than are "
            "tested on here; how hard these are, the study's forest tells. ",
            " ".join(_yardstick(task) for task, _ in tasks.values()),
        ),
        table("Goals and what is reached here", ["figure", "goal", "here", "reached"], rows, [3]),
    )


def _shipped(task: TaskReport) -> ModelReport | None:
    return next((model for model in task.models if model.kind == "shipped"), None)


def _rows(goal: Goal, figures: Figures) -> list[list[str]]:
    asked = [(WORDS[key], wanted, getattr(figures, key)) for key, wanted in goal.figures.items()]
    asked += [
        (f"AUC {genre}", wanted, figures.auc[genre])
        for genre, wanted in goal.auc.items()
        if genre in figures.auc
    ]
    return [
        [
            words,
            formats.score(wanted),
            formats.score(found),
            "yes" if (found <= wanted if words == WORDS[LEAST] else found >= wanted) else "no",
        ]
        for words, wanted, found in asked
    ]


def _yardstick(task: TaskReport) -> str:
    forest, there = find(task, FOREST), SET_ON.get(task.name)
    if forest is None or there is None:
        return ""
    here = forest.test.weighted_f1
    return (
        f"On {of_task(len(task.genres))} its weighted F1 is {formats.score(here)} here and was "
        f"{formats.score(there)} there."
    )
