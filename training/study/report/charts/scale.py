"""From values to places on a chart."""

import math
from dataclasses import dataclass
from typing import Final

STEPS: Final = (1, 2, 2.5, 5, 10)
MARGIN: Final = 0.05
"""How far an axis goes to either side of its only value."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values from `low` to `high` onto places from `start` to `end`, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value; values beyond the ends lie on them."""
        part = (value - self.low) / (self.high - self.low)
        return self.start + min(max(part, 0.0), 1.0) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most `most` round values from `low` to `high`."""
    step = _step(low, high, most)
    first = math.ceil(round(low / step, 6))
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-6) + 1)]


def ticks_around(low: float, high: float, most: int = 5) -> list[float]:
    """Return round values from below `low` to above `high`; `most` of them lie between."""
    if low == high:
        low, high = low - MARGIN, high + MARGIN
    step = _step(low, high, most)
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    return [round(number * step, 10) for number in range(first, last + 1)]


def _step(low: float, high: float, most: int) -> float:
    least = (high - low) / max(most - 1, 1)
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))


def label(value: float) -> str:
    """Write a tick's value as briefly as it is exact."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")
