"""The study's figures in short: what the choice of a model, the card and the README read.

`study` writes them as `figures.json` beside its report; those of the run that the shipped bundles
follow from are committed with the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from training.errors import NoWinner
from training.study import json_codec
from training.study.metrics import Figures
from training.study.results import Fold, ModelReport, Report, TaskReport
from training.study.robustness.results import Robustness

FORMAT: Final = 1
NAME: Final = "figures.json"
COMMITTED: Final = Path(__file__).parent / NAME
DIGITS: Final = 4
SCORES: Final = (
    "rows",
    "weighted_f1",
    "macro_f1",
    "accuracy",
    "top_3",
    "mean_auc",
    "calibration_error",
)
CORE: Final = "test"
EXTRAS: Final = "test, with extras"
AGREED: Final = "two tables agree"
AGREED_EXTRAS: Final = "two tables agree, with extras"


@dataclass(frozen=True, slots=True)
class ModelResult:
    """A model of the study. `fold` and `error` are mean and standard error over the folds.

    `scores` are `SCORES` by the songs it was tested on: `CORE`, and as far as they were measured
    `EXTRAS`, `AGREED`, `AGREED_EXTRAS` and the parts of `training.slices`.
    """

    key: str
    name: str
    kind: str
    features: int
    fold: float
    error: float
    bytes: int
    row_ms: float
    scores: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The models of one task; `best` and `best_of_study` as in the report."""

    task: str
    genres: int
    tables: tuple[str, ...]
    best: str
    best_of_study: str
    entrants: tuple[ModelResult, ...]

    def entrant(self, key: str) -> ModelResult:
        """Return the model of that key; raises KeyError."""
        return {one.key: one for one in self.entrants}[key]


@dataclass(frozen=True, slots=True)
class LeftOutTableResult:
    """Weighted F1 on a table that was left out of training: our model's, and the recipe's."""

    table: str
    ours: float
    recipe: float


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """All of it."""

    format: int
    quick: bool
    seed: int
    fields: tuple[TaskResult, ...]
    away: tuple[LeftOutTableResult, ...]

    def field(self, task: str) -> TaskResult:
        """Return the models of a task; raises NoWinner when there are none."""
        found = next((one for one in self.fields if one.task == task), None)
        if found is None:
            raise NoWinner(f"the study's figures have no models of {task}")
        return found

    def to_json(self) -> str:
        """Write them, the same text for the same values."""
        return json_codec.dumps(self)


def study_figures(report: Report) -> StudyFigures:
    """Return what is kept of a report."""
    return StudyFigures(
        format=FORMAT,
        quick=report.run.quick,
        seed=report.run.seed,
        fields=tuple(map(_field, report.tasks)),
        away=_away(report.honest),
    )


def read(path: Path) -> StudyFigures:
    """Read a study's `report.json`, or its `figures.json`; raises NoWinner when it is neither."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.name == NAME:
            return json_codec.of_format(StudyFigures, text, FORMAT)
        return study_figures(Report.from_json(text))
    except OSError as error:
        raise NoWinner(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise NoWinner(f"{path}: cannot be read: it {error}") from error


def _field(task: TaskReport) -> TaskResult:
    return TaskResult(
        task=task.name,
        genres=len(task.genres),
        tables=task.tables,
        best=task.best,
        best_of_study=task.best_of_study,
        entrants=tuple(_entrant(model, model.fold) for model in task.models if model.fold),
    )


def _entrant(model: ModelReport, fold: Fold) -> ModelResult:
    measured = {
        CORE: model.test,
        EXTRAS: model.with_extras,
        AGREED: model.agreed,
        AGREED_EXTRAS: model.agreed_with_extras,
        **model.parts,
    }
    return ModelResult(
        key=model.key,
        name=model.name,
        kind=model.kind,
        features=model.features,
        fold=fold.weighted_f1,
        error=round(fold.error, DIGITS),
        bytes=model.bytes,
        row_ms=model.timing.row_ms,
        scores={name: _scores(figures) for name, figures in measured.items() if figures},
    )


def _scores(figures: Figures) -> dict[str, float]:
    return {name: getattr(figures, name) for name in SCORES}


def _away(honest: Robustness | None) -> tuple[LeftOutTableResult, ...]:
    return tuple(
        LeftOutTableResult(one.table, one.ours.weighted_f1, one.recipe.weighted_f1)
        for one in (honest.tables if honest else ())
    )
