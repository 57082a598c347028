"""Foreign names made fit to show: on one line, of bounded length, steering no text around them."""

import unicodedata
from dataclasses import replace
from typing import Final

from bot.domain.cards import Answer

LONGEST_NAME: Final = 150
"""Characters of a title, or of all artists, that are shown."""

_BIDI: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_MARKS: Final = frozenset("\u061c\u200b\u200e\u200f\ufeff")


def short(answer: Answer) -> Answer:
    """Return an answer whose names fit on a card."""
    track = answer.track
    artists = one_line(", ".join(track.artists))
    named = replace(track, title=one_line(track.title), artists=(artists,) if artists else ())
    return replace(answer, track=named)


def one_line(text: str, most: int = LONGEST_NAME) -> str:
    """Put a name on one line, without control characters, and cut it with an ellipsis."""
    kept = " ".join("".join(" " if _steers(c) else c for c in text).split())
    return kept if len(kept) <= most else f"{kept[: most - 1].rstrip()}…"


def _steers(character: str) -> bool:
    """Say whether a character ends lines or turns the text around it, instead of being text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDI
        or character in _MARKS
    )
