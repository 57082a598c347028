"""What the study uses of the rest of `training`: songs of a task and fits of our model."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Final

import joblib
import pandas as pd

from model.schema import EXTRA, INPUT_NAMES, YEAR
from training.calibrated_model import fit_calibrated
from training.ensemble_training import PLANS, Plan
from training.evaluation import Predict, taught_rows, truth_rows
from training.export import to_onnx
from training.features import Matrix, matrix, without
from training.split import Side, groups, share_of
from training.study.sizes import Size
from training.targets import Labels
from training.tasks import Task

COLUMNS: Final = (
    *("table", "annotator", "artist", "title", "upload", "recording"),
    *("genre", "label", "artist_genre", "artist_shares", "side"),
)
SHOWN_SONGS: Final = 4_000
"""Maximum number of training songs that a model's score on training songs is measured on."""

FEW_ROWS: Final = 40_000
MOST_REPEATED: Final = 4.0
"""With fewer training rows than `FEW_ROWS` an experiment has more epochs, up to so many times."""

WARM_UP_ROWS: Final = 10
TIMED_ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class TaskData:
    """Songs of a task.

    `rows` are all, of all sides, with their `truth`, "" where it is not known. `train` are training
    rows that the task's tables label, one for each recording and genre; `known` are training songs
    with a known truth, and `test` are test songs, one row for each.
    """

    task: Task
    rows: pd.DataFrame
    train: pd.DataFrame
    known: pd.DataFrame
    test: pd.DataFrame

    @classmethod
    def of(cls, rows: pd.DataFrame, task: Task) -> "TaskData":
        """Return the songs of `task` in a dataset (see `training.dataset`)."""
        slim = rows[[*INPUT_NAMES, *COLUMNS]].assign(truth=task.truth(rows))
        known = truth_rows(slim, task, Side.TRAIN)
        return cls(task, slim, taught_rows(slim, task), known, truth_rows(slim, task))

    @property
    def tables(self) -> tuple[str, ...]:
        """The task's tables that have rows."""
        present = set(self.rows["table"])
        return tuple(name for name in self.task.tables if name in present)

    @property
    def shown(self) -> pd.DataFrame:
        """Some training songs with a known truth, to measure a model on what it has seen."""
        return self.known.sample(min(len(self.known), SHOWN_SONGS), random_state=0)


@dataclass(frozen=True, slots=True)
class Predicted:
    """A fitted model's predictions: probabilities [songs, genres] by name of the test.

    `rows` counts training rows; `seconds` are those of search, fits and predictions; `row_ms` is
    the median time to classify one song. `folds` has the weighted F1 on each fold, if there were
    any; `settings` are those selected.
    """

    tests: Mapping[str, Matrix]
    rows: int
    bytes: int = 0
    seconds: float = 0
    row_ms: float = 0
    folds: tuple[float, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def artists(rows: pd.DataFrame) -> Sequence[str]:
    """Return the group of each row that the split does not divide: its artist, if named."""
    return groups(rows).tolist()


def some_artists(rows: pd.DataFrame, share: float, draw: str) -> "pd.Series[bool]":
    """Return whether each row is of a share of the artists, of the same ones for the same draw."""
    return groups(rows).map(lambda group: share_of(group, draw)) < share


def core_only(rows: pd.DataFrame) -> Matrix:
    """Return the inputs of `rows` without all but the core features."""
    return without(matrix(rows), (*EXTRA, YEAR.name))


def plan_of(task: Task, size: Size) -> Plan:
    """Return the plan of our model, limited by `size`."""
    return _limited(PLANS[task.name], size.networks, size.epochs)


def check_plan(rows: pd.DataFrame, task: Task, size: Size) -> Plan:
    """Return the plan of an experiment on `rows`: one network, and more epochs on few rows."""
    count = int((rows["side"] == Side.TRAIN).sum())
    more = min(MOST_REPEATED, max(1.0, FEW_ROWS / max(count, 1)))
    return _limited(PLANS[task.name], 1, size.check_epochs, more)


def _limited(plan: Plan, networks: int, epochs: int, more: float = 1) -> Plan:
    own = round(min(plan.settings.epochs, epochs) * more)
    settings = replace(plan.settings, epochs=own)
    return replace(plan, networks=min(networks, plan.networks), settings=settings)


def settings_of(task: Task, size: Size) -> dict[str, Any]:
    """Return the hyperparameters of our model for the report."""
    plan = plan_of(task, size)
    own = {name: getattr(plan.settings, name) for name in ("hidden", "epochs", "dropout")}
    return {"networks": plan.networks, **own, "hidden": list(plan.settings.hidden)}


def fit_ours(
    rows: pd.DataFrame,
    task: Task,
    plan: Plan,
    seed: int,
    tests: Mapping[str, Matrix],
    labels: Labels = "noisy",
) -> Predicted:
    """Fit our model on the training rows and predict each of `tests`."""
    started = time.perf_counter()
    ours = fit_calibrated(rows, task, plan, seed, labels=labels)
    predicted = {name: ours.probabilities(values) for name, values in tests.items()}
    return Predicted(
        tests=predicted,
        rows=int((rows["side"] == Side.TRAIN).sum()),
        bytes=len(to_onnx(ours.ensemble)),
        seconds=time.perf_counter() - started,
        row_ms=row_ms(ours.probabilities, next(iter(tests.values()))),
    )


def row_ms(predict: Predict, values: Matrix) -> float:
    """Return the median time to predict one song, in milliseconds."""
    times = []
    for number in range(min(TIMED_ROWS, len(values))):
        started = time.perf_counter()
        predict(values[number : number + 1])
        times.append(time.perf_counter() - started)
    return 1000 * median(times[WARM_UP_ROWS:] or times or [0.0])


def stored_bytes(model: object) -> int:
    """Return the size of a model's file; a forest is too large to be held in memory twice."""
    with tempfile.TemporaryFile() as file:
        joblib.dump(model, file)
        return file.tell()
