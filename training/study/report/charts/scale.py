"""Linear scales and axis ticks."""

import math
from dataclasses import dataclass
from typing import Final

STEPS: Final = (1, 2, 2.5, 5, 10)
MARGIN: Final = 0.05
"""Distance from the only value of an axis to its ends."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values from `low` to `high` linearly to positions from `start` to `end`, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of a value; values outside the range are clipped to it."""
        part = (value - self.low) / (self.high - self.low)
        return self.start + min(max(part, 0.0), 1.0) * (self.end - self.start)


def ticks(low: float, high: float, max_count: int = 5) -> list[float]:
    """Return at most `max_count` round values from `low` to `high`."""
    step = _step(low, high, max_count)
    first = math.ceil(round(low / step, 6))
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-6) + 1)]


def ticks_around(low: float, high: float, max_count: int = 5) -> list[float]:
    """Return round values, the first at most `low` and the last at least `high`."""
    if low == high:
        low, high = low - MARGIN, high + MARGIN
    step = _step(low, high, max_count)
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    return [round(number * step, 10) for number in range(first, last + 1)]


def _step(low: float, high: float, max_count: int) -> float:
    min_step = (high - low) / max(max_count - 1, 1)
    power: float = 10.0 ** math.floor(math.log10(min_step))
    return next(step * power for step in STEPS if step * power >= min_step * (1 - 1e-9))


def label(value: float) -> str:
    """Return a tick's value as text, without trailing zeros."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")
