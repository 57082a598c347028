"""Texts whose width is limited: shortened, and words broken into lines."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.render.raster import extent
from bot.render.scene import Text

ELLIPSIS: Final = "…"


def width(text: Text) -> float:
    """Return the width of a text in pixels."""
    left, _, right, _ = extent(text)
    return right - left


def fitted(text: Text, limit: float) -> Text:
    """Return a text that is at most `limit` pixels wide, shortened with an ellipsis if needed."""
    words = text.text
    while width(text) > limit and words:
        words = words[:-1].rstrip()
        text = replace(text, text=words + ELLIPSIS)
    return text


def lines_of(words: Iterable[str], like: Text, limit: float) -> list[str]:
    """Join words with commas, in as many lines as they need for a width in the font of `like`."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]}, {word}" if lines else word
        if lines and width(replace(like, text=f"{longer},")) > limit:
            lines[-1] += ","
            lines.append(word)
        else:
            lines[-1:] = [longer]
    return lines
