"""Makes names from outside safe to display: one line, bounded length, no control characters."""

import unicodedata
from dataclasses import replace
from typing import Final

from bot.domain.cards import Answer
from bot.domain.text import is_visible, shorten

MAX_NAME_LENGTH: Final = 150
"""Characters of a title, or of all artists together, that are displayed."""

MAX_READ: Final = 8
"""Characters that are read for each that is displayed, as some of them are left out."""

_BIDI_CONTROLS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_INVISIBLE_MARKS: Final = frozenset("\u061c\u200b\u200e\u200f\ufeff")


def with_short_names(answer: Answer) -> Answer:
    """Return an answer whose title and artists fit on a card; artists become one string.

    A title of invisible characters stays one: `texts.title` says that there is none.
    """
    track = answer.subject
    artists = one_line(", ".join(filter(is_visible, track.artists)))
    shown = is_visible(track.title)
    title = one_line(track.title) if shown else shorten(track.title, MAX_NAME_LENGTH)
    named = replace(track, title=title, artists=(artists,) if artists else ())
    return replace(answer, subject=named)


def one_line(text: str, max_length: int = MAX_NAME_LENGTH) -> str:
    """Return text on one line without control characters, shortened with an ellipsis."""
    # What is far beyond the limit is not looked at; it may be megabytes.
    text = text[: MAX_READ * max_length]
    clean = " ".join("".join(" " if _is_control(c) else c for c in text).split())
    return shorten(clean, max_length)


def _is_control(character: str) -> bool:
    """Return whether a character breaks lines or changes the direction of surrounding text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDI_CONTROLS
        or character in _INVISIBLE_MARKS
    )
