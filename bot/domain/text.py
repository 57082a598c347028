"""Text of unknown origin: whether any of it can be seen, and where it may be cut."""

import re
import unicodedata
from itertools import takewhile
from typing import Final

ELLIPSIS: Final = "…"

MAX_CLUSTER: Final = 32
"""Characters that are searched for a place to cut; a letter may have any number of marks."""

_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")

_IGNORABLE: Final = (
    *(range(0xAD, 0xAE), range(0x34F, 0x350), range(0x61C, 0x61D), range(0x115F, 0x1161)),
    *(range(0x17B4, 0x17B6), range(0x180B, 0x1810), range(0x200B, 0x2010), range(0x202A, 0x202F)),
    *(range(0x2060, 0x2070), range(0x3164, 0x3165), range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00)),
    *(range(0xFFA0, 0xFFA1), range(0xFFF0, 0xFFF9), range(0x1BCA0, 0x1BCA4)),
    *(range(0x1D173, 0x1D17B), range(0xE0000, 0xE1000)),
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): nothing is drawn for them.

Among them are zero-width spaces and joiners, marks of direction, tags, variation selectors and the
fillers of Hangul.
"""

_BLANKS: Final = frozenset("\u2800\U0001d159")
"""The Braille pattern without dots and the null notehead, which are drawn empty."""

_JOINER: Final = "\u200d"
_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
_TAGS: Final = range(0xE0020, 0xE0080)
_JAMO: Final = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))


def is_visible(text: str) -> bool:
    """Return whether a text has a character that can be seen."""
    return any(map(_is_drawn, text))


def storable(text: str) -> str:
    """Return a text whose characters that no database and no chat takes are replaced.

    They are NUL and the halves of surrogate pairs.
    """
    return _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def shorten(text: str, max_length: int) -> str:
    """Return at most `max_length` characters of a text, with an ellipsis if it is cut.

    No character is cut from the marks, joiners and modifiers that belong to it (UAX #29), as far as
    `MAX_CLUSTER` allows. Own code, as no package that the bot needs finds these places.
    """
    if len(text) <= max_length:
        return text
    last = max_length - len(ELLIPSIS)
    for place in range(last, max(0, last - MAX_CLUSTER), -1):
        if _may_be_cut(text, place):
            return text[:place].rstrip() + ELLIPSIS
    return text[:last].rstrip() + ELLIPSIS


def _is_drawn(character: str) -> bool:
    if character.isascii():
        return " " < character < "\x7f"
    if character in _BLANKS or unicodedata.category(character) in {"Cc", "Cs", "Zs", "Zl", "Zp"}:
        return False
    return not any(ord(character) in ignorable for ignorable in _IGNORABLE)


def _may_be_cut(text: str, place: int) -> bool:
    """Return whether the characters before and after a place belong to different clusters."""
    before, after = text[place - 1], text[place]
    if _JOINER in {before, after} or _extends(after):
        return False
    if ord(after) in _FLAG_LETTERS:  # a flag is a pair of them
        pairs = takewhile(lambda c: ord(c) in _FLAG_LETTERS, reversed(text[:place]))
        return sum(1 for _ in pairs) % 2 == 0
    return True


def _extends(character: str) -> bool:
    """Return whether a character belongs to the one before it."""
    code = ord(character)
    return (
        unicodedata.category(character).startswith("M")
        or code in _TONES
        or code in _TAGS
        or any(code in jamo for jamo in _JAMO)
        or character in "\uff9e\uff9f"
    )
