"""Audio features as normal scores, and how songs and styles are spread in them.

A normal score is the standard normal quantile at the share of all songs with a lower value
(`model.percentiles`; B. L. van der Waerden, 1952), so that features of any unit and skew are
comparable. The key is left out: its pitches are in no order.

`song_space.json` holds mean and covariance of all songs, and the covariances within and between
styles; `python -m training few-shot` writes it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.percentiles import share_below
from model.schema import NAMES

SONG_SPACE: Final = Path(__file__).with_name("song_space.json")

SCORED: Final = tuple(name for name in NAMES if name != "key")
"""Features that have a normal score, in the order of all vectors and matrices."""

EDGE: Final = 0.005
"""Shares are clipped to [EDGE, 1 - EDGE], so that scores are finite: between -2.6 and 2.6."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SongSpace:
    """Spread of songs in normal scores.

    Attributes:
        mean: Mean of all songs, [features].
        total: Covariance of all songs, [features, features].
        within: Covariance of the songs of one style.
        between: Covariance of the styles' means.
        slope: Slope from a label's log-likelihood ratio to log-odds, as measured.
    """

    mean: Array
    total: Array
    within: Array
    between: Array
    slope: float


def normal_scores(songs: Iterable[Mapping[str, float]]) -> Array:
    """Return the normal scores of songs, [songs, features]; NaN for features that one has not.

    A song is its audio features by name, in their units.
    """
    rows = [
        [_score(name, song[name]) if name in song else np.nan for name in SCORED] for song in songs
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(SCORED))


@cache
def song_space() -> SongSpace:
    """Return the content of the file; raise ValueError if it is malformed."""
    content = json.loads(SONG_SPACE.read_text(encoding="utf-8"))
    return read(content)


def read(content: Mapping[str, Any]) -> SongSpace:
    """Return the content of a file; raise ValueError if it is malformed."""
    size = len(SCORED)
    if content["features"] != list(SCORED):
        raise ValueError(f"{SONG_SPACE.name} must be about the features {', '.join(SCORED)}")
    mean = np.array(content["mean"], dtype=np.float64)
    names = ("total", "within", "between")
    total, within, between = (np.array(content[name], dtype=np.float64) for name in names)
    if mean.shape != (size,) or any(one.shape != (size, size) for one in (total, within, between)):
        raise ValueError(f"{SONG_SPACE.name} must have {size} rows and columns")
    for matrix in (total, within, between):
        np.linalg.cholesky(matrix)  # raises LinAlgError, a ValueError, unless positive definite
    return SongSpace(mean, total, within, between, float(content["slope"]))


def _score(name: str, value: float) -> float:
    share = min(max(share_below(name, value), EDGE), 1 - EDGE)
    return NormalDist().inv_cdf(share)
