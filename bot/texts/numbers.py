"""Names and formatting of features, counts and probabilities."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

LABELS: Final[Mapping[str, str]] = {
    "danceability": "Danceability",
    "energy": "Energy",
    "speechiness": "Speech",
    "acousticness": "Acoustic",
    "instrumentalness": "Instrumental",
    "liveness": "Live",
    "valence": "Happiness",
    "tempo": "Tempo",
    "loudness": "Loudness",
    "key": "Key",
    "mode": "Mode",
    "duration_ms": "Length",
}
"""Display name of each feature."""

PITCHES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")

HALF_PERCENT: Final = 0.005

THIS_SONG: Final = "this song"
TYPICAL: Final = "typical {genre}"

SONGS_HERE: Final = "songs here"
OTHERS: Final = "{count} others"
AGREED: Final = "Agreed"
NO_VOTES: Final = "No votes yet"

NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"

_IN_FIGURES: Final = re.compile(r"(?<=\d) (?=(?:%|BPM\b|dB\b|LUFS\b|MB\b))|(?<=[<>]) (?=\d)")
"""Spaces between a figure and its unit, or the sign before it."""


def unbroken(text: str) -> str:
    """Return a text in which no line ends within a figure, as in "50 %", "> 99 %" or "136 BPM".

    For platforms that break lines. Texts are made with plain spaces, which can be searched for.
    """
    return _IN_FIGURES.sub(NO_BREAK_SPACE, text)


def percent(probability: float) -> str:
    """Format a probability as in "62 %"; "< 1 %" and "> 99 %" stand for uncertain extremes."""
    if 1 - HALF_PERCENT <= probability < 1:
        return "> 99 %"
    return "< 1 %" if 0 < probability <= HALF_PERCENT else f"{probability * 100:.0f} %"


def short_count(count: int) -> str:
    """Format a count compactly: "9,999", "10k"; thousands are rounded down."""
    thousand, limit = 1_000, 10_000
    return f"{count:,}" if count < limit else f"{count // thousand:,}k"


def count_of(count: int, noun: str) -> str:
    """Format a count with its noun, as in "1 track", "12k tracks"."""
    return f"{short_count(count)} {noun}{'' if count == 1 else 's'}"


def agreement(agreed: int, votes: int) -> str:
    """Format the number of agreeing votes, as in "12 of 15 votes"."""
    return f"{short_count(agreed)} of {count_of(votes, 'vote')}"


def and_list(words: Iterable[str]) -> str:
    """Join words, as in "a, b and c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def or_list(words: Iterable[str]) -> str:
    """Join words, as in "a, b or c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} or {last}" if most else last


def capitalise(words: str) -> str:
    """Return words with a capital first letter; the others stay as they are."""
    return f"{words[:1].upper()}{words[1:]}"


def as_sentences(reasons: Iterable[str]) -> str:
    """Return reasons as sentences: each with a capital first letter and a full stop."""
    return " ".join(f"{capitalise(reason.rstrip('.'))}." for reason in reasons)


def format_feature(feature: str, value: float) -> str:
    """Format a feature's value with its unit."""
    match feature:
        case "tempo":
            return f"{value:.0f} BPM"
        case "loudness":
            return f"{signed(value)} dB"
        case "key":
            return PITCHES[int(value)]
        case "mode":
            return "major" if value else "minor"
        case "duration_ms":
            return clock(value / 1000)
        case _:
            return f"{value:.2f}"


def signed(value: float) -> str:
    """Format a number that may be negative, with one decimal and the sign of subtraction."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")  # + 0.0: without minus zero


def clock(seconds: float) -> str:
    """Format a length, as in "2:37" or "2:00:00"."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
