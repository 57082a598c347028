"""Reads the name of a table's column: which feature it is, and in which unit.

Apart from letter case and separators, the name must be the feature's name (or `bpm` for the tempo),
after any of the words in `AROUND`, and before the column's unit: `Danceability`, `Duration (ms)`,
`durationMs`, `track.duration_ms`, `audio_features.tempo`, `tempo_spotify`, `Energy (%)`. Any other
word makes it another column: `energy_rank`, `key_name`, `album.duration_ms`. The year has the names
in `_YEARS`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from model.schema import BY_NAME, FEATURES, RADAR, YEAR, Feature

SOURCES: Final = frozenset({"spotify", "echonest", "reccobeats"})
"""Words that may stand before or after a feature's name."""

AROUND: Final = SOURCES | {
    *("track", "tracks", "song", "songs", "audio", "feature", "features"),
    *("audiofeature", "audiofeatures"),
}
"""Words that may stand before a feature's name."""

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS: Final = re.compile(r"[\s_\-./()\[\]{}]+")
_RANGE: Final = re.compile(r"[(\[]\s*(\d+)(?:\.0)?\s*(?:-|\u2013|to|\.\.)\s*(\d+)(?:\.0)?\s*[)\]]$")


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit of a column.

    Attributes:
        scale: Factor from this unit to the feature's own.
        clock: Whether cells are times like 3:45, which are read as seconds.
        date: Whether cells are dates, of which the year is read.
    """

    scale: float = 1
    clock: bool = False
    date: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What a column's name says.

    Attributes:
        feature: The feature.
        unit: The unit that the name states, else the feature's own.
        around: Words before and after the feature's name.
    """

    feature: Feature
    unit: Unit
    around: tuple[str, ...] = ()


_YEARS: Final[Mapping[str, Name]] = {
    "year": Name(YEAR, Unit()),
    "releaseyear": Name(YEAR, Unit(), ("release",)),
    "yearofrelease": Name(YEAR, Unit(), ("release",)),
    "yearoffirstrelease": Name(YEAR, Unit(), ("release",)),
    "releasedate": Name(YEAR, Unit(date=True)),
    "dateofrelease": Name(YEAR, Unit(date=True)),
    "albumreleasedate": Name(YEAR, Unit(date=True), ("album",)),
}
"""Names of the year's column; of several in a table, the first here is read."""


def read_name(title: str) -> Name | None:
    """Return what the name `title` of a column says; None if it is no feature's name."""
    title = unicodedata.normalize("NFKC", title).strip()
    span = _RANGE.search(title)
    limits = (f"{span[1]}-{span[2]}",) if span else ()
    body = title[: span.start()] if span else title
    for spelling in (body, _CAMEL.sub(" ", body)):  # TEMPO, durationMs
        before, words, after = _split(_words(spelling))
        if not limits and (year := _YEARS.get("".join(words))) is not None:
            return Name(YEAR, year.unit, (*before, *year.around, *after))
        for cut in range(len(words), 0, -1):
            stem, unit = "".join(words[:cut]), " ".join((*words[cut:], *limits))
            known = _SPELLINGS.get((stem, unit))
            if known is not None and (cut == 1 or stem in _STEMS):
                return Name(*known, (*before, *after))
    return None


def lacks_unit(title: str) -> bool:
    """Return whether `title` names a duration without a unit."""
    title = unicodedata.normalize("NFKC", title)
    return any(
        _split(_words(spelling))[1] == ["duration"] for spelling in (title, _CAMEL.sub(" ", title))
    )


def _words(spelling: str) -> list[str]:
    return _SEPARATORS.sub(" ", spelling.replace("%", " % ")).casefold().split()


def _split(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Split off the words that may stand before and after a feature's name."""
    start, stop = 0, len(words)
    while start < stop and words[start] in AROUND:
        start += 1
    while stop > start and words[stop - 1] in SOURCES:
        stop -= 1
    return words[:start], words[start:stop], words[stop:]


def _units(feature: Feature) -> Mapping[str, Unit]:
    """Return the units in which a column of `feature` may be, by spelling; "" is none."""
    if feature.name == "duration_ms":
        own = ("ms", "msec", "msecs", "millis", "millisecond", "milliseconds")
        seconds, minutes = ("s", "sec", "secs", "second", "seconds"), ("min", "mins", "minutes")
        clocks = ("m:ss", "mm:ss", "min:sec", "h:mm:ss", "hh:mm:ss")
        return (
            dict.fromkeys(own, Unit())
            | dict.fromkeys(seconds, Unit(1000))
            | dict.fromkeys(minutes, Unit(60000))
            | dict.fromkeys(clocks, Unit(1000, clock=True))
        )
    if feature.name in RADAR:
        percent = ("%", "percent", "pct", "0-100")
        return dict.fromkeys(("", "0-1"), Unit()) | dict.fromkeys(percent, Unit(0.01))
    named = {
        "tempo": ("bpm", "beats per minute"),
        "loudness": ("db", "dbfs", "decibels"),
        "key": ("0-11",),
        "mode": ("0-1",),
    }
    return dict.fromkeys(("", *named[feature.name]), Unit())


def _spellings() -> Iterator[tuple[tuple[str, str], tuple[Feature, Unit]]]:
    """Yield the stem and the unit that columns' names may have."""
    for feature in FEATURES:
        stem = feature.name.removesuffix("_ms")
        for spelling, unit in _units(feature).items():
            yield (stem, spelling), (feature, unit)
            yield (stem, f"in {spelling}"), (feature, unit)
            if len(spelling) > 1:  # durationms, but not durations
                yield (stem + spelling, ""), (feature, unit)
    yield ("bpm", ""), (BY_NAME["tempo"], Unit())


_SPELLINGS: Final = dict(_spellings())
_STEMS: Final = frozenset({"bpm", *(feature.name.removesuffix("_ms") for feature in FEATURES)})
