"""Makes names from outside safe to display: one line, bounded length, no control characters."""

import unicodedata
from dataclasses import replace
from typing import Final

from bot.domain.cards import Answer

MAX_NAME_LENGTH: Final = 150
"""Characters of a title, or of all artists together, that are displayed."""

_BIDI_CONTROLS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_INVISIBLE_MARKS: Final = frozenset("\u061c\u200b\u200e\u200f\ufeff")


def with_short_names(answer: Answer) -> Answer:
    """Return an answer whose title and artists fit on a card; artists become one string."""
    track = answer.subject
    artists = one_line(", ".join(track.artists))
    named = replace(track, title=one_line(track.title), artists=(artists,) if artists else ())
    return replace(answer, subject=named)


def one_line(text: str, max_length: int = MAX_NAME_LENGTH) -> str:
    """Return text on one line without control characters, shortened with an ellipsis."""
    clean = " ".join("".join(" " if _is_control(c) else c for c in text).split())
    return clean if len(clean) <= max_length else f"{clean[: max_length - 1].rstrip()}…"


def _is_control(character: str) -> bool:
    """Return whether a character breaks lines or changes the direction of surrounding text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDI_CONTROLS
        or character in _INVISIBLE_MARKS
    )
