"""Features and figures in words."""

from collections.abc import Iterable, Mapping
from typing import Final

from model.classifier import Reason

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
"""A feature's name as people know it."""

HIGHER: Final[Mapping[str, str]] = {
    "danceability": "easier to dance to",
    "energy": "more energetic",
    "speechiness": "more spoken words",
    "acousticness": "more acoustic",
    "instrumentalness": "less singing",
    "liveness": "more of a live feel",
    "valence": "happier",
    "tempo": "faster",
    "loudness": "louder",
    "key": "its key",
    "mode": "in a major key",
    "duration_ms": "longer",
}
LOWER: Final[Mapping[str, str]] = {
    "danceability": "harder to dance to",
    "energy": "calmer",
    "speechiness": "fewer spoken words",
    "acousticness": "less acoustic",
    "instrumentalness": "more singing",
    "liveness": "more of a studio feel",
    "valence": "sadder",
    "tempo": "slower",
    "loudness": "quieter",
    "key": "its key",
    "mode": "in a minor key",
    "duration_ms": "shorter",
}

PITCHES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")

HALF_PERCENT: Final = 0.005

THIS_SONG: Final = "this song"
TYPICAL: Final = "typical {genre}"

SONGS_HERE: Final = "songs here"
OTHERS: Final = "{count} others"
AGREED: Final = "Agreed"
NO_VOTES: Final = "No votes yet"


def percent(probability: float) -> str:
    """Write a probability, as in "62 %"; what is not certain is never a flat 0 or 100."""
    if 1 - HALF_PERCENT <= probability < 1:
        return "> 99 %"
    return "< 1 %" if 0 < probability <= HALF_PERCENT else f"{probability * 100:.0f} %"


def short(count: int) -> str:
    """Write a count where there is little room: "9,999", then "10k"; never more than there is."""
    thousand, shortest = 1_000, 10_000
    return f"{count:,}" if count < shortest else f"{count // thousand:,}k"


def counted(count: int, noun: str) -> str:
    """Count things, as in "1 track", "12k tracks"."""
    return f"{short(count)} {noun}{'' if count == 1 else 's'}"


def agreement(agreed: int, votes: int) -> str:
    """Say how many votes agreed, as in "12 of 15 votes"."""
    return f"{short(agreed)} of {counted(votes, 'vote')}"


def and_list(words: Iterable[str]) -> str:
    """Join words as in "a, b and c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def figure(feature: str, value: float) -> str:
    """Write a feature's value with its unit."""
    match feature:
        case "tempo":
            return f"{value:.0f} BPM"
        case "loudness":
            return f"{value:.1f} dB"
        case "key":
            return PITCHES[int(value)]
        case "mode":
            return "major" if value else "minor"
        case "duration_ms":
            minutes, seconds = divmod(round(value / 1000), 60)
            return f"{minutes}:{seconds:02}"
        case _:
            return f"{value:.2f}"


def reason(found: Reason) -> str:
    """Put one reason into words, with both figures."""
    words = (HIGHER if found.value >= found.typical else LOWER)[found.feature]
    if found.feature == "mode":
        return words
    if found.feature == "key":
        return f"{words} ({figure(found.feature, found.value)})"
    value, usual = (figure(found.feature, x) for x in (found.value, found.typical))
    return f"{words} ({LABELS[found.feature].lower()} {value}, usually {usual})"
