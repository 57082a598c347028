"""Priors of the genres, for the bundles: how frequent each is among songs of a kind."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.priors import CALIBRATED_PRIOR, DEFAULT_PRIOR, Prior
from training.features import Matrix
from training.tasks import Task

POPULAR_TABLES: Final = ("billboard", "classic_hits", "playlists")
"""Tables of popular songs, whose genres are the default prior."""

TEMPER: Final = 0.15
"""Exponent of the ratio of two priors; low, as chats also share songs that are no hits."""

EVEN: Final = "even"
DIGITS: Final = 4


def priors(
    rows: pd.DataFrame, task: Task, calibrated: npt.NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """Return the priors of a task: of the tables' songs, of popular songs, and an even one.

    `rows` are the training side of the dataset; `calibrated` is the share of each genre among the
    songs that the model is calibrated on.
    """
    truth = task.truth(rows)[rows["table"].isin(POPULAR_TABLES) & ~rows["recording"].duplicated()]
    count = np.array([(truth == genre).sum() for genre in task.genres], np.float64) + 1
    shares = {
        CALIBRATED_PRIOR: calibrated,
        DEFAULT_PRIOR: count / count.sum(),
        EVEN: np.full(len(task.genres), 1 / len(task.genres)),
    }
    return {
        name: {
            genre: round(float(share), DIGITS)
            for genre, share in zip(task.genres, values, strict=True)
        }
        for name, values in shares.items()
    }


def factors(shares: Mapping[str, Mapping[str, float]], name: str, genres: Sequence[str]) -> Matrix:
    """Return what the probability of each genre is multiplied by under a prior, [genres]."""
    calibrated = Prior(CALIBRATED_PRIOR, shares[CALIBRATED_PRIOR])
    prior = Prior(name, shares[name])
    return np.array(prior.factors(calibrated, TEMPER, genres), np.float32)


def with_factors(probabilities: Matrix, factor: Matrix) -> Matrix:
    """Return probabilities [rows, genres] multiplied by the factors and normalised."""
    product = probabilities * factor
    normalised: Matrix = product / product.sum(axis=1, keepdims=True)
    return normalised
