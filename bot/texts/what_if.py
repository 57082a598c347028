"""Texts of the page "what if": features as sliders, and what the model says of them."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.tracks import Track
from bot.domain.what_if import Correction, CorrectionKind
from bot.texts.numbers import LABELS, PITCHES, capitalise, format_feature
from bot.texts.web_page import song_name
from model.schema import CORE, MINIMUM_CORE, RADAR, YEAR

PAGE: Final[Mapping[str, str]] = {
    "lead": "Move a slider, and see which genre it turns into.",
    "features": "Features",
    "more": "Key, mode and length",
    "unknown": "unknown",
    "no_value": "\N{EN DASH}",
    "unknown_of": "{feature} is unknown",
    "show": "Show the genre",
    "result": "What it sounds like",
    "turns": "Turning points",
    "turns_about": "Where another genre comes first, if nothing else changes:",
    "no_turns": "No single slider changes the first genre from here.",
    "turn_mark": "another genre from here",
    "now": "as set now",
    "started_from": "Started from",
    "reset": "Reset",
    "link": "Link to these values",
    "starts": "Start from another song",
    "starts_songs": "Famous songs",
    "starts_genres": "The typical song of a genre",
    "failed": "No connection. This is the result from before. Trying again …",
    "chart": "Radar chart",
}
"""What the page's templates know as `words`."""

HEADING: Final = "What if {start} were different?"
AVERAGE_SONG: Final = "the average song"
TYPICAL_SONG: Final = "a typical {genre} song"
START_AVERAGE: Final = "average of all"

TOO_FEW: Final = (
    f"Too much is unknown: set at least {MINIMUM_CORE} of the first {len(CORE)} sliders."
)
"""The core features have the first sliders."""

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "danceability": ("Less danceable", "More danceable"),
    "energy": ("Calmer", "More energetic"),
    "speechiness": ("Less speech", "More speech"),
    "acousticness": ("Less acoustic", "More acoustic"),
    "instrumentalness": ("Less instrumental", "More instrumental"),
    "liveness": ("Less live", "More live"),
    "valence": ("Darker in mood", "More cheerful"),
    "tempo": ("Slower", "Faster"),
    "loudness": ("Quieter", "Louder"),
    "duration_ms": ("Shorter", "Longer"),
    YEAR.name: ("Earlier", "Later"),
}
"""Words for a lower and a higher value than the one set."""

_CORRECTIONS: Final[Mapping[CorrectionKind, str]] = {
    CorrectionKind.TOO_LOW: "{feature} was below its range, so I took {value}.",
    CorrectionKind.TOO_HIGH: "{feature} was above its range, so I took {value}.",
    CorrectionKind.NOT_A_NUMBER: "{feature} was not a number, so it stays as it was at the start.",
    CorrectionKind.NOT_MEASURED: "{feature} was given as not measured, so it is unknown.",
    CorrectionKind.NO_FEATURE: "The address also names what is not a feature; I left that out.",
    CorrectionKind.NO_SONG: "I can't find the song in the address, so I took the average song.",
    CorrectionKind.NO_FIGURES: (
        "No figures of the song in the address are known, so I took the average song."
    ),
    CorrectionKind.NOT_NOW: (
        "I can't look up the song in the address at the moment. What the address does not say is "
        "as in the average song."
    ),
    CorrectionKind.NO_GENRE: "I don't know the genre in the address, so I took the average song.",
}


def label(feature: str) -> str:
    """Return the display name of an input."""
    return LABELS.get(feature, capitalise(feature))


def value(feature: str, number: float | None) -> str:
    """Format the value of an input with its unit; None is unknown."""
    if number is None:
        return PAGE["unknown"]
    return f"{number:.0f}" if feature == YEAR.name else format_feature(feature, number)


def choices(feature: str) -> list[tuple[int, str]]:
    """Return the values of key or mode, in the order of a menu."""
    values = range(len(PITCHES)) if feature == "key" else (1, 0)
    return [(one, capitalise(format_feature(feature, one))) for one in values]


def turning_point(feature: str, number: float, genre: str, *, is_higher: bool) -> str:
    """Return where another genre comes first, as in "More danceable (0.71): hip-hop"."""
    if feature in WORDS:
        return f"{WORDS[feature][is_higher]} ({value(feature, number)}): {genre}"
    return f"In {value(feature, number)}: {genre}"


def description(verdict: str, turns: Iterable[str]) -> str:
    """Return what a link says in a chat: the verdict, and turning points or what the page is."""
    return f"{verdict} {' · '.join(turns) or PAGE['lead']}"


def correction(item: Correction) -> str:
    """Return what was wrong in an address, and what was done about it."""
    feature = label(item.feature) if item.feature else ""
    number = value(item.feature, item.value) if item.feature else ""
    return _CORRECTIONS[item.kind].format(feature=feature, value=number)


def origin(track: Track | None, genre: str | None) -> str:
    """Return where values started from, as the end of a sentence."""
    if track:
        return song_name(track)
    return TYPICAL_SONG.format(genre=genre) if genre else AVERAGE_SONG


def heading(track: Track | None, genre: str | None) -> str:
    """Return the heading of the page."""
    start = origin(track, genre)
    return HEADING.format(start=f"“{start}”" if track else start)


def chart(values: Mapping[str, float], start: Mapping[str, float]) -> str:
    """Describe the radar chart: each value, with that of the start if it is another."""
    return f"{', '.join(_on_the_chart(name, values.get(name), start.get(name)) for name in RADAR)}."


def _on_the_chart(feature: str, now: float | None, start: float | None) -> str:
    said, was = value(feature, now), value(feature, start)
    return f"{label(feature).lower()} {said}{f' (was {was})' if was != said else ''}"
