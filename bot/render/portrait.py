"""Picture of several songs: a radar chart of their means, above genre bars and rows of figures."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.spokes import Circle
from bot.render.bars import CAP_HEIGHT, SIZE, Area, Bar, draw_bars, separator
from bot.render.palette import Palette
from bot.render.radar import STATIC_SHAPES
from bot.render.scene import Scene, Shape, Text

WIDTH: Final = 1000
MARGIN: Final = 30.0
LEFT: Final = 40.0
RIGHT: Final = WIDTH - LEFT
CIRCLE: Final = Circle((WIDTH / 2, 317.0), 226.0)
LEGEND_BASELINE: Final = 645.0
BARS_TOP: Final = 736.0
PITCH: Final = 62.0
"""Distance of two bars, or of two rows of figures."""

GAP: Final = 18.0
"""Distance of the line below the bars from what is above and below it."""

Row = tuple[Text, ...]
"""Texts beside one another, whose baselines are at 0."""


def portrait(
    above: Sequence[Shape],
    bars: Sequence[Bar],
    figures: Sequence[Row],
    palette: Palette,
    accent: str,
) -> Scene:
    """Return the picture, as high as its bars and figures need.

    Args:
        above: The radar chart on `CIRCLE` and its legend at `LEGEND_BASELINE`.
        bars: The genres' bars.
        figures: Rows below them.
        palette: Colours of the theme.
        accent: Colour of highlighted bars.
    """
    bottom = BARS_TOP + len(bars) * PITCH
    line = bottom + GAP if bars else bottom
    shapes = (
        *above,
        *draw_bars(bars, palette, accent, Area(LEFT, RIGHT, BARS_TOP, bottom)),
        separator(palette, LEFT, RIGHT, line),
        *_figures(figures, line + GAP),
    )
    height = round(line + GAP + len(figures) * PITCH + MARGIN - (PITCH - SIZE) / 2)
    return Scene(WIDTH, height, palette.background, shapes, STATIC_SHAPES)


def labelled(label: str, figure: str, palette: Palette) -> Row:
    """Return a row with a label at the left edge and its figure at the right one."""
    return (
        Text((LEFT, 0), label, SIZE, palette.muted),
        Text((RIGHT, 0), figure, SIZE, palette.ink, bold=True, align="right"),
    )


def _figures(rows: Sequence[Row], top: float) -> Iterator[Shape]:
    for number, row in enumerate(rows):
        baseline = top + number * PITCH + (PITCH + SIZE * CAP_HEIGHT) / 2
        for text in row:
            yield replace(text, at=(text.at[0], baseline))
