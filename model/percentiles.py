"""Percentiles of the audio features over all songs in the training tables.

`percentiles.json` holds, for each feature, the 101 quantiles from 0 % to 100 % over the distinct
recordings; `python -m training percentiles` writes it.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

PERCENTILES: Final = Path(__file__).with_name("percentiles.json")

LOWER_QUARTILE: Final = 25
MEDIAN: Final = 50
UPPER_QUARTILE: Final = 75
HIGHEST: Final = 100
"""Percents, which are the positions of the quantiles."""


def share_below(feature: str, value: float) -> float:
    """Return the share of all songs with a lower value of a feature, 0-1.

    Songs with the same value count half, so that a value which many songs have is not extreme.
    Between two quantiles the share is interpolated; the error is below 0.01.

    Args:
        feature: Name of one of the twelve audio features.
        value: In the feature's unit; it may be outside the range of the songs.

    Raises:
        KeyError: There is no such feature.
    """
    quantiles = _quantiles(feature)
    first, after = bisect_left(quantiles, value), bisect_right(quantiles, value)
    if first < after:
        return (first + after - 1) / 2 / HIGHEST
    if not 0 < first <= HIGHEST:
        return 0.0 if first == 0 else 1.0
    below, above = quantiles[first - 1], quantiles[first]
    return (first - 1 + (value - below) / (above - below)) / HIGHEST


def middle_half(feature: str) -> tuple[float, float]:
    """Return the 25 % and the 75 % quantile of a feature, in its unit; raises KeyError."""
    quantiles = _quantiles(feature)
    return quantiles[LOWER_QUARTILE], quantiles[UPPER_QUARTILE]


def median(feature: str) -> float:
    """Return the median of a feature over all songs, in its unit; raises KeyError."""
    return _quantiles(feature)[MEDIAN]


def song_count() -> int:
    """Return the number of songs that the quantiles are of."""
    return _table().songs


def _quantiles(feature: str) -> tuple[float, ...]:
    return _table().quantiles[feature]


@dataclass(frozen=True, slots=True)
class _Table:
    """Content of the file: number of songs, and the quantiles of each feature in its unit."""

    songs: int
    quantiles: Mapping[str, tuple[float, ...]]


@cache
def _table() -> _Table:
    content = json.loads(PERCENTILES.read_text(encoding="utf-8"))
    features = content["features"]
    return _Table(int(content["songs"]), {name: _checked(features[name]) for name in features})


def _checked(values: list[float]) -> tuple[float, ...]:
    if len(values) != HIGHEST + 1 or any(one > other for one, other in pairwise(values)):
        raise ValueError(f"{PERCENTILES.name} must hold ascending quantiles for 0 to 100 %")
    return tuple(map(float, values))
