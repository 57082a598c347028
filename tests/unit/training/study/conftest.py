from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.naive_bayes import GaussianNB
from threadpoolctl import threadpool_limits

from model.genres import WIDE
from model.schema import CORE, NAMES
from model.store import SHIPPED, BundleStore
from training.calibration import Thresholds
from training.ensemble_training import Plan
from training.evaluation import truth_rows
from training.features import Matrix
from training.identity import fingerprints
from training.split import Side, split
from training.study import core
from training.study.comparison import Setup
from training.study.core import TaskData
from training.study.jobs import Jobs
from training.study.report import write
from training.study.results import Report
from training.study.run import study
from training.study.sizes import Size, load_size
from training.study.songs import SONG_IDS
from training.tasks import TASKS, Task


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Limit numerical libraries to one thread, as in a fit."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def tiny() -> Size:
    """Return a size smaller than the quick one."""
    return replace(
        load_size("quick"),
        artist_share=1.0,
        folds=2,
        search_rows=2000,
        trees=5,
        rounds=3,
        epochs=4,
        check_epochs=2,
        learning_shares=(0.5, 1.0),
    )


@pytest.fixture(scope="session")
def songs() -> pd.DataFrame:
    """Return a dataset of three tables and 13 genres; a genre's songs have similar features."""
    rng = np.random.default_rng(3)
    size, genre = 1500, np.repeat(WIDE, 1500 // len(WIDE) + 1)[:1500]
    centre = {one: rng.random(len(NAMES)) for one in WIDE}
    values = np.array([centre[one] for one in genre]) * 0.55 + rng.random((size, len(NAMES))) * 0.45
    rows = pd.DataFrame(values, columns=list(NAMES))
    rows["tempo"] = 60 + 120 * rows["tempo"]
    rows["loudness"] *= -20
    rows["key"] = rng.integers(0, 12, size)
    rows["mode"] = rng.integers(0, 2, size)
    rows["duration_ms"] = 100_000 + 200_000 * rows["duration_ms"]
    rows["table"] = rng.choice(["fma", "billboard", "playlists"], size)
    rows.loc[rows["table"] == "fma", [name for name in NAMES if name not in CORE]] = np.nan
    rows["artist"] = [
        f"artist {one} {n}" for one, n in zip(genre, rng.integers(0, 25, size), strict=True)
    ]
    rows["title"] = [f"song {number}" for number in range(size)]
    wrong = rng.random(size) < 0.15
    rows["genre"] = np.where(wrong, rng.choice(WIDE, size), genre)
    rows["artist_genre"] = np.where(rng.random(size) < 0.9, genre, "")
    rows["artist_shares"] = pd.Series([{one: 1.0} if one else None for one in rows["artist_genre"]])
    rows["annotator"], rows["label"] = rows["table"], rows["table"] + ": " + rows["genre"]
    rows["upload"], rows["id"], rows["line"] = "", "", 2
    rows["year"] = rng.integers(1950, 2020, size).astype(float)
    rows["raw_labels"] = [("x",)] * size
    rows["recording"] = fingerprints(rows)
    rows["side"] = split(rows)
    return rows


@pytest.fixture(scope="session")
def examples(songs: pd.DataFrame) -> pd.DataFrame:
    """Return rows in place of the three example songs."""
    titles = ["Old Town Road - Remix", "In the End", "Heroes"]
    return songs[songs["table"] == "playlists"].head(3).assign(id=SONG_IDS, title=titles)


@pytest.fixture(scope="session")
def setup(tiny: Size, tmp_path_factory: pytest.TempPathFactory) -> Setup:
    """Return a run that caches its fits in a temporary folder."""
    return Setup(Jobs(tmp_path_factory.mktemp("study"), 1), tiny, seed=0)


@dataclass(frozen=True)
class StandIn:
    """A model in place of ours, which takes less time to fit."""

    bayes: GaussianNB
    genres: int
    ensemble: object
    thresholds: Thresholds

    @classmethod
    def fit(
        cls, rows: pd.DataFrame, task: Task, _plan: Plan, _seed: int, *, labels: str
    ) -> "StandIn":
        assert labels in {"noisy", "hard"}
        known = truth_rows(rows, task, Side.TRAIN)
        truth = [task.genres.index(genre) for genre in known["truth"]]
        bayes = GaussianNB().fit(known[list(CORE)].to_numpy(), truth)
        return cls(bayes, len(task.genres), None, Thresholds(0.75, 0.8))

    def probabilities(self, values: Matrix) -> Matrix:
        found = np.zeros((len(values), self.genres), np.float32)
        found[:, self.bayes.classes_] = self.bayes.predict_proba(values[:, : len(CORE)])
        return found


@pytest.fixture(scope="session")
def report(setup: Setup, songs: pd.DataFrame, examples: pd.DataFrame) -> Report:
    """Return the results of a whole run, with a stand-in for our model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "fit_calibrated", StandIn.fit)
        patch.setattr(core, "to_onnx", lambda _: b"onnx")
        return study(setup, songs, examples, BundleStore(SHIPPED))


@pytest.fixture(scope="session")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the page about the results, with its charts."""
    return write(report, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def three(songs: pd.DataFrame) -> TaskData:
    """Return the songs of the task with three genres."""
    (task,) = (task for task in TASKS if task.name == "study")
    return TaskData.of(songs, task)
