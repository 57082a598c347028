"""Our model: an ensemble, calibrated on held-out artists, under the priors of its bundle."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from model.priors import DEFAULT_PRIOR
from training import priors
from training.calibration import Thresholds, fit_calibration, fit_thresholds, genre_shares
from training.ensemble import Ensemble
from training.ensemble_training import PLANS, Plan, fit_ensemble
from training.evaluation import clear, codes, truth_rows
from training.features import Absence, Matrix, matrix
from training.split import Side, groups, share_of
from training.tables import FEEDBACK
from training.targets import Labels
from training.tasks import Task

VALIDATION_SHARE: Final = 0.12
"""Share of the training side's groups that the ensemble is calibrated on."""


@dataclass(frozen=True, slots=True)
class CalibratedModel:
    """An ensemble with what is fitted on held-out songs: priors and thresholds of the verdicts."""

    ensemble: Ensemble
    shares: dict[str, dict[str, float]]
    thresholds: Thresholds

    def probabilities(self, values: Matrix, prior: str = DEFAULT_PRIOR) -> Matrix:
        """Return probabilities under a prior, [rows, genres], as they are served.

        Args:
            values: [rows, inputs] in schema order, NaN for missing values.
            prior: Name of the prior.
        """
        factor = priors.factors(self.shares, prior, self.ensemble.outputs)
        return priors.with_factors(self.ensemble.probabilities(values), factor)


def fit_calibrated(
    rows: pd.DataFrame,
    task: Task,
    plan: Plan,
    seed: int,
    title: str = "",
    *,
    labels: Labels = "noisy",
) -> CalibratedModel:
    """Fit an ensemble on the larger part of the training side and calibrate it on the smaller part.

    Rows of the test side are not used.

    Args:
        rows: The dataset.
        task: The task.
        plan: Hyperparameters.
        seed: Seed of all random draws.
        title: Title of the progress bar; "" for no bar.
        labels: Whether labels are noisy observations or the truth.
    """
    train = rows[rows["side"] == Side.TRAIN]
    held_out = is_calibration_row(train)
    ensemble = fit_ensemble(train[~held_out], task, plan, seed, title, labels=labels)
    calibrating = truth_rows(train[held_out & (train["table"] != FEEDBACK)], task, Side.TRAIN)
    if task.uses_artists(train):
        calibrating = calibrating[clear(calibrating)]
    return _calibrated(ensemble, calibrating, rows, task, seed)


def is_calibration_row(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row of the training side whether it is for calibration, not for fitting."""
    return groups(rows).map(lambda group: share_of(group, "validation")) < VALIDATION_SHARE


def _calibrated(
    ensemble: Ensemble, held_out: pd.DataFrame, rows: pd.DataFrame, task: Task, seed: int
) -> CalibratedModel:
    """Calibrate on held-out rows with randomly hidden features; missing values are not filled."""
    values = matrix(held_out)
    hidden = Absence(values).hide(values, np.random.default_rng(seed))
    truth = codes(held_out, task.genres)
    correction = PLANS[task.name].prior_correction
    calibration = fit_calibration(ensemble.raw_probabilities(hidden), truth, correction)
    shares = priors.priors(rows, task, genre_shares(truth, len(task.genres)))
    model = CalibratedModel(replace(ensemble, calibration=calibration), shares, Thresholds(1, 1))
    thresholds = fit_thresholds(model.probabilities(hidden), truth)
    return replace(model, thresholds=thresholds)
