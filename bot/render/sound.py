"""Chart of an answer by sound alone: the words heard above the genres' bars.

Without words beside the genres' own, the genres fill the picture.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.cards import Answer
from bot.render.bars import (
    CAP_HEIGHT,
    SIZE,
    Area,
    draw_bars,
    genre_bars,
    outline_legend,
    separator,
)
from bot.render.fitting import lines_of
from bot.render.palette import Palette, accents
from bot.render.scene import Scene, Shape, Text
from bot.texts import sound

WIDTH: Final = 1000
MARGIN: Final = 40.0
TOP: Final = 36.0
RIGHT: Final = WIDTH - MARGIN
PITCH: Final = 72.0
"""Distance of two bars."""

LEGEND_HEIGHT: Final = 62.0

HEADING_BASELINE: Final = TOP + SIZE * CAP_HEIGHT
WORD_SIZE: Final = 46
LINE_HEIGHT: Final = 64.0
GAP: Final = 34.0
"""Distance of the words from the line below them, and of that from the bars."""


def sound_chart(answer: Answer, palette: Palette) -> Scene:
    """Return the layout of the chart; its height is that of its contents."""
    accent, _ = accents(answer.prediction, palette)
    shapes: list[Shape] = []
    top = TOP - (PITCH - SIZE * CAP_HEIGHT) / 2
    if words := sound.heard_beside_genres(answer):
        lines = lines_of(words, Text((0, 0), "", WORD_SIZE, palette.ink), RIGHT - MARGIN)
        shapes += _heard(lines, palette)
        line = HEADING_BASELINE + len(lines) * LINE_HEIGHT + GAP
        shapes.append(separator(palette, MARGIN, RIGHT, line))
        top = line + GAP - (PITCH - SIZE) / 2
    bars = genre_bars(answer)
    bottom = top + len(bars) * PITCH
    shapes += draw_bars(bars, palette, accent, Area(MARGIN, RIGHT, top, bottom))
    if any(bar.outlined for bar in bars):
        bottom += LEGEND_HEIGHT
        shapes += outline_legend(palette, MARGIN, bottom - (PITCH - SIZE) / 2)
    height = round(bottom - (PITCH - SIZE * CAP_HEIGHT) / 2 + TOP)
    return Scene(WIDTH, height, palette.background, tuple(shapes))


def _heard(lines: Sequence[str], palette: Palette) -> Iterator[Shape]:
    yield Text((MARGIN, HEADING_BASELINE), sound.HEARD, SIZE, palette.muted)
    for number, line in enumerate(lines, 1):
        at = (MARGIN, HEADING_BASELINE + number * LINE_HEIGHT)
        yield Text(at, line, WORD_SIZE, palette.ink)
