"""What `report.json` holds: every figure of the study, as frozen dataclasses.

The report in HTML shows it; card and README read the few figures of it that `headlines` keeps.
Shares and probabilities run from 0 to 1; rows and columns of genres are in the order of the task's
`genres`. Everything but `Timing`s and the times of `Run` is the same for the same seed and tables.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from model.metrics import Figures, Slice
from training import json_codec
from training.study.exploration import Exploration
from training.study.metrics import Bin, Roc, Timing
from training.study.robustness.results import Robustness

FORMAT: Final = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """Mean and spread (standard deviation) over the folds of the weighted F1 on the fold."""

    weighted_f1: float
    spread: float
    folds: int

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.spread / math.sqrt(max(self.folds - 1, 1))


@dataclass(frozen=True, slots=True)
class Resampled:
    """The same model when rare genres' rows were repeated until all genres had as many."""

    settings: Mapping[str, Any]
    fold: Fold
    train: Figures
    test: Figures


@dataclass(frozen=True, slots=True)
class ModelReport:
    """One row of the model table.

    `name` is what the report calls it and `key` what the command line does; `kind` is "study" (one
    of the study's nine), "challenger" or "shipped". `grid` is what was searched (each setting's
    values), empty where nothing was; `settings` what won. `note` says in a sentence what is
    particular about it ("" if nothing): rows it was fitted on if not all, how probabilities are
    made. `train`, `test` and `agreed` are on the eight core features; `parts` is `test` apart (see
    `training.slices`); `agreed` is on test recordings which two tables file alike, None where they
    are too few. `with_extras` and `agreed_with_extras` are on everything that each row has, None
    for models that know the core features alone. `confusion` counts test rows, [true genre]
    [predicted genre]. `rows` is how many it learnt from, `bytes` the size of the fitted model.
    """

    name: str
    key: str
    kind: str
    note: str
    rows: int
    features: int
    grid: Mapping[str, tuple[Any, ...]]
    settings: Mapping[str, Any]
    fold: Fold | None
    train: Figures
    test: Figures
    parts: Mapping[Slice, Figures]
    with_extras: Figures | None
    agreed: Figures | None
    agreed_with_extras: Figures | None
    resampled: Resampled | None
    roc: Mapping[str, Roc]
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[Bin, ...]
    bytes: int
    timing: Timing


@dataclass(frozen=True, slots=True)
class Mistake:
    """A test song that a model was sure about, and wrong; `table` says who filed it as `truth`."""

    artist: str
    title: str
    table: str
    truth: str
    predicted: str
    probability: float
    probability_of_truth: float


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One task ("study": 3 genres, "wide": 13) and every model that was fitted for it.

    `train_rows` and `test_rows` count rows by genre. `best_of_study` and `best` are keys of
    `models`: those with the highest weighted F1 over the folds, among the study's nine and among
    all; "" where none was run. `mistakes` are of `best`, surest first.
    """

    name: str
    genres: tuple[str, ...]
    features: tuple[str, ...]
    tables: tuple[str, ...]
    train_rows: Mapping[str, int]
    test_rows: Mapping[str, int]
    models: tuple[ModelReport, ...]
    best_of_study: str
    best: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class SongPrediction:
    """What one model makes of a song; `genres` in falling order of probability, all of them.

    `model` is a key as in `ModelReport`, or "bundle <name> <version>" for a shipped bundle.
    """

    task: str
    model: str
    genres: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Song:
    """One of the famous songs, which no model was trained on; `genre` is what it illustrates."""

    artist: str
    title: str
    genre: str
    table: str
    features: Mapping[str, float]
    opinions: tuple[SongPrediction, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A table: `rows` as read and not excluded, `licence` and `source` as in the bundles."""

    name: str
    rows: int
    labelled: int
    licence: str
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """How it was done, in whole sentences that the report prints; `quick` is "" in a full run."""

    split: str
    folds: str
    labels: str
    absence: str
    resampling: str
    shipped: str
    quick: str


@dataclass(frozen=True, slots=True)
class Run:
    """The run itself: `quick` is the small one, whose figures are no results.

    `minutes` passed from its start to its end. `stages` are the processor's seconds that each
    stage's pieces took, which other work on the machine does not lengthen, added up over processes;
    a piece kept from a run before counts with its time then.
    """

    quick: bool
    seed: int
    cluster: str
    minutes: float
    stages: Mapping[str, float]
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; one exploration for each task. `honest` is None if only some models were asked."""

    format: int
    run: Run
    method: Method
    sources: tuple[Source, ...]
    exploration: tuple[Exploration, ...]
    tasks: tuple[TaskReport, ...]
    honest: Robustness | None
    songs: tuple[Song, ...]

    def to_json(self) -> str:
        """Write it as JSON, the same text for the same values."""
        return json_codec.dumps(self)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Read it back; raises ValueError for anything else, another format too."""
        return json_codec.of_format(cls, text, FORMAT)
