"""The figures file: the study's results that model selection, model card and README need.

`study` writes it as `figures.json` beside its report. The file of the run by which the shipped
models were selected is committed with the code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.metrics import FeaturePattern, Slice
from training import figures_v1, json_codec
from training.errors import NoWinner

FORMAT: Final = 2
NAME: Final = "figures.json"
REPORT: Final = "report.json"
"""File name of the study's report, in the same folder as the figures file."""

COMMITTED: Final = Path(__file__).parent / NAME
ENSEMBLE: Final = "ensemble"
"""Key of the shipped model among the study's models."""


@dataclass(frozen=True, slots=True)
class SliceScores:
    """Scores of a model on a slice of the test split, given `features` (`CORE` or `ALL`)."""

    slice: Slice
    features: FeaturePattern
    rows: int
    weighted_f1: float
    macro_f1: float
    accuracy: float
    top_3: float
    mean_auc: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class ModelResult:
    """Results of one model of the study.

    Attributes:
        key: Its name on the command line.
        name: Its name in reports.
        kind: "study", "challenger" or "shipped".
        features: Number of features that it takes.
        fold: Mean weighted F1 over the folds.
        error: Standard error of `fold`.
        bytes: Size of the fitted model.
        row_ms: Median time to classify one song, in milliseconds.
        scores: Scores on the test split.
    """

    key: str
    name: str
    kind: str
    features: int
    fold: float
    error: float
    bytes: int
    row_ms: float
    scores: tuple[SliceScores, ...]

    def score(
        self, slice_: Slice = Slice.ALL, features: FeaturePattern = FeaturePattern.CORE
    ) -> SliceScores:
        """Return the scores on a slice; raises KeyError if they were not measured."""
        for scores in self.scores:
            if (scores.slice, scores.features) == (slice_, features):
                return scores
        raise KeyError(slice_, features)


@dataclass(frozen=True, slots=True)
class TaskResult:
    """Results of the models of one task.

    `best` and `best_of_study` are the keys of the models with the highest mean weighted F1 over the
    folds, among all and among those of the original study.
    """

    task: str
    genres: int
    tables: tuple[str, ...]
    best: str
    best_of_study: str
    models: tuple[ModelResult, ...]

    def model(self, key: str) -> ModelResult:
        """Return the model with this key; raises KeyError."""
        return {one.key: one for one in self.models}[key]


@dataclass(frozen=True, slots=True)
class LeftOutTableResult:
    """Weighted F1 on a table that was left out of training, of our model and of the baseline."""

    table: str
    ours: float
    baseline: float


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """Content of the figures file; a quick run's figures are not results."""

    format: int
    quick: bool
    seed: int
    tasks: tuple[TaskResult, ...]
    left_out_tables: tuple[LeftOutTableResult, ...]

    def task(self, name: str) -> TaskResult:
        """Return the results of a task; raises NoWinner if there are none."""
        found = next((one for one in self.tasks if one.task == name), None)
        if found is None:
            raise NoWinner(f"the study's figures have no models of {name}")
        return found

    def to_json(self) -> str:
        """Return the figures as JSON; the same values give the same text."""
        return json_codec.dumps(self)


def read(path: Path) -> StudyFigures:
    """Read a figures file; for the path of a report, the one beside it.

    Raises NoWinner if it cannot be read.
    """
    figures_path = path.with_name(NAME)
    try:
        if path.name == REPORT and figures_path.exists():
            path = figures_path
        return _parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoWinner(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise NoWinner(f"{path}: cannot be read: it {error}") from error


def _parse(text: str) -> StudyFigures:
    content: Any = json.loads(text)
    if isinstance(content, Mapping) and content.get("format") == figures_v1.FORMAT:
        try:
            content = figures_v1.upgrade(content)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"is no figures file: {error!r}") from error
        return json_codec.from_plain(StudyFigures, content)
    return json_codec.of_format(StudyFigures, text, FORMAT)
