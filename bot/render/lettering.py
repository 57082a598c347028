"""Lays out names in any script: which characters can be drawn, lines, typefaces, directions."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.domain.points import Point
from bot.domain.sanitize import one_line
from bot.domain.text import ELLIPSIS
from bot.render import directions
from bot.render.raster import advance
from bot.render.scene import Text
from bot.render.typefaces import FIGTREE, face_of

MOST: Final = 0.75
"""Share of a name's letters and digits that fonts must have, for the rest to be left out."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: size in pixels, colour, and whether it is bold."""

    size: int
    colour: str
    bold: bool = False


def drawable(name: str) -> str:
    """Return what can be drawn of a name, on one line and shortened; empty if that is too little.

    Emoji and marks that belong to no letter of a bundled font (such as vowel points) are left out.
    So are other characters that no bundled font has, if at least `MOST` of the letters stay.
    """
    line = unicodedata.normalize("NFC", one_line(name))
    # Letters of other fonts' shapes, such as full-width ones, are drawn as the plain ones.
    line = "".join(c if face_of(c) else unicodedata.normalize("NFKC", c) for c in line)
    line = one_line(line)  # a single one may stand for eighteen letters
    kept = "".join(c for c in line if face_of(c) and not unicodedata.combining(c))
    letters = sum(map(str.isalnum, line))
    if not letters:
        return " ".join(kept.split()) if kept.strip() else ""
    if sum(map(str.isalnum, kept)) < MOST * letters:
        return ""
    return " ".join(kept.split())


def lines(text: str, style: Style, width: float, most: int) -> list[str]:
    """Return a drawable text on at most `most` lines, each as `draw` draws it.

    The last line ends in an ellipsis if text is left out. A word that is wider than a line is
    broken anywhere.
    """
    base = directions.direction(text)
    found: list[str] = []
    rest = text
    while rest and len(found) < most:
        line = _fitting(rest, style, width)
        after = rest[len(line) :].lstrip()
        if after and len(found) == most - 1:
            return [*found, cut(rest, style, width, base)]
        found.append(directions.to_display(line, base, text[: len(text) - len(rest)], after))
        rest = after
    return found


def fits(text: str, style: Style, width: float, most: int) -> bool:
    """Return whether a text has at most `most` lines, and no word is broken."""
    rest = text
    for _ in range(most):
        line = _fitting(rest, style, width)
        rest = rest[len(line) :]
        if not rest or not rest.startswith(" "):
            break
        rest = rest.lstrip()
    return not rest


def cut(text: str, style: Style, width: float, base: str = "L") -> str:
    """Return as much of a text as fits on a line, with an ellipsis if that is not all."""
    if _width(text, style) > width:
        text = text[: _longest(text, style, width, ELLIPSIS)].rstrip() + ELLIPSIS
    return directions.to_display(text, base)


def line_width(line: str, style: Style) -> float:
    """Return the width of a line in pixels, of one that `lines` or `cut` returned."""
    return sum(advance(run, style.size, bold=style.bold, face=face) for face, run in _runs(line))


def draw(line: str, at: Point, style: Style) -> Iterator[Text]:
    """Draw a line with its left end at a place on the baseline, one shape for each typeface."""
    x, y = at
    for face, run in _runs(line):
        yield Text((x, y), run, style.size, style.colour, style.bold, face=face)
        x += advance(run, style.size, bold=style.bold, face=face)


def _width(text: str, style: Style) -> float:
    """Return the width of text that is not ordered for drawing yet: letters may be joined then."""
    return line_width(directions.to_display(text, "L"), style)


def _fitting(text: str, style: Style, width: float) -> str:
    """Return the words that fit on a line, or the start of the first one."""
    if _width(text, style) <= width:
        return text
    end = _longest(text, style, width)
    space = text.rfind(" ", 0, end + 1)
    return text[:space] if space > 0 else text[: max(1, end)]


def _longest(text: str, style: Style, width: float, end: str = "") -> int:
    """Return the number of characters that fit on a line together with `end`, by bisection."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _width(text[:middle].rstrip() + end, style) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _runs(line: str) -> list[tuple[str, str]]:
    """Return the parts of a line from left to right, each with its typeface."""
    by_face = groupby(line, lambda character: face_of(character) or FIGTREE)
    return [(face, "".join(run)) for face, run in by_face]
