"""Reasons for a genre: the features that speak for it, such that a person can check them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.schema import looks_equal

MAX_REASONS: Final = 3

UNCHECKABLE: Final = frozenset({"key"})
"""Features that are no reasons: that a song is in F sharp tells a person nothing of its genre."""

Array = npt.NDArray[np.float64]
Classify = Callable[[Sequence[Mapping[str, float]]], npt.NDArray[np.float32]]
"""Returns the probabilities of songs, [songs, genres]."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Contribution of one feature to a genre's log-odds.

    Attributes:
        feature: Name of the feature.
        value: The song's value, in the feature's unit.
        typical: The median over the training songs, in the feature's unit.
        weight: Change in the log-odds of the genre that the feature contributes.
    """

    feature: str
    value: float
    typical: float
    weight: float


def explain(
    classify: Classify, values: Mapping[str, float], typical: Mapping[str, float], genre: int
) -> tuple[Reason, ...]:
    """Return the features that speak most for a genre, at most `MAX_REASONS`, strongest first.

    A feature is left out if it does not speak for the genre, if it speaks at least as much for the
    most probable other genre, or if its value is too close to the typical one to be heard.

    Args:
        classify: The model.
        values: Features of the song.
        typical: Features of the typical song that the song has, too.
        genre: Column of the genre.
    """
    odds, weights = _weights(classify, values, typical)
    others = np.delete(np.arange(len(odds)), genre)
    own = weights[:, genre]
    rival = weights[:, others[odds[others].argmax()]] if len(others) else np.full(len(own), -np.inf)
    names = list(typical)
    reasons = [
        Reason(names[index], values[names[index]], typical[names[index]], float(own[index]))
        for index in np.argsort(-own, kind="stable")
        if own[index] > max(0, rival[index])
    ]
    return tuple(reason for reason in reasons if _can_be_checked(reason))[:MAX_REASONS]


def _weights(
    classify: Classify, values: Mapping[str, float], typical: Mapping[str, float]
) -> tuple[Array, Array]:
    """Return the song's log-odds, [genres], and each feature's weights, [features, genres].

    A weight is the change in the log-odds that a feature's value causes, averaged over two cases:
    the value inserted into the typical song, and replaced by the typical value in this song. This
    is the Shapley value restricted to the first and last position.
    """
    songs = [values, typical]
    songs += [{**values, name: typical[name]} for name in typical]
    songs += [{**typical, name: values[name]} for name in typical]
    odds = _log_odds(classify(songs))
    removed = odds[0] - odds[2 : 2 + len(typical)]
    inserted = odds[2 + len(typical) :] - odds[1]
    return odds[0], (removed + inserted) / 2


def _can_be_checked(reason: Reason) -> bool:
    return reason.feature not in UNCHECKABLE and not looks_equal(
        reason.feature, reason.value, reason.typical
    )


def _log_odds(probabilities: npt.NDArray[np.float32]) -> Array:
    clipped = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: Array = np.log(clipped / (1 - clipped))
    return odds
