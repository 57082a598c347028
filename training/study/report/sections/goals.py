"""Section on the goals of the shipped model and the figures that it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from model.metrics import Figures
from training.study.report import formats
from training.study.report.blocks import paragraph, section, table
from training.study.report.html import Markup
from training.study.report.names import find, of_task
from training.study.results import ModelReport, Report, TaskReport

CALIBRATION_ERROR: Final = "calibration_error"
"""The only figure that must not exceed its goal; the others must reach it."""

BASELINE: Final = "forest-grid"
BASELINE_AT_GOALS: Final[Mapping[str, float]] = {"study": 0.853, "wide": 0.474}
"""Weighted F1 of the baseline on the songs for which the goals were set, by task."""

WORDS: Final[Mapping[str, str]] = {
    "weighted_f1": "weighted F1",
    "macro_f1": "macro F1",
    "top_3": "top 3",
    "mean_auc": "mean AUC",
    CALIBRATION_ERROR: "calibration error",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """Goals of a task on one set of a model's figures.

    Attributes:
        task: Name of the task.
        of: Field of `ModelReport` that has the figures.
        songs: Description of the figures, for the report.
        figures: Goals by field of `Figures`.
        auc: Goals of the AUC by genre.
    """

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
        {"weighted_f1": 0.862, CALIBRATION_ERROR: 0.03},
        {"electronic": 0.90, "hip-hop": 0.94, "rock": 0.92},
    ),
    Goal(
        "wide",
        "test",
        "the 8 features",
        {
            "weighted_f1": 0.485,
            "macro_f1": 0.365,
            "top_3": 0.785,
            "mean_auc": 0.875,
            CALIBRATION_ERROR: 0.02,
        },
        {},
    ),
    Goal(
        "wide",
        "with_extras",
        "all features",
        {
            "weighted_f1": 0.515,
            "macro_f1": 0.40,
            "top_3": 0.81,
            "mean_auc": 0.888,
            CALIBRATION_ERROR: 0.02,
        },
        {},
    ),
    Goal("wide", "agreed", "two tables agree", {"weighted_f1": 0.70, "top_3": 0.90}, {}),
)


def goals(report: Report) -> Markup | None:
    """Return the section; None if the shipped model was not run."""
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
            "Goals of the shipped model. They were set on other songs than those tested here; the "
            "baseline, the grid-searched random forest, shows how the difficulty differs. ",
            " ".join(_baseline(task) for task, _ in tasks.values()),
        ),
        table("Goals and results", ["figure", "goal", "here", "reached"], rows, [3]),
    )


def _shipped(task: TaskReport) -> ModelReport | None:
    return next((model for model in task.models if model.kind == "shipped"), None)


def _rows(goal: Goal, figures: Figures) -> list[list[str]]:
    rows = [_row(WORDS[key], value, getattr(figures, key)) for key, value in goal.figures.items()]
    rows += [
        _row(f"AUC {genre}", value, figures.auc[genre])
        for genre, value in goal.auc.items()
        if genre in figures.auc
    ]
    return rows


def _row(words: str, goal: float, result: float) -> list[str]:
    reached = result <= goal if words == WORDS[CALIBRATION_ERROR] else result >= goal
    return [words, formats.score(goal), formats.score(result), "yes" if reached else "no"]


def _baseline(task: TaskReport) -> str:
    baseline, there = find(task, BASELINE), BASELINE_AT_GOALS.get(task.name)
    if baseline is None or there is None:
        return ""
    here = baseline.test.weighted_f1
    return (
        f"On {of_task(len(task.genres))} its weighted F1 is {formats.score(here)} here and was "
        f"{formats.score(there)} there."
    )
