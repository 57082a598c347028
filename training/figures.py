"""The figures file, which model card, README and report quote: one file with two sections.

`models` holds the metrics of each shipped bundle, as `fit` measured them; `study` holds what the
last full run of the study measured. Each command writes its own section and keeps the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from model.bundle import Metadata
from training.errors import FiguresError

FORMAT: Final = 3
NAME: Final = "figures.json"
COMMITTED: Final = Path(__file__).parent / NAME


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFigures(_Section):
    """One model of a task, on the core features of the test songs.

    `fold` is the mean weighted F1 on the folds with its standard error, `error` the standard error
    by artist of `weighted_f1`, and `row_ms` the time to classify one song.
    """

    key: str
    name: str
    fold: float
    fold_error: float
    weighted_f1: float
    error: float
    macro_f1: float
    top_3: float
    mean_auc: float
    bytes: int
    row_ms: float


class TaskFigures(_Section):
    """The models of a task; `best` and `best_of_study` are the keys of the best on the folds."""

    task: str
    genres: int
    best: str
    best_of_study: str
    models: tuple[ModelFigures, ...]

    def model(self, key: str) -> ModelFigures:
        """Return the model with this key; raises KeyError."""
        return {one.key: one for one in self.models}[key]


class ConditionFigures(_Section):
    """Weighted F1 of our model, and of the forest if it was fitted, under one condition."""

    condition: str
    ours: float
    forest: float | None = None


class StudyFigures(_Section):
    """What the study measured.

    Conditions are tables left out, genres and test songs of open data, and ways to take labels.
    """

    quick: bool
    seed: int
    date: str
    tasks: tuple[TaskFigures, ...]
    left_out: tuple[ConditionFigures, ...] = ()
    open_data: tuple[ConditionFigures, ...] = ()
    labels: tuple[ConditionFigures, ...] = ()

    def task(self, name: str) -> TaskFigures:
        """Return the results of a task; raises KeyError."""
        return {one.task: one for one in self.tasks}[name]


class FiguresFile(_Section):
    """Content of the file; `models` has version, metrics and verdicts of each bundle."""

    format: Literal[3] = FORMAT
    models: dict[str, dict[str, Any]] = {}
    study: StudyFigures | None = None


def read(path: Path = COMMITTED) -> FiguresFile:
    """Read a figures file; raises FiguresError."""
    try:
        return FiguresFile.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FiguresError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "content"
        raise FiguresError(f"{path}: {where}: {first['msg']}") from None


def write_study(path: Path, study: StudyFigures) -> None:
    """Write the section of the study; raises FiguresError if the file cannot be read."""
    _write(path, {"study": study})


def write_models(path: Path, bundles: Sequence[Metadata]) -> None:
    """Write the section of the shipped models; raises FiguresError if the file cannot be read."""
    models = {
        one.name: {
            "version": one.version,
            "metrics": one.metrics.to_json(),
            "verdicts": {name: asdict(figures) for name, figures in one.verdicts.items()},
        }
        for one in bundles
    }
    _write(path, {"models": models})


def _write(path: Path, section: Mapping[str, Any]) -> None:
    before = read(path) if path.exists() else FiguresFile()
    content = before.model_copy(update=dict(section))
    path.write_text(content.model_dump_json(indent=1) + "\n", encoding="utf-8")
