"""Feature matrices, and random absences that make missing values uninformative.

Each table lacks different features, so a model that sees which values are missing would learn to
recognise the table. Training rows are therefore made in two steps: every missing value is filled
with a random draw from all rows that have it; then groups of features are hidden at random, in the
patterns in which sources of features lack them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.metrics import FeaturePattern
from model.schema import CORE, EXTRA, MINIMUM_CORE, NAMES

Matrix = npt.NDArray[np.float32]

PATTERNS: Final[Mapping[FeaturePattern, tuple[str, ...]]] = {
    FeaturePattern.ALL: (),
    FeaturePattern.NO_DURATION: ("duration_ms",),
    FeaturePattern.NO_KEY_MODE: ("key", "mode"),
    FeaturePattern.NO_KEY_MODE_DURATION: ("key", "mode", "duration_ms"),
    FeaturePattern.CORE: EXTRA,
}
"""Features that are missing in each pattern."""

PATTERN_NAMES: Final[Mapping[FeaturePattern, str]] = {
    FeaturePattern.ALL: "all",
    FeaturePattern.NO_DURATION: "no duration",
    FeaturePattern.NO_KEY_MODE: "no key and mode",
    FeaturePattern.NO_KEY_MODE_DURATION: "no key, mode and duration",
    FeaturePattern.CORE: "core only",
}
"""Names of the patterns in reports."""

PATTERN_SHARES: Final = (0.30, 0.15, 0.10, 0.10, 0.35)
"""Probability of each of `PATTERNS` in training."""

CORE_HIDDEN_SHARE: Final = 0.15
"""Share of training rows in which core features are hidden too, down to `MINIMUM_CORE`."""


def matrix(rows: pd.DataFrame) -> Matrix:
    """Return the features of `rows`: float32 [rows, features] in schema order, NaN if missing."""
    return rows[list(NAMES)].to_numpy(dtype=np.float32)


def without(values: Matrix, features: tuple[str, ...]) -> Matrix:
    """Return a copy of `values` in which `features` are missing."""
    hidden = values.copy()
    hidden[:, [NAMES.index(name) for name in features]] = np.nan
    return hidden


@dataclass(frozen=True, slots=True)
class Absence:
    """Random absences of features.

    Attributes:
        pool: Values to draw from, [rows, features], NaN if missing.
    """

    pool: Matrix

    def sample(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Return `values` filled and then hidden at random."""
        return self.hide(self.fill(values, rng), rng)

    def fill(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Replace each missing value by that of a random row of the pool.

        A feature without values in the pool stays missing.
        """
        filled = values.copy()
        for column in range(values.shape[1]):
            known = self.pool[~np.isnan(self.pool[:, column]), column]
            missing = np.isnan(values[:, column])
            if known.size:
                filled[missing, column] = rng.choice(known, int(missing.sum()))
        return filled

    def hide(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Hide a random pattern of features in each row, and some core features in some rows."""
        masks = np.array([[name in hidden for name in NAMES] for hidden in PATTERNS.values()])
        mask = masks[rng.choice(len(masks), len(values), p=PATTERN_SHARES)]
        max_hidden = len(CORE) - MINIMUM_CORE
        hides = rng.random(len(values)) < CORE_HIDDEN_SHARE
        count = np.where(hides, rng.integers(1, max_hidden + 1, len(values)), 0)
        rank = rng.random((len(values), len(CORE))).argsort(axis=1).argsort(axis=1)
        mask[:, : len(CORE)] |= rank < count[:, None]
        return np.where(mask, np.float32(np.nan), values)
