"""Our model: an ensemble, calibrated on held-out artists, under the priors of its bundle."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from model.priors import DEFAULT_PRIOR
from training import priors
from training.calibration import Thresholds, fit_calibration, fit_thresholds, genre_shares
from training.ensemble import Ensemble
from training.ensemble_training import Plan, fit_ensemble
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
        """Return probabilities under a named prior, [rows, genres], as they are served.

        `values` are [rows, inputs] in schema order, NaN if missing.
        """
        probabilities = self.ensemble.probabilities(values)
        if not self.shares:
            return probabilities
        factor = priors.factors(self.shares, prior, self.ensemble.outputs)
        return priors.with_factors(probabilities, factor)


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

    Rows of the test side are not used. Without a `title` there is no progress bar.
    """
    train = rows[rows["side"] == Side.TRAIN]
    held_out = is_calibration_row(train)
    copied = train["recording"].isin(set(train.loc[held_out, "recording"]))
    ensemble = fit_ensemble(train[~copied], task, plan, seed, title, labels=labels)
    calibrating = truth_rows(train[held_out & (train["table"] != FEEDBACK)], task, Side.TRAIN)
    correction = plan.prior_correction
    return _calibrated(ensemble, calibrating, train, task, correction=correction, seed=seed)


def is_calibration_row(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row of the training side whether it is for calibration, not for fitting."""
    return groups(rows).map(lambda group: share_of(group, "validation")) < VALIDATION_SHARE


def _calibrated(
    ensemble: Ensemble,
    held_out: pd.DataFrame,
    train: pd.DataFrame,
    task: Task,
    *,
    correction: float,
    seed: int,
) -> CalibratedModel:
    """Calibrate on held-out rows with randomly hidden features; missing values are not filled.

    The shares of the genres are those of all rows, and the rest is fitted where the sources agree
    clearly, as an artist's true genre is doubtful elsewhere.
    """
    shares = genre_shares(codes(held_out["truth"], task.genres), len(task.genres))
    by_artist = task.uses_artists(train)
    known = held_out[clear(held_out)] if by_artist else held_out
    values = matrix(known)
    hidden = Absence.hide(values, np.random.default_rng(seed))
    truth = codes(known["truth"], task.genres)
    calibration = fit_calibration(ensemble.raw_probabilities(hidden), truth, shares, correction)
    named = priors.priors(train, task, shares) if by_artist else {}
    model = CalibratedModel(replace(ensemble, calibration=calibration), named, Thresholds(1, 1))
    thresholds = fit_thresholds(model.probabilities(hidden), truth)
    return replace(model, thresholds=thresholds)
