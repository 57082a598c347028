"""Values of features set by hand, as the address of the page "what if" has them.

An address names each value, as in `/whatif?danceability=0.71&key=unknown&song=ID`. `read` accepts
what people and other programs make of such an address; `address` writes it in one canonical form:
features in the order of the schema, values rounded, then where they started from. Reading what was
written gives the same values, so that `address` changes a canonical address no more.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from model.schema import BY_NAME, INPUT_NAMES, RADAR, YEAR, is_plain

PATH: Final = "/whatif"
UNKNOWN: Final = "unknown"
"""Stands for the value of a feature that is not known, in an address."""

SONG: Final = "song"
START: Final = "start"
"""Names in an address of the song, or the genre, that the values started from."""

DECIMALS: Final[Mapping[str, int]] = {**dict.fromkeys(RADAR, 6), "tempo": 2, "loudness": 2}
"""Digits after the decimal point that an address keeps, 0 for other inputs.

The model tells an instrumentalness of 0 from one of 0.0001.
"""

MAX_NUMERAL: Final = 40
"""Characters of a numeral; longer values are no numbers."""


@dataclass(frozen=True, slots=True)
class Slider:
    """Control of a feature, in its unit.

    Attributes:
        low: Value at the lower end.
        high: Value at the upper end.
        step: Change by an arrow key, and the distance of the values that a drag can reach.
        page: Change by Page Up and Page Down.
    """

    low: float
    high: float
    step: float
    page: float

    def grid(self) -> list[float]:
        """Return the values that a drag can reach, in ascending order."""
        steps = round((self.high - self.low) / self.step)
        return [round(float(self.low + self.step * index), 6) for index in range(steps + 1)]


def sliders(this_year: int) -> Mapping[str, Slider]:
    """Return the slider of each input, in schema order.

    The ends are such that nearly all songs are between them; a song may be outside.
    """
    found = dict.fromkeys(RADAR, Slider(0, 1, 0.01, 0.1))
    found["tempo"] = Slider(40, 220, 1, 10)
    found["loudness"] = Slider(-40, 0, 0.5, 5)
    found["key"] = Slider(0, 11, 1, 1)
    found["mode"] = Slider(0, 1, 1, 1)
    found["duration_ms"] = Slider(30_000, 600_000, 5_000, 60_000)
    found[YEAR.name] = Slider(1950, this_year, 1, 10)
    return {name: found[name] for name in INPUT_NAMES}


class CorrectionKind(StrEnum):
    """Ways in which an address is corrected.

    NOT_NOW: its song cannot be looked up at the moment.
    """

    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    NOT_A_NUMBER = "not_a_number"
    NOT_MEASURED = "not_measured"
    NO_FEATURE = "no_feature"
    NO_SONG = "no_song"
    NO_FIGURES = "no_figures"
    NOT_NOW = "not_now"
    NO_GENRE = "no_genre"


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong in an address, and that it was corrected.

    Attributes:
        kind: What was wrong.
        feature: The feature that it is about, if it is about one.
        value: The value that is used instead, for those too low or too high.
    """

    kind: CorrectionKind
    feature: str = ""
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Content of an address.

    Attributes:
        values: Valid values by feature; None for one that is said to be unknown. What the address
            does not name is that of the start.
        song: Id of the song that the values started from.
        start: Genre whose typical song they started from.
        corrections: What was corrected.
    """

    values: Mapping[str, float | None]
    song: str | None = None
    start: str | None = None
    corrections: tuple[Correction, ...] = ()


def read(pairs: Iterable[tuple[str, str]], this_year: int) -> Asked:
    """Read the names and values of an address; never fails.

    Values outside a feature's range become its nearest end, and values that are no numbers are left
    out, each with a correction. If a name occurs more than once, the last value counts: so does a
    ticked "unknown" after a slider, in a form without script. Names that are no features are left
    out, with one correction for all of them.
    """
    given = dict(pairs)
    song, start = given.pop(SONG, None) or None, given.pop(START, None) or None
    values: dict[str, float | None] = {}
    corrections = []
    for name in INPUT_NAMES:
        if name not in given or given[name] == UNKNOWN:
            values.update({name: None} if name in given else {})
            continue
        number = _number(given[name])
        if number is None:
            corrections.append(Correction(CorrectionKind.NOT_A_NUMBER, name))
            continue
        value, correction = _within_range(name, round_value(name, number), this_year)
        values[name] = value
        corrections += [correction] if correction else []
    if not set(INPUT_NAMES).issuperset(given):
        corrections.append(Correction(CorrectionKind.NO_FEATURE))
    return Asked(values, song, start, tuple(corrections))


def rounded(values: Mapping[str, float]) -> dict[str, float]:
    """Return values as an address keeps them, in schema order."""
    return {name: round_value(name, values[name]) for name in INPUT_NAMES if name in values}


def round_value(name: str, value: float) -> float:
    """Return the value of an input with the digits that an address keeps."""
    return round(value, DECIMALS.get(name, 0)) + 0.0  # + 0.0: without minus zero


def address(
    values: Mapping[str, float],
    unknown: Collection[str] = (),
    *,
    song: str | None = None,
    start: str | None = None,
) -> str:
    """Return the canonical address of rounded values, those unknown, and where they started."""
    pairs = []
    for name in INPUT_NAMES:
        if name in values:
            pairs.append((name, f"{values[name]:.6f}".rstrip("0").rstrip(".")))
        elif name in unknown:
            pairs.append((name, UNKNOWN))
    pairs += [(name, value) for name, value in ((SONG, song), (START, start)) if value]
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def _number(text: str) -> float | None:
    """Return the number that a text is; None for anything else, NaN and infinities."""
    if len(text) > MAX_NUMERAL or not is_plain(text):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _within_range(
    name: str, value: float, this_year: int
) -> tuple[float | None, Correction | None]:
    """Return the nearest valid value of a feature, with a correction unless it is valid."""
    feature = BY_NAME[name]
    if feature.absent_at_or_below is not None and value <= feature.absent_at_or_below:
        return None, Correction(CorrectionKind.NOT_MEASURED, name)
    high = float(this_year) if name == YEAR.name else feature.high
    if value < feature.low:
        return feature.low, Correction(CorrectionKind.TOO_LOW, name, feature.low)
    if value > high:
        return high, Correction(CorrectionKind.TOO_HIGH, name, high)
    return value, None
