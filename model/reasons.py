"""Reasons for a genre: features that speak for it more than for others, and that a person can hear.

The baseline is the median song of all (`model.percentiles`), the same for every model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.percentiles import LOWER_QUARTILE, UPPER_QUARTILE, share_below
from model.schema import YEAR

MAX_REASONS: Final = 3

COMPARED: Final = 3
"""Number of the most probable genres that a reason must tell apart: as many as a verdict names."""

MIN_WEIGHT: Final = 0.25
"""Smallest weight of a reason: it multiplies the odds by 1.3. Less changes no verdict."""

MARGIN: Final = 1.5
"""A reason's weight must be this multiple of its weight for every other genre compared."""

LOW: Final = LOWER_QUARTILE / 100
HIGH: Final = UPPER_QUARTILE / 100
"""Shares of the songs with a lower value, up to which and from which a value is distinctive.

Between them lies the middle half of all songs, which the chart shows.
"""

SHARES: Final[Mapping[str, tuple[float | None, float | None]]] = {
    "speechiness": (None, HIGH),  # from 0.09, as rap has; songs without speech are usual
    "instrumentalness": (None, HIGH),  # songs with singing are usual
    "liveness": (None, HIGH),  # recordings from a studio are usual
    "valence": (0.1, 0.9),  # listeners agree on a song's mood at its extremes only
    "tempo": (0.2, 0.7),  # up to 94 BPM, from 135: what lies between is neither slow nor fast
    "loudness": (0.1, 0.9),  # within it, the year's custom of mastering says more than the music
    "key": (None, None),  # the pitch of a song's key says nothing of its genre
    "mode": (LOW, None),  # most songs are in major
    "duration_ms": (0.15, 0.85),  # up to 2:42, from 5:06
}
"""The same shares of single features; None stands for a side on which a value never is."""

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    # Probabilities that a recording is instrumental, and live; Spotify's documentation says from
    # which they mean that (https://developer.spotify.com/documentation/web-api/reference/get-audio-features).
    "instrumentalness": (0.5, 1.0),
    "liveness": (0.8, 1.0),
    "tempo": (0.0, 175.0),  # above it, it is often twice the tempo that people tap
}
"""Values of a feature that can be distinctive; any, if it is not listed."""

SUPPORTING: Final = frozenset({"tempo", "loudness", "mode", "duration_ms", "valence", "year"})
"""Features that are no reasons by themselves: every genre has fast, loud, sad and old songs."""

ERA: Final = 20
"""Years between a song and the typical one from which its year is distinctive."""

Array = npt.NDArray[np.float64]
Classify = Callable[[Sequence[Mapping[str, float]]], npt.NDArray[np.float32]]
"""Returns the probabilities of songs, [songs, genres]."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Contribution of one feature to a genre's log-odds.

    Attributes:
        feature: Name of the feature.
        value: The song's value, in the feature's unit.
        typical: The median over all songs, in the feature's unit.
        weight: Change in the log-odds of the genre that the feature contributes.
    """

    feature: str
    value: float
    typical: float
    weight: float

    @property
    def is_distinctive(self) -> bool:
        """Whether the value is one that a person notices: few songs have one as low or as high."""
        if self.feature == YEAR.name:
            return abs(self.value - self.typical) >= ERA
        least, most = RANGES.get(self.feature, (self.value, self.value))
        if not least <= self.value <= most:
            return False
        low, high = SHARES.get(self.feature, (LOW, HIGH))
        share = share_below(self.feature, self.value)
        return (low is not None and share <= low) or (high is not None and share >= high)


def explain(
    classify: Classify,
    values: Mapping[str, float],
    typical: Mapping[str, float],
    genres: Sequence[int],
) -> tuple[Reason, ...]:
    """Return the features that speak most for a genre, at most `MAX_REASONS`, strongest first.

    A feature is left out if its value is not distinctive, if its weight is small, or if it speaks
    about as much for another of the genres compared. There are none if all are `SUPPORTING`.

    Args:
        classify: The model.
        values: Features of the song.
        typical: Features of the median song that the song has, too.
        genres: Columns of the genre and, after it, of those that the reasons tell it from.
    """
    names = list(typical)
    weights = _weights(classify, values, typical)
    own, rivals = weights[:, genres[0]], weights[:, genres[1:]]
    needed = np.maximum(MIN_WEIGHT, MARGIN * rivals.max(axis=1, initial=0))
    reasons = [
        Reason(names[index], values[names[index]], typical[names[index]], float(own[index]))
        for index in np.argsort(-own, kind="stable")
        if own[index] >= needed[index]
    ]
    found = tuple(reason for reason in reasons if reason.is_distinctive)[:MAX_REASONS]
    return () if SUPPORTING.issuperset(reason.feature for reason in found) else found


def _weights(
    classify: Classify, values: Mapping[str, float], typical: Mapping[str, float]
) -> Array:
    """Return each feature's weights, [features, genres].

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
    weights: Array = (removed + inserted) / 2
    return weights


def _log_odds(probabilities: npt.NDArray[np.float32]) -> Array:
    clipped = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: Array = np.log(clipped / (1 - clipped))
    return odds
