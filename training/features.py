"""Feature matrices in which absence tells nothing.

Every table lacks other features, so a model that sees what is missing learns to tell the tables
apart instead of the music. Rows for training are therefore made in two steps: first every absent
value is filled with a draw from all rows that have it, whatever their genre and table; then groups
of features are hidden at random, in the patterns that sources of features produce.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.schema import CORE, EXTRA, MINIMUM_CORE, NAMES

Matrix = npt.NDArray[np.float32]

PATTERNS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": (),
    "no duration": ("duration_ms",),
    "no key and mode": ("key", "mode"),
    "no key, mode and duration": ("key", "mode", "duration_ms"),
    "core only": EXTRA,
}
"""What the sources of features leave out, named."""

PATTERN_SHARES: Final = (0.30, 0.15, 0.10, 0.10, 0.35)
"""How often training hides each of `PATTERNS`."""

CORE_HIDDEN_SHARE: Final = 0.15
"""In how many training rows core features are hidden too, down to the fewest allowed."""


def matrix(rows: pd.DataFrame) -> Matrix:
    """Return the features of `rows`, [rows, features] in schema order, NaN where absent."""
    return rows[list(NAMES)].to_numpy(dtype=np.float32)


def without(values: Matrix, features: tuple[str, ...]) -> Matrix:
    """Return a copy of `values` in which `features` are absent."""
    hidden = values.copy()
    hidden[:, [NAMES.index(name) for name in features]] = np.nan
    return hidden


@dataclass(frozen=True, slots=True)
class Absence:
    """Makes absence tell nothing; `pool` holds the values to draw from, [rows, features]."""

    pool: Matrix

    def sample(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Return `values` filled and then hidden at random; other draws with every call."""
        return self.hide(self.fill(values, rng), rng)

    def fill(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Replace each absent value with that of a random row of the pool.

        A feature that the whole pool lacks stays absent.
        """
        filled = values.copy()
        for column in range(values.shape[1]):
            known = self.pool[~np.isnan(self.pool[:, column]), column]
            absent = np.isnan(values[:, column])
            if known.size:
                filled[absent, column] = rng.choice(known, int(absent.sum()))
        return filled

    def hide(self, values: Matrix, rng: np.random.Generator) -> Matrix:
        """Hide features by a random pattern per row, and a few core ones in some rows."""
        masks = np.array([[name in hidden for name in NAMES] for hidden in PATTERNS.values()])
        mask = masks[rng.choice(len(masks), len(values), p=PATTERN_SHARES)]
        most = len(CORE) - MINIMUM_CORE
        hides = rng.random(len(values)) < CORE_HIDDEN_SHARE
        count = np.where(hides, rng.integers(1, most + 1, len(values)), 0)
        rank = rng.random((len(values), len(CORE))).argsort(axis=1).argsort(axis=1)
        mask[:, : len(CORE)] |= rank < count[:, None]
        return np.where(mask, np.float32(np.nan), values)
