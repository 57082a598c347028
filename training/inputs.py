"""What the network sees of the features: scaled values, logarithms, the key's twelve pitches.

Values that crowd near zero (speechiness, acousticness, instrumentalness, liveness) or near one
(energy) are given once as they are and once by their logarithm. An absent value becomes the mean,
and a flag of its own says so. `export` builds the same in ONNX.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.schema import NAMES
from training.features import Matrix

PITCHES: Final = 12
LIMIT: Final = 6.0
"""Scaled inputs beyond this many standard deviations are cut."""


@dataclass(frozen=True, slots=True)
class Log:
    """The input log(slope * value + offset), the sum no less than FLOOR."""

    feature: str
    slope: float
    offset: float


PLAIN: Final = tuple(name for name in NAMES if name not in ("key", "duration_ms"))
LOGS: Final = (
    Log("energy", -1.0, 1.03),
    Log("speechiness", 1.0, 0.02),
    Log("acousticness", 1.0, 0.003),
    Log("instrumentalness", 1.0, 1e-4),
    Log("liveness", 1.0, 0.02),
    Log("duration_ms", 1e-5, 0.0),
)
FLOOR: Final = 1e-5
"""Logarithms are taken of nothing smaller."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and spread of each input before flags and pitches are added."""

    mean: Matrix
    spread: Matrix

    @classmethod
    def of(cls, values: Matrix) -> "Scaling":
        """Measure it on feature rows; an input that no row has gets mean 0, spread 1."""
        raw = _raw(values).astype(np.float64)
        known = ~np.isnan(raw)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, raw, 0).sum(axis=0) / count
        spread = np.sqrt(np.where(known, (raw - mean) ** 2, 0).sum(axis=0) / count)
        return cls(mean.astype(np.float32), np.where(spread > 0, spread, 1).astype(np.float32))

    def inputs(self, values: Matrix) -> Matrix:
        """Return [rows, inputs] for feature rows [rows, features] in schema order."""
        scaled = np.clip((_raw(values) - self.mean) / self.spread, -LIMIT, LIMIT)
        pitches = values[:, [NAMES.index("key")]] == np.arange(PITCHES, dtype=np.float32)
        absent = np.isnan(values)
        return np.hstack([np.nan_to_num(scaled, nan=0.0), pitches, absent]).astype(np.float32)


def _raw(values: Matrix) -> Matrix:
    plain = values[:, [NAMES.index(name) for name in PLAIN]]
    slopes = np.array([log.slope for log in LOGS], dtype=np.float32)
    offsets = np.array([log.offset for log in LOGS], dtype=np.float32)
    shifted = values[:, [NAMES.index(log.feature) for log in LOGS]] * slopes + offsets
    return np.hstack([plain, np.log(np.maximum(shifted, np.float32(FLOOR)))])
