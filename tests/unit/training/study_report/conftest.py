import pandas as pd
import pytest

from model.metrics import Figures, Slice
from model.schema import CORE
from training import tables
from training.study.exploration import Exploration, explore
from training.study.metrics import Bin, Roc, Timing
from training.study.results import (
    FORMAT,
    Fold,
    Method,
    Mistake,
    ModelReport,
    Report,
    Resampled,
    Run,
    Song,
    SongPrediction,
    Source,
    TaskReport,
)
from training.study.robustness.results import (
    AbsenceResult,
    Agreement,
    ConditionResult,
    LabelRuleResult,
    LearningPoint,
    Robustness,
    TableLeftOut,
)
from training.tasks import TASKS, Task

GENRES = ("rock", "hip-hop", "electronic")


class Values:
    """Generates distinct figures, so that each can be searched for in the page."""

    def __init__(self) -> None:
        self._made = 0

    def share(self) -> float:
        """Return the next number from 0.100 to 0.999; 389 and 900 are coprime."""
        self._made += 1
        return round(0.1 + self._made * 389 % 900 / 1000, 3)

    def figures(self, genres: tuple[str, ...]) -> Figures:
        """Return the next figures."""
        return Figures(
            rows=1000 + self._made,
            weighted_f1=self.share(),
            macro_f1=self.share(),
            accuracy=self.share(),
            top_2=self.share(),
            top_3=self.share(),
            mean_auc=self.share(),
            auc={genre: self.share() for genre in genres},
            calibration_error=self.share(),
        )


def model(values: Values, genres: tuple[str, ...], key: str, kind: str) -> ModelReport:
    steps = tuple(step / 10 for step in range(11))
    return ModelReport(
        name=f"{key}, grid-searched",
        key=key,
        kind=kind,
        note=f"What is particular about {key}.",
        rows=8000,
        features=8,
        grid={"max_depth": (None, 8), "rate": (0.05, 0.1)},
        settings={"max_depth": 8, "rate": 0.05},
        fold=Fold(values.share(), 0.0123, 5),
        train=values.figures(genres),
        test=values.figures(genres),
        slices={
            Slice.ARTIST_NAMED: values.figures(genres),
            Slice.NO_ARTIST_NAMED: values.figures(genres),
        },
        with_extras=values.figures(genres),
        agreed=values.figures(genres),
        agreed_with_extras=values.figures(genres),
        resampled=Resampled(
            {"max_depth": None},
            Fold(values.share(), 0.0234, 5),
            values.figures(genres),
            values.figures(genres),
        ),
        roc={
            genre: Roc(steps, tuple(step ** values.share() for step in steps)) for genre in genres
        },
        confusion=tuple(tuple(60 if i == j else 20 for j in genres) for i in genres),
        reliability=tuple(
            Bin(p - 0.05, p + 0.05, 100, p, p**1.2) for p in (0.35, 0.55, 0.75, 0.95)
        ),
        bytes=1_234_567,
        timing=Timing(12.3, 4.56, 0.0789),
    )


def task_report(values: Values, task: Task) -> TaskReport:
    keys = {"forest": "study", "boosting": "challenger", "ensemble": "shipped"}
    return TaskReport(
        name=task.name,
        genres=task.genres,
        features=CORE,
        tables=task.tables,
        train_rows=dict.fromkeys(task.genres, 4321),
        test_rows=dict.fromkeys(task.genres, 765),
        models=tuple(model(values, task.genres, key, kind) for key, kind in keys.items()),
        best_of_study="forest",
        best="ensemble",
        mistakes=(
            Mistake("Some Band", "Some Song", "fma", "rock", "hip-hop", 0.97, 0.01),
            Mistake("", "", "music_genre", "hip-hop", "rock", 0.91, 0.02),
        ),
    )


def absence_results(values: Values) -> tuple[AbsenceResult, ...]:
    return tuple(
        AbsenceResult(pattern, hidden, unmodified, *(values.figures(GENRES) for _ in range(3)))
        for pattern, hidden, unmodified in (
            ("all", (), False),
            ("no key and mode", ("key", "mode"), False),
            ("unmodified", (), True),
        )
    )


def robustness_results(values: Values) -> Robustness:
    def figures() -> Figures:
        return values.figures(GENRES)

    return Robustness(
        splits=tuple(
            ConditionResult(task.name, key, condition, figures())
            for task in TASKS
            for key in ("forest", "ensemble")
            for condition in ("by artist", "random split")
        ),
        tables=tuple(
            TableLeftOut(name, GENRES, figures(), figures(), figures()) for name in tables.NAMES
        ),
        absence=absence_results(values),
        open_data=tuple(
            ConditionResult("study", "ensemble", condition, figures())
            for condition in ("trained on all", "trained on FMA alone")
        ),
        learning=tuple(
            LearningPoint(task.name, key, share, int(9000 * share), figures(), figures())
            for task in TASKS
            for key in ("forest", "ensemble")
            for share in (0.1, 0.5, 1.0)
        ),
        rules=tuple(
            LabelRuleResult(
                name, f"What {name} does.", chosen, "wide", "forest", 900, figures(), agreed
            )
            for name, chosen, agreed in (
                ("unanimous", True, figures()),
                ("every row", False, None),
            )
        ),
        agreement=(Agreement("playlists", "billboard", 1865, 0.64),),
    )


def song(title: str) -> Song:
    features = dict.fromkeys(CORE, 0.5) | {"tempo": 136.0, "duration_ms": 157_067.0}
    predictions = tuple(
        SongPrediction(task, key, {"rock": 0.62, "hip-hop": 0.27, "electronic": 0.11})
        for task, key in (("study", "forest"), ("wide", "bundle wide 1a2b"))
    )
    return Song("Some Singer", title, "rock", "playlists", features, predictions)


@pytest.fixture(scope="session")
def explorations(made_up: pd.DataFrame) -> tuple[Exploration, ...]:
    """Return the explorations of the synthetic dataset, for both tasks."""
    return tuple(explore(made_up, task.narrowed(made_up, strict=False)) for task in TASKS)


@pytest.fixture
def report(explorations: tuple[Exploration, ...]) -> Report:
    """Return a synthetic report with all parts."""
    values = Values()
    return Report(
        format=FORMAT,
        run=Run(
            quick=False,
            seed=7,
            cluster="",
            minutes=31.4,
            stages={"wide: grids on folds": 754.0},
            libraries={"numpy": "9.8.7"},
        ),
        method=Method(*(f"Sentence on {name}." for name in Method.__dataclass_fields__)),
        sources=tuple(
            Source(table.name, 1234, 1200, table.licence, table.source) for table in tables.TABLES
        ),
        exploration=explorations,
        tasks=tuple(task_report(values, task) for task in TASKS[::-1]),
        robustness=robustness_results(values),
        songs=tuple(song(title) for title in ("Old Town Road", "In the End", "Heroes")),
    )
