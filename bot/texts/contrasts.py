"""Words about single features of two songs: values, differences, the genres they speak for."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.domain.comparison import Comparison, Contrast, Gain
from bot.texts.facts import tempo
from bot.texts.numbers import LABELS, clock, format_feature, signed
from bot.texts.song_pairs import names
from model.schema import YEAR

LEAST_RISE: Final = 0.05
"""Smallest rise of a probability that a sentence states."""

LARGE_RISE: Final = 0.2
"""The same of a genre that the song's verdict does not name."""

YEAR_LABEL: Final = "Year"
UNKNOWN: Final = "unknown"
UNKNOWN_FIGURE: Final = "?"
"""Stands in the chart for the value that is unknown for one song of two."""

FIRST: Final = "the first song"
SECOND: Final = "the second song"
"""Stand for names of which the fonts lack too many letters."""

EQUAL: Final = "the same"
OCTAVE: Final = "about double, or the same"

NOUNS: Final[Mapping[str, str]] = {
    "danceability": "danceability",
    "energy": "energy",
    "speechiness": "speech",
    "acousticness": "acousticness",
    "instrumentalness": "instrumentalness",
    "liveness": "liveness",
    "valence": "mood",
    "tempo": "tempo",
    "loudness": "loudness",
    "mode": "mode",
    "duration_ms": "length",
    "year": "year",
}
"""Features in sentences on what speaks for a genre; the pitch of a key is none of them."""

NOTHING_DECIDES: Final = (
    f"No feature alone would change a genre by {100 * LEAST_RISE:.0f} points or more."
)
METHOD: Final = (
    "Which genre a value speaks for: the other song gets this one value, all else stays, and the "
    "model is asked again. The table has the genre that gains most, in percentage points; the "
    "sentences are about the genres that each song's verdict names. Features act together, so the "
    "points do not add up."
)


class Cell(NamedTuple):
    """A value in words, and the genre that it speaks for with its points; empty without one."""

    value: str
    speaks_for: str


class Row(NamedTuple):
    """A feature of two songs in words: its name, how far the values are apart, and both."""

    label: str
    apart: str
    first: Cell
    second: Cell


def label(feature: str) -> str:
    """Return the display name of a feature or of the year."""
    return YEAR_LABEL if feature == YEAR.name else LABELS[feature]


def value_of(feature: str, value: float | None) -> str:
    """Return a value with its unit; of a tempo with the double or half that may be meant."""
    if value is None:
        return UNKNOWN
    if feature == YEAR.name:
        return f"{value:.0f}"
    return tempo(value) if feature == "tempo" else format_feature(feature, value)


def rows(comparison: Comparison) -> list[Row]:
    """Return all that is known of a song or of both, in the order of the schema."""
    return [
        Row(
            label(one.feature),
            apart(one),
            Cell(value_of(one.feature, one.first), speaks_for(one.first_gain)),
            Cell(value_of(one.feature, one.second), speaks_for(one.second_gain)),
        )
        for one in comparison.contrasts
    ]


def apart(contrast: Contrast) -> str:
    """Return how far two values are apart; empty if one is unknown, or for keys and modes."""
    difference = contrast.difference
    if difference is None:
        return ""
    size, feature = abs(difference), contrast.feature
    if difference == 0:
        return EQUAL
    match feature:
        case "key" | "mode":
            return ""
        case "year":
            return f"{size:.0f} year{'' if size == 1 else 's'} apart"
        case "tempo":
            return OCTAVE if contrast.is_octave else f"{size:.0f} BPM apart"
        case "loudness":
            return f"{signed(size)} dB apart"
        case "duration_ms":
            return f"{clock(size / 1000)} apart"
    return f"{size:.2f} apart"


def speaks_for(gain: Gain | None) -> str:
    """Return a genre and how many points it gains, as in "country +12"."""
    return f"{gain.genre} +{round(100 * gain.rise)}" if gain else ""


def speaks(comparison: Comparison) -> list[str]:
    """Return the feature of each song that speaks most for its own genre, as sentences.

    A song's own genres are those that its verdict names, the one that it puts first before others.
    Another genre is stated only if no value speaks for these, and one rises by LARGE_RISE. There
    are no sentences without features of both.
    """
    if not comparison.known:
        return []
    first, second = names(comparison.first.subject, comparison.second.subject)
    found = (_speaks(comparison, first, second), _speaks(comparison.mirrored, second, first))
    return [sentence for sentence in found if sentence] or [NOTHING_DECIDES]


def _speaks(comparison: Comparison, owner: str, other: str) -> str:
    """Return what the first song's value does to the second one; empty if no rise is stated."""
    answer = comparison.first
    named, leading = answer.prediction.named, answer.leading
    gains = [
        (contrast, Gain(genre, rise))
        for contrast in comparison.known
        for genre, rise in contrast.by_first.items()
        if contrast.feature in NOUNS and rise >= (LEAST_RISE if genre in named else LARGE_RISE)
    ]
    if not gains:
        return ""
    contrast, (genre, rise) = max(
        gains, key=lambda one: (one[1].genre == leading, one[1].genre in named, one[1].rise)
    )
    feature, value = contrast.feature, value_of(contrast.feature, contrast.first)
    other_genre = "" if genre in named else f", which the verdict on {owner} does not name"
    return (
        f"The {NOUNS[feature]} of {owner} ({value}) speaks for {genre}{other_genre}: "
        f"with it alone, {other} would get {round(100 * rise)} points more for {genre}."
    )
