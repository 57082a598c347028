"""Results of the study: the content of `report.json`, which `training.study.report` shows.

Shares and probabilities are from 0 to 1; arrays by genre are in the order of the task's genres.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from model.metrics import Figures
from model.verdicts import Verdict, VerdictFigures
from training.study.sizes import Size

FORMAT: Final = 6
DIGITS: Final = 4

Number = Annotated[float, AfterValidator(lambda value: round(value, DIGITS))]
Rows = tuple[tuple[Number, ...], ...]
Curve = tuple[tuple[Number, Number], ...]
Shares = dict[str, Number]
"""Shares or probabilities by genre."""

Finding = Literal["confirmed", "partly confirmed", "contradicted"]


class Result(BaseModel):
    """Base of all results."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Claim(Result):
    """A finding of the original study, the rule it is tested by, and the outcome."""

    claim: str
    rule: str
    evidence: tuple[str, ...]
    verdict: Finding


class Spread(Result):
    """Mean, standard deviation and quartiles of a feature in a genre."""

    feature: str
    genre: str
    mean: Number
    deviation: Number
    quartiles: tuple[Number, ...]


class Overlap(Result):
    """Overlap of two genres, and the feature that separates them best.

    `auc` is the probability that a song of `first` has a higher value of `feature`.
    """

    first: str
    second: str
    overlap: Number
    feature: str
    auc: Number


class Exploration(Result):
    """The training songs of a task.

    `separation` holds for [genre][feature] the probability that a song of the genre has a higher
    value than one of another genre; `correlation` holds Spearman's rank correlations.
    """

    genres: tuple[str, ...]
    songs: dict[str, int]
    features: tuple[str, ...]
    spreads: tuple[Spread, ...]
    separation: Rows
    correlation: Rows
    overlaps: tuple[Overlap, ...]
    claims: tuple[Claim, ...]


class ModelResult(Result):
    """One model of a task; figures are on the core features unless said otherwise.

    `group` is "study" for the original nine; `rows` counts training rows. `fold` is the mean
    weighted F1 on the folds with its standard error, `train` is that on training songs, `error` is
    the standard error by artist of the test's, and `gap_error` that of its difference to the best
    model on the test songs. `with_all` is measured with all features that a song has, `resampled`
    after rows of rare genres were repeated; scores are probabilities if `calibrated`. `roc` has
    points (false positive rate, true positive rate) by genre, `confusion` numbers of test songs,
    [true genre][predicted genre]. `seconds` are those of search, fits and predictions; `row_ms` is
    the time of one song.
    """

    key: str
    name: str
    group: Literal["study", "challenger", "ours"]
    note: str
    rows: int
    settings: dict[str, Any]
    fold: Number
    fold_error: Number
    train: Number
    test: Figures
    error: Number
    gap_error: Number = 0
    with_all: Figures | None
    resampled: Figures | None
    calibrated: bool
    roc: dict[str, Curve]
    confusion: tuple[tuple[int, ...], ...]
    bytes: int
    seconds: Number
    row_ms: Number


class Mistake(Result):
    """A test song whose most probable genre is wrong."""

    artist: str
    title: str
    truth: str
    predicted: str
    probability: Number
    probability_of_truth: Number


class TaskResult(Result):
    """Results of one task: "study" (3 genres) or "wide" (13).

    `best` and `best_of_study` are the keys of the models with the highest weighted F1 on the folds,
    among all and among the original nine. What follows them is of our model, else of the best;
    `reliability` holds (number of songs, mean probability, share right).
    """

    name: str
    genres: tuple[str, ...]
    tables: tuple[str, ...]
    train_rows: dict[str, int]
    test_rows: dict[str, int]
    test_artists: int
    models: tuple[ModelResult, ...]
    best: str
    best_of_study: str
    reliability: tuple[tuple[int, Number, Number], ...]
    mistakes: tuple[Mistake, ...]

    def find(self, key: str) -> ModelResult | None:
        """Return the model with this key; None if it was not run."""
        return next((model for model in self.models if model.key == key), None)


class Agreement(Result):
    """Share of the recordings in both tables (same artist and title) with the same genre."""

    first: str
    second: str
    recordings: int
    share: Number


class LabelMeaning(Result):
    """The genres of the artists of a table's songs with a label, which is read as `genre`.

    `table` is the table, with the name of its collection if it has some.
    """

    table: str
    label: str
    genre: str
    songs: int
    shares: Shares


class Condition(Result):
    """Figures of a model (`forest`, `boosting` or `ours`) under a condition of an experiment.

    `gap_error` is the standard error by artist of the difference to the last condition before it on
    the same songs, of the same model if there is one; 0 if there is none.
    """

    task: str
    model: str
    condition: str
    tested_on: str = ""
    rows: int
    figures: Figures
    error: Number = 0
    gap_error: Number = 0

    @property
    def f1(self) -> float:
        """The weighted F1."""
        return self.figures.weighted_f1


class Song(Result):
    """A held-out song, its features, and the predictions by task and name of the model.

    `verdict` is that of the shipped wide model, None without one; `reasons` are the features that
    speak most for its first genre.
    """

    id: str
    artist: str
    title: str
    genre: str
    features: Shares
    predictions: dict[str, dict[str, Shares]]
    verdict: Verdict | None = None
    reasons: tuple[str, ...] = ()


class Source(Result):
    """A table of the dataset; `newest_year` is that of its songs, None if it has no years."""

    name: str
    rows: int
    labelled: int
    licence: str
    source: str
    newest_year: int | None = None


class Run(Result):
    """Circumstances of a run; the figures of a `quick` run are no results."""

    quick: bool
    seed: int
    minutes: Number
    date: str
    libraries: dict[str, str]
    size: Size


class Report(Result):
    """All results; what was not run is missing or empty.

    `verdicts` holds the figures of the verdicts by shipped model, as its fit measured them.
    """

    format: Literal[6] = FORMAT
    run: Run
    sources: tuple[Source, ...]
    typical: dict[str, Shares]
    explorations: dict[str, Exploration]
    tasks: tuple[TaskResult, ...]
    verdicts: dict[str, dict[str, VerdictFigures]] = {}
    agreements: tuple[Agreement, ...] = ()
    meanings: tuple[LabelMeaning, ...] = ()
    checks: dict[str, tuple[Condition, ...]] = {}
    songs: tuple[Song, ...] = ()

    def task(self, name: str) -> TaskResult | None:
        """Return the results of a task; None if it was not run."""
        return next((task for task in self.tasks if task.name == name), None)
