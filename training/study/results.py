"""Content of `report.json`: all results of the study, as frozen dataclasses.

The HTML report shows all of it; `figures_export` extracts the few figures that model card and
README need. Shares and probabilities are from 0 to 1; arrays by genre are in the order of the
task's `genres`. Everything except `Timing` and the times of `Run` depends only on seed and tables.
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

FORMAT: Final = 4


@dataclass(frozen=True, slots=True)
class Fold:
    """Mean and standard deviation (`spread`) of the weighted F1 on the folds, and their number."""

    weighted_f1: float
    spread: float
    folds: int

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.spread / math.sqrt(max(self.folds - 1, 1))


@dataclass(frozen=True, slots=True)
class Resampled:
    """Results of a model whose training rows were oversampled to equal genres."""

    settings: Mapping[str, Any]
    fold: Fold
    train: Figures
    test: Figures


@dataclass(frozen=True, slots=True)
class ModelReport:
    """Results of one model of a task.

    Attributes:
        name: Its name in the report.
        key: Its name on the command line.
        kind: "study" (one of the original study's nine), "challenger" or "shipped".
        note: What is particular about the model; may be empty.
        rows: Number of training rows.
        features: Number of features that it takes.
        grid: Values of each hyperparameter that were searched; empty if none were.
        settings: The selected hyperparameters.
        fold: Score on the folds.
        train: Figures on its training rows, core features only.
        test: Figures on the test split, core features only.
        slices: Figures on slices of the test split (see `training.slices`), core features only.
        with_extras: Figures on the test split with all features that each row has; None for models
            that take the core features only.
        agreed: Figures on test recordings that two tables label alike, core features only; None if
            there are too few.
        agreed_with_extras: The same with all features that each row has.
        resampled: Results of the same model with oversampling.
        roc: ROC curve of each genre on the test split.
        confusion: Number of test rows, [true genre][predicted genre].
        reliability: Reliability diagram on the test split.
        bytes: Size of the fitted model.
        timing: Times of search, fit and prediction.
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
    slices: Mapping[Slice, Figures]
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
    """A test song that a model misclassified; `table` is the one that labels it `truth`."""

    artist: str
    title: str
    table: str
    truth: str
    predicted: str
    probability: float
    probability_of_truth: float


@dataclass(frozen=True, slots=True)
class TaskReport:
    """Results of one task ("study": 3 genres, "wide": 13).

    Attributes:
        name: Name of the task.
        genres: Genres of the task.
        features: Features of the task.
        tables: Tables whose labels are used.
        train_rows: Number of labelled training rows by genre.
        test_rows: Number of test rows by genre.
        models: Results of each model.
        best_of_study: Key of the original study's model with the highest weighted F1 on the folds;
            empty if none was run.
        best: Key of the model with the highest weighted F1 on the folds, among all.
        mistakes: Misclassifications of `best`, by falling probability.
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
    """Prediction of one model for a song.

    Attributes:
        task: Name of the task.
        model: Key of the model as in `ModelReport`, or "bundle <name> <version>" for a bundle.
        genres: Probability of each genre, in falling order.
    """

    task: str
    model: str
    genres: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Song:
    """A held-out song, its features, and the predictions for it; `table` has the features."""

    artist: str
    title: str
    genre: str
    table: str
    features: Mapping[str, float]
    predictions: tuple[SongPrediction, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the dataset: number of rows, of labelled rows, licence and source."""

    name: str
    rows: int
    labelled: int
    licence: str
    source: str


@dataclass(frozen=True, slots=True)
class Method:
    """Sentences on the method that the report prints; `quick` is empty in a full run."""

    split: str
    folds: str
    labels: str
    absence: str
    resampling: str
    shipped: str
    quick: str


@dataclass(frozen=True, slots=True)
class Run:
    """Circumstances of the run.

    Attributes:
        quick: Whether it is a quick run, whose figures are not results.
        seed: Seed of all random draws.
        cluster: Address of the Dask cluster; empty if none was used.
        minutes: Elapsed time of the run.
        stages: Processor time of each stage's jobs in seconds, summed over processes. A job whose
            result was cached counts with the time that it took originally.
        libraries: Version of each library.
    """

    quick: bool
    seed: int
    cluster: str
    minutes: float
    stages: Mapping[str, float]
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """All results of the study; `robustness` is None if only some of the models were run."""

    format: int
    run: Run
    method: Method
    sources: tuple[Source, ...]
    exploration: tuple[Exploration, ...]
    tasks: tuple[TaskReport, ...]
    robustness: Robustness | None
    songs: tuple[Song, ...]

    def to_json(self) -> str:
        """Return the report as JSON; the same values give the same text."""
        return json_codec.dumps(self)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Parse a report; raises ValueError if it is invalid or has another format."""
        return json_codec.of_format(cls, text, FORMAT)
