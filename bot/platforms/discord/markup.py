"""Reads Discord's markup: which links of a text are left alone, and which are hidden.

Code, links in angle brackets and spoilers are found in one pass from left to right, in linear time,
by the rules of Discord's clients: a spoiler reaches to the next two bars, also across other markup,
and a backslash takes the meaning from the character behind it. Nothing here fails.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.domain import links

SPOILER: Final = "||"
FENCE: Final = "```"

_SPECIAL: Final = re.compile(r"\\[^0-9A-Za-z\s]|`|<[^<>\s]+>|\|\|")
"""An escaped character, the beginning of code, a link without its preview, a spoiler's bars."""


class Part(NamedTuple):
    """A part of a text.

    Attributes:
        text: The part, without its markers.
        is_silenced: Whether it is code, or an address in angle brackets.
        is_hidden: Whether it is inside a spoiler.
    """

    text: str
    is_silenced: bool = False
    is_hidden: bool = False


def spoken(text: str) -> str:
    """Return a text without code and without addresses in angle brackets."""
    return "".join(" " if part.is_silenced else part.text for part in _parts(text))


def hides_link(text: str) -> bool:
    """Return whether a link to a music service is inside a spoiler."""
    hidden = (part.text for part in _parts(text) if part.is_hidden)
    return bool(links.find(" ".join(hidden)).links)


def hidden(text: str) -> str:
    """Return an escaped text as a spoiler."""
    return f"{SPOILER}{text}{SPOILER}"


def _parts(text: str, *, is_hidden: bool = False) -> Iterator[Part]:
    code = _Code(text)
    start = position = 0
    while special := _SPECIAL.search(text, position):
        position = special.end()
        found = special[0]
        if found[0] == "\\":
            continue
        if found[0] == "`":
            position, end = code.ends(special.start())
        elif found == SPOILER:
            # At least one character is hidden, by Discord's rule, which may be a bar.
            closing = text.find(SPOILER, position + 1)
            end = closing + len(SPOILER) if closing >= 0 else None
        else:
            end = position
        if end is None:
            continue
        yield Part(text[start : special.start()], is_hidden=is_hidden)
        if found == SPOILER:
            yield Part(" ")
            yield from _parts(text[position : end - len(SPOILER)], is_hidden=True)
            yield Part(" ")
        else:
            inside = text[special.start() : end]
            yield Part(inside, is_silenced=True, is_hidden=is_hidden)
        start = position = end
    yield Part(text[start:], is_hidden=is_hidden)


class _Code:
    """Finds where code ends; the runs of backticks are indexed, so that this stays linear."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] = []
        self._starts: dict[int, list[int]] = defaultdict(list)  # by the length of the run
        for run in re.finditer("`+", text):
            self._ends.append(run.end())
            self._starts[len(run[0])].append(run.start())

    def ends(self, start: int) -> tuple[int, int | None]:
        """Return the end of the run of backticks from `start` on, and of the code that it begins.

        The latter is None if the run begins no code. A block reaches to the next three backticks.
        Code in a line reaches to a run that is as long as its own, or as a part of it.
        """
        after = self._ends[bisect_right(self._ends, start)]
        if after - start >= len(FENCE):
            content = start + len(FENCE)
            closing = self._text.find(FENCE, content + 1)
            if closing >= 0 and self._text[content:closing].strip("\n"):
                return after, closing + len(FENCE)
        for length in range(after - start, 0, -1):
            runs = self._starts.get(length, ())
            following = bisect_left(runs, after)
            if following < len(runs):
                return after, runs[following] + length
        return after, None
