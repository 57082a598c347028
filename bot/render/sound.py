"""Chart of an answer by sound alone: the words heard on the left, the genres on the right.

Without words beside the genres' own, the genres fill the picture.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.cards import Answer
from bot.render.bars import (
    CAP_HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    Area,
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

LEGEND_BOTTOM: Final = 462.0
"""Lower edge of the genres' bars above the legend of outlined ones."""

SEPARATOR_Y: Final = 488.0

HEADING_SIZE: Final = 27
HEADING_BASELINE: Final = TOP + HEADING_SIZE * CAP_HEIGHT
CONTENT_TOP: Final = HEADING_BASELINE + 28
WORD_SIZE: Final = 40
WORD_DISTANCE: Final = 72.0
"""Distance of the baselines of two words, with which the most that are said fill the height."""


def sound_chart(answer: Answer, palette: Palette, accent: str) -> Iterator[Shape]:
    """Draw what is heard and the genres."""
    words = sound.heard_beside_genres(answer)
    genres = genre_bars(answer)
    filed = any(bar.outlined for bar in genres)
    bottom = LEGEND_BOTTOM if filed else ALONE_BOTTOM
    if words:
        yield _heading(sound.HEARD, MARGIN, palette)
        yield from _words(words, palette)
        yield _heading(sound.GENRE, LEFT, palette)
    area = Area(LEFT, RIGHT, CONTENT_TOP, bottom) if words else Area(MARGIN, bottom=bottom)
    yield from draw_bars(genres, palette, accent, area)
    if filed:
        yield Stroke((((area.left, SEPARATOR_Y), (RIGHT, SEPARATOR_Y)),), 2, palette.grid)
        yield from outline_legend(palette, area.left)


def _heading(text: str, left: float, palette: Palette) -> Shape:
    return Text((left, HEADING_BASELINE), text, HEADING_SIZE, palette.muted)


def _words(words: Sequence[str], palette: Palette) -> Iterator[Shape]:
    """Draw the words below one another, in the order in which they are said."""
    first = CONTENT_TOP + WORD_SIZE * CAP_HEIGHT
    for number, word in enumerate(words):
        yield Text((MARGIN, first + number * WORD_DISTANCE), word, WORD_SIZE, palette.ink)
