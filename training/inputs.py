"""Preprocessing of features for the networks.

The inputs are the standardised features, logarithms of the features whose values concentrate near 0
(speechiness, acousticness, instrumentalness, liveness) or near 1 (energy), a one-hot encoding of
the key, and one flag for each missing feature. Missing values are replaced by the mean.
`training.export` builds the same computation in ONNX.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.schema import INPUT_NAMES
from training.features import Matrix

PITCHES: Final = 12
LIMIT: Final = 6.0
"""Standardised inputs are clipped to this many standard deviations."""


@dataclass(frozen=True, slots=True)
class Log:
    """The input log(max(slope * value + offset, FLOOR))."""

    feature: str
    slope: float
    offset: float


LINEAR: Final = tuple(name for name in INPUT_NAMES if name not in ("key", "duration_ms"))
LOGS: Final = (
    Log("energy", -1.0, 1.03),
    Log("speechiness", 1.0, 0.02),
    Log("acousticness", 1.0, 0.003),
    Log("instrumentalness", 1.0, 1e-4),
    Log("liveness", 1.0, 0.02),
    Log("duration_ms", 1e-5, 0.0),
)
FLOOR: Final = 1e-5
"""Lower bound of the argument of logarithms."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and standard deviation of each input, without flags and pitches; float32 [inputs]."""

    mean: Matrix
    spread: Matrix

    @classmethod
    def of(cls, values: Matrix) -> "Scaling":
        """Fit the scaling on `values`, [rows, features]; an input without values gets (0, 1)."""
        raw = _raw(values).astype(np.float64)
        known = ~np.isnan(raw)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, raw, 0).sum(axis=0) / count
        spread = np.sqrt(np.where(known, (raw - mean) ** 2, 0).sum(axis=0) / count)
        return cls(mean.astype(np.float32), np.where(spread > 0, spread, 1).astype(np.float32))

    def inputs(self, values: Matrix) -> Matrix:
        """Return the inputs, [rows, inputs], of `values`, [rows, features] in schema order."""
        scaled = np.clip((_raw(values) - self.mean) / self.spread, -LIMIT, LIMIT)
        pitches = values[:, [INPUT_NAMES.index("key")]] == np.arange(PITCHES, dtype=np.float32)
        missing = np.isnan(values)
        return np.hstack([np.nan_to_num(scaled, nan=0.0), pitches, missing]).astype(np.float32)


def _raw(values: Matrix) -> Matrix:
    linear = values[:, [INPUT_NAMES.index(name) for name in LINEAR]]
    slopes = np.array([log.slope for log in LOGS], dtype=np.float32)
    offsets = np.array([log.offset for log in LOGS], dtype=np.float32)
    shifted = values[:, [INPUT_NAMES.index(log.feature) for log in LOGS]] * slopes + offsets
    return np.hstack([linear, np.log(np.maximum(shifted, np.float32(FLOOR)))])
