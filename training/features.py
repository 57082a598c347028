"""Feature matrices, and random absences that make missing values uninformative.

Each table lacks different features, so a model that sees which values are missing would learn to
recognise the table. Training rows are therefore made in two steps: every missing value is filled
with a random draw from all rows that have it; then groups of features are hidden at random, in the
patterns in which sources of features lack them.

The year is treated in the same way, but drawn from rows of the same genre, and made later in some
rows, because the tables often have the year of a reissue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.metrics import FeaturePattern
from model.schema import CORE, EXTRA, INPUT_NAMES, MINIMUM_CORE

Matrix = npt.NDArray[np.float32]

PATTERNS: Final[Mapping[FeaturePattern, tuple[str, ...]]] = {
    FeaturePattern.WITH_YEAR: (),
    FeaturePattern.LATE_YEAR: (),
    FeaturePattern.ALL: ("year",),
    FeaturePattern.NO_DURATION: ("duration_ms", "year"),
    FeaturePattern.NO_KEY_MODE: ("key", "mode", "year"),
    FeaturePattern.NO_KEY_MODE_DURATION: ("key", "mode", "duration_ms", "year"),
    FeaturePattern.CORE: (*EXTRA, "year"),
}
"""Inputs that are missing in each pattern."""

HIDDEN_IN_TRAINING: Final[tuple[tuple[tuple[str, ...], float], ...]] = (
    ((), 0.30),
    (("duration_ms",), 0.15),
    (("key", "mode"), 0.10),
    (("key", "mode", "duration_ms"), 0.10),
    (EXTRA, 0.35),
)
"""Audio features that are hidden in training, and the probability of each set."""

CORE_HIDDEN_SHARE: Final = 0.15
"""Share of training rows in which core features are hidden too, down to `MINIMUM_CORE`."""

YEAR_HIDDEN_SHARE: Final = 0.4
YEAR_LATE_SHARE: Final = 0.15
"""Shares of training rows in which the year is hidden, and in which it is made later."""

YEAR_COLUMN: Final = INPUT_NAMES.index("year")


def matrix(rows: pd.DataFrame) -> Matrix:
    """Return the inputs of `rows`: float32 [rows, inputs] in schema order, NaN if missing."""
    return rows[list(INPUT_NAMES)].to_numpy(dtype=np.float32)


def without(values: Matrix, features: tuple[str, ...]) -> Matrix:
    """Return a copy of `values` in which `features` are missing."""
    hidden = values.copy()
    hidden[:, [INPUT_NAMES.index(name) for name in features]] = np.nan
    return hidden


def with_late_years(values: Matrix, share: float, rng: np.random.Generator) -> Matrix:
    """Return a copy in which a share of the years is later, by up to the newest year of all."""
    years = values[:, YEAR_COLUMN]
    late = (rng.random(len(years)) < share) & ~np.isnan(years)
    changed = values.copy()
    if late.any():
        span = np.nanmax(years) - years[late]
        changed[late, YEAR_COLUMN] = np.round(years[late] + rng.random(late.sum()) * span)
    return changed


@dataclass(frozen=True, slots=True)
class Absence:
    """Random absences of features; values are drawn from `pool`, [rows, inputs], NaN if missing.

    `likely` is the index of the most likely genre of each row of the pool, [rows], if known. The
    years of rows are then drawn from rows of the same genre, as three tables have no year at all,
    and draws from all rows would teach that the year tells little.
    """

    pool: Matrix
    likely: npt.NDArray[np.intp] | None = None

    def sample(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Return `values` filled and then hidden at random, some with a later year."""
        return self.hide(with_late_years(self.fill(values, rng), YEAR_LATE_SHARE, rng), rng)

    def fill(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Replace each missing value by that of a random row of the pool.

        A feature without values in the pool stays missing. With `likely`, `values` must be the rows
        of the pool.
        """
        filled = values.copy()
        for column in range(values.shape[1]):
            if column == YEAR_COLUMN and self.likely is not None:
                for genre in np.unique(self.likely):
                    own = self.likely == genre
                    filled[own, column] = _drawn(values[own, column], self.pool[own, column], rng)
            else:
                filled[:, column] = _drawn(values[:, column], self.pool[:, column], rng)
        return filled

    @staticmethod
    def hide(values: Matrix, rng: np.random.Generator) -> Matrix:
        """Hide random features in each row, some core features and some years."""
        sets, shares = zip(*HIDDEN_IN_TRAINING, strict=True)
        masks = np.array([[name in hidden for name in INPUT_NAMES] for hidden in sets])
        mask = masks[rng.choice(len(masks), len(values), p=shares)]
        mask[:, YEAR_COLUMN] |= rng.random(len(values)) < YEAR_HIDDEN_SHARE
        max_hidden = len(CORE) - MINIMUM_CORE
        hides = rng.random(len(values)) < CORE_HIDDEN_SHARE
        count = np.where(hides, rng.integers(1, max_hidden + 1, len(values)), 0)
        rank = rng.random((len(values), len(CORE))).argsort(axis=1).argsort(axis=1)
        mask[:, : len(CORE)] |= rank < count[:, None]
        return np.where(mask, np.float32(np.nan), values)


def _drawn(values: Matrix, pool: Matrix, rng: np.random.Generator) -> Matrix:
    """Return `values`, [rows], with missing ones drawn from the known ones of `pool`, [rows]."""
    known, missing = pool[~np.isnan(pool)], np.isnan(values)
    filled = values.copy()
    if known.size:
        filled[missing] = rng.choice(known, int(missing.sum()))
    return filled
