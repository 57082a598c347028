"""The inputs of models: names, order, ranges and units, for training and serving.

These are the twelve audio features and, not one of them, the year of first release. The eight core
features are those of the Echo Nest, later Spotify's `audio-features`; loudness, key, mode and
duration came with Spotify and are optional. Ranges are Spotify's
(https://developer.spotify.com/documentation/web-api/reference/get-audio-features); where it states
none, they are those of any recording.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from model.errors import BadValue


@dataclass(frozen=True, slots=True)
class Feature:
    """An audio feature, or the year.

    Attributes:
        name: Name, as in Spotify's API.
        unit: Unit or range, for people.
        low: Smallest valid value.
        high: Largest valid value.
        core: Whether it is one of the eight Echo Nest features.
        whole: Whether values are integers.
        absent_at_or_below: Values up to this one are the sources' marker for "not measured" (key
            -1, tempo 0); None without a marker.
        hashed: Whether the range is part of the schema's hash. Bundles were published before some
            features had a range, and must remain readable.
        step: Smallest difference of two values that a listener can check.
    """

    name: str
    unit: str
    low: float
    high: float
    core: bool = True
    whole: bool = False
    absent_at_or_below: float | None = None
    hashed: bool = True
    step: float = 0.1

    @property
    def hashed_range(self) -> tuple[str, str]:
        """The range as it stands in the schema's hash."""
        return (str(self.low), str(self.high)) if self.hashed else ("-inf", "inf")

    @property
    def expected(self) -> str:
        """Description of the valid values, for error messages."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:.10g} to {self.high:.10g}"


FEATURES: Final = (
    Feature("danceability", "0-1", 0, 1),
    Feature("energy", "0-1", 0, 1),
    Feature("speechiness", "0-1", 0, 1),
    Feature("acousticness", "0-1", 0, 1),
    Feature("instrumentalness", "0-1", 0, 1),
    Feature("liveness", "0-1", 0, 1),
    Feature("valence", "0-1", 0, 1),
    Feature("tempo", "BPM", 0, 500, absent_at_or_below=0, hashed=False, step=10),
    Feature("loudness", "dB", -100, 20, core=False, hashed=False, step=3),
    Feature(
        "key", "pitch class, 0 is C", 0, 11, core=False, whole=True, absent_at_or_below=-1, step=1
    ),
    Feature("mode", "1 major, 0 minor", 0, 1, core=False, whole=True, step=1),
    Feature(
        "duration_ms",
        "ms",
        0,
        24 * 3_600_000,
        core=False,
        absent_at_or_below=0,
        hashed=False,
        step=15_000,
    ),
)
"""All audio features in the order of a model's input columns, the eight core features first."""

YEAR: Final = Feature(
    "year",
    "year of first release",
    1900,
    2100,
    core=False,
    whole=True,
    absent_at_or_below=0,
    step=1,
)
"""The year, which models may take as a further input; `model.years` reads it."""

INPUTS: Final = (*FEATURES, YEAR)
"""All inputs that a model may take, in the order of its columns."""

NAMES: Final = tuple(feature.name for feature in FEATURES)
CORE: Final = tuple(feature.name for feature in FEATURES if feature.core)
EXTRA: Final = tuple(feature.name for feature in FEATURES if not feature.core)
RADAR: Final = tuple(feature.name for feature in FEATURES if feature.unit == "0-1")
"""The seven features with range 0-1, in the order of the axes of a radar chart."""

INPUT_NAMES: Final = tuple(feature.name for feature in INPUTS)

MINIMUM_CORE: Final = 4
"""Number of core features that a prediction needs."""

BY_NAME: Final[Mapping[str, Feature]] = {feature.name: feature for feature in INPUTS}


def read(name: str, value: object) -> float | None:
    """Return the value of the feature `name` as a float, None if it was not measured.

    Args:
        name: Name of an input of the schema.
        value: A number, a numeral (str), or None.

    Raises:
        BadValue: For other types, NaN, infinities, and values outside the feature's range.
    """
    return read_as(BY_NAME[name], value)


def read_as(feature: Feature, value: object) -> float | None:
    """Return `value` as `read` does, with the range of `feature`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise BadValue(feature.name, value, feature.expected)
    if isinstance(value, str) and not is_plain(value):
        raise BadValue(feature.name, value, feature.expected)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise BadValue(feature.name, value, feature.expected) from None
    if not math.isfinite(number):
        raise BadValue(feature.name, value, feature.expected)
    if feature.absent_at_or_below is not None and number <= feature.absent_at_or_below:
        return None
    if not feature.low <= number <= feature.high or (feature.whole and number != int(number)):
        raise BadValue(feature.name, value, feature.expected)
    return number


def is_plain(numeral: str) -> bool:
    """Return whether `numeral` is ASCII without "_"; `float` also accepts the others."""
    return numeral.isascii() and "_" not in numeral


def read_all(values: Mapping[Any, object]) -> dict[str, float]:
    """Return the audio features in `values` that were measured, in schema order.

    Unknown names are ignored. Raises BadValue as `read` does.
    """
    numbers = ((name, read(name, values.get(name))) for name in NAMES)
    return {name: number for name, number in numbers if number is not None}


def looks_equal(name: str, one: float, other: float) -> bool:
    """Return whether two values of the input `name` are too close to tell a person anything."""
    return round(abs(one - other), 6) < BY_NAME[name].step  # rounded, as 0.9 - 0.8 < 0.1


def count_core(names: Iterable[str]) -> int:
    """Return the number of core features among `names`."""
    return len(set(CORE).intersection(names))


def schema_hash(names: Iterable[str]) -> str:
    """Return the SHA-256 of the inputs `names`, in that order, with their units and ranges."""
    rows = [
        (feature.name, feature.unit, *feature.hashed_range, feature.whole)
        for feature in (BY_NAME[name] for name in names)
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
