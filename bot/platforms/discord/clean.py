"""Foreign words made harmless: one line, no markup, no mentions, no links, no reversed text."""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from bot import texts
from bot.values import Answer, Track

LONGEST_NAME: Final = 150
"""Characters of a title, or of all artists, that are shown."""

LONGEST_SENTENCE: Final = 1000
"""Characters of a sentence with a foreign name in it; twice as many fit when all are escaped."""

LONGEST_CHOICE: Final = 100
"""Characters of a line to choose from, by Discord's documentation."""

GAP: Final = "\u200b"
ISOLATE: Final = "\u2068{}\u2069"
"""Around a text whose direction is its own (first strong isolate)."""

_BIDI: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_MARKS: Final = frozenset("\u061c\u200b\u200e\u200f\ufeff")
_MENTION: Final = re.compile(r"([@<]|:(?=//))")
_MARKUP: Final = re.compile(r"(^\s*)([-+#>])|([\\*_~`|\[\]])", re.MULTILINE)


def short(answer: Answer) -> Answer:
    """Return an answer whose names fit on a card."""
    track = answer.track
    artists = one_line(", ".join(track.artists))
    named = replace(track, title=one_line(track.title), artists=(artists,) if artists else ())
    return replace(answer, track=named)


def name(track: Track) -> str:
    """Return a track's name as plain text, for a list to choose from."""
    return one_line(texts.headline(track), LONGEST_CHOICE) or texts.title(Track(track.id))


def one_line(text: str, most: int = LONGEST_NAME) -> str:
    """Put a name on one line, without control characters, and cut it with an ellipsis."""
    kept = " ".join("".join(" " if _steers(c) else c for c in text).split())
    return kept if len(kept) <= most else f"{kept[: most - 1].rstrip()}…"


def safe(text: str) -> str:
    """Return text that Discord shows as it is, whatever it holds."""
    # discord.py's escape_markdown leaves alone what stands in a link, or looks like one.
    return _MENTION.sub(rf"\1{GAP}", _MARKUP.sub(r"\1\\\2\3", text))


def isolated(text: str) -> str:
    """Return text that does not turn the text around it, whichever way it is written."""
    return ISOLATE.format(text)


def _steers(character: str) -> bool:
    """Say whether a character ends lines or turns the text around it, instead of being text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in _BIDI
        or character in _MARKS
    )
