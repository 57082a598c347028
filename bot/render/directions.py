"""Order and forms of letters as they are drawn from left to right (UAX #9, Arabic shaping).

Pillow orders and joins letters only with libraries that it does not bring on every system, so that
is done before drawing, by python-bidi and arabic-reshaper.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
MARKS: Final = {"R": "\u200f", "L": "\u200e"}
"""Invisible characters that count as a letter of a direction."""

BRACKETS: Final[Mapping[str, str]] = {"(": ")", "[": "]", "{": "}", "«": "»", "\u2039": "\u203a"}
"""Pairs that hold a part of a title."""


def direction(text: str) -> str:
    """Return "R" if the first letter is written from right to left, else "L" (rules P2 and P3)."""
    return next(filter(None, map(_strong, text)), "L")


def is_simple(text: str) -> bool:
    """Return whether a text is drawn in its own order, with letters that do not join."""
    return not any(map(_is_right_to_left, text))


def to_display(line: str, base: str, before: str = "", after: str = "") -> str:
    """Return a line of text in the order and the forms in which it is drawn from left to right.

    Args:
        line: The line, without marks and overrides of direction, as `bot.domain.sanitize` makes it.
        base: Direction of the whole that the line is a part of, "L" or "R".
        before: What the whole has before the line.
        after: What it has after the line.
    """
    if base == "L" and is_simple(line):
        return line
    # Few titles need them, and they take 30 ms to import.
    from bidi.algorithm import get_display  # noqa: PLC0415 - the other of its two mirrors nothing

    marked = _with_marks(_shaper().reshape(line), base)
    # Punctuation at an end of the line depends on the letters beyond it.
    first = MARKS.get(next(filter(None, map(_strong, reversed(before))), ""), "")
    last = MARKS.get(next(filter(None, map(_strong, after)), ""), "")
    ordered: str = get_display(first + marked + last, base_dir=base)
    return "".join(character for character in ordered if character not in MARKS.values())


@lru_cache(1)
def _shaper() -> Any:
    from arabic_reshaper import ArabicReshaper  # noqa: PLC0415 - as above

    return ArabicReshaper({"delete_harakat": True, "support_ligatures": True})


def _with_marks(text: str, base: str) -> str:
    """Return a text with marks around brackets, which give them their direction.

    Own code, because python-bidi lacks rule N0: brackets have the text's direction if a letter of
    that direction is between them, or what is before them has; else that of what is between them.
    """
    marked = list(text)
    for first, last in _pairs(text):
        inside = set(filter(None, map(_strong, text[first + 1 : last])))
        before = next(filter(None, map(_strong, reversed(text[:first]))), base)
        if inside:
            mark = MARKS[base if base in inside else before]
            for place in (first, last):
                marked[place] = mark + text[place] + mark
    return "".join(marked)


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in BRACKETS:
            opened.append(place)
        elif opened and character == BRACKETS[text[opened[-1]]]:
            yield opened.pop(), place


def _strong(character: str) -> str:
    """Return the direction of a letter; empty for digits, spaces and punctuation."""
    kind = unicodedata.bidirectional(character)
    return "R" if kind in RIGHT_TO_LEFT else "L" if kind == "L" else ""


def _is_right_to_left(character: str) -> bool:
    # Arabic digits, too, are ordered by the rules.
    return unicodedata.bidirectional(character) in {*RIGHT_TO_LEFT, "AN"}
