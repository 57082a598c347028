"""Chart of an answer by sound alone: the tags heard on the left, the genres on the right.

Without tags, the genres fill the picture. What was measured in the sound stands below.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from bot import texts
from bot.domain.cards import Answer
from bot.render.bars import (
    BOTTOM,
    CAP_HEIGHT,
    LEFT,
    LEGEND_BASELINE,
    PLAIN_HEIGHT,
    RIGHT,
    SEPARATOR_Y,
    TOP,
    Area,
    Bar,
    draw_bars,
    genre_bars,
    outline_legend,
)
from bot.render.palette import Palette
from bot.render.scene import Shape, Stroke, Text
from bot.texts import sound

MARGIN: Final = 40.0
ALONE_BOTTOM: Final = 520.0
"""Lower edge of the genres' bars if nothing stands below them."""

TAGS_RIGHT: Final = 524.0
LABEL_SIZE: Final = 27
HEADING_BASELINE: Final = TOP + LABEL_SIZE * CAP_HEIGHT
TAGS_TOP: Final = HEADING_BASELINE + 30
TAG_DISTANCE: Final = (BOTTOM - TAGS_TOP - PLAIN_HEIGHT) / (sound.MAX_TAGS - 1)
"""Distance of the tops of two tags, with which the most that are drawn fill the height."""

CELLS: Final = (MARGIN, 300.0, LEFT)
"""Left edges of the measured figures; each has its label above it."""

FIGURE_SIZE: Final = 29
LABEL_BASELINE: Final = LEGEND_BASELINE - 39
ACCIDENTALS: Final = str.maketrans({"♯": "#", "♭": "b"})
"""Stand-ins for the signs in the names of keys, which the font lacks."""

FILED_LEFT: Final = 766.0
"""Left edge of the legend of outlined bars."""


def sound_chart(answer: Answer, palette: Palette, accent: str) -> Iterator[Shape]:
    """Draw what is heard, the genres and what was measured."""
    tags = sound.heard_tags(answer.heard) if answer.heard else {}
    measured = sound.figures(answer.heard) if answer.heard else {}
    if tags:
        yield from _tags(tags, palette)
    genres = genre_bars(answer)
    filed = any(bar.outlined for bar in genres)
    below = filed or bool(measured)
    area = Area(left=LEFT if tags else MARGIN, bottom=BOTTOM if below else ALONE_BOTTOM)
    yield from draw_bars(genres, palette, accent, area)
    if below:
        yield Stroke((((MARGIN, SEPARATOR_Y), (RIGHT, SEPARATOR_Y)),), 2, palette.grid)
    yield from _figures(measured, palette)
    if filed:
        yield from outline_legend(palette, FILED_LEFT)


def _tags(tags: Mapping[str, float], palette: Palette) -> Iterator[Shape]:
    """Draw the tags as bars from the top; the full width is 100 %, of each by itself."""
    yield Text((MARGIN, HEADING_BASELINE), sound.HEARD, LABEL_SIZE, palette.muted)
    bars = [Bar(name, texts.percent(p), p) for name, p in tags.items()]
    bottom = TAGS_TOP + PLAIN_HEIGHT + (len(bars) - 1) * TAG_DISTANCE
    yield from draw_bars(bars, palette, palette.plain, Area(MARGIN, TAGS_RIGHT, TAGS_TOP, bottom))


def _figures(measured: Mapping[str, str], palette: Palette) -> Iterator[Shape]:
    """Draw the measured figures side by side."""
    for left, (label, figure) in zip(CELLS, measured.items(), strict=False):
        yield Text((left, LABEL_BASELINE), label, LABEL_SIZE, palette.muted)
        drawn = figure.translate(ACCIDENTALS)
        yield Text((left, LEGEND_BASELINE), drawn, FIGURE_SIZE, palette.ink, bold=True)
