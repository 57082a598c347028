"""Horizontal bar chart: each bar between its name and its value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.domain.cards import Answer, displayed_genres
from bot.render.fitting import fitted
from bot.render.palette import Palette
from bot.render.scene import Pill, Shape, Stroke, Text
from model.tag_taxonomy import MAX_GENRES
from model.verdicts import Verdict

SIZE: Final = 46
"""Font size: 11 CSS pixels in a picture that is 1000 wide and displayed at 240 CSS pixels."""

CAP_HEIGHT: Final = 0.7
"""Height of capital letters and digits relative to the font size."""

MAX_LARGE_ROWS: Final = 5
MAX_ROWS: Final = 6
"""Number of rows of an answer."""

NAME_WIDTH: Final = 260.0
FIGURE_WIDTH: Final = 170.0
BAR: Final = 18.0
HIGHLIGHTED_BAR: Final = 30.0
MAX_PITCH: Final = 72.0
"""Largest distance of two rows."""

LEGEND_BAR: Final = 14.0
LEGEND_WIDTH: Final = 50.0
LEGEND_GAP: Final = 16.0
OUTLINE: Final = 4.0

HIGHLIGHTED: Final = {Verdict.PLAIN: 1, Verdict.EITHER: 2, Verdict.UNSURE: 0}
"""Number of highlighted genres by verdict."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled bar.

    Attributes:
        name: Label on the left.
        figure: Formatted value on the right.
        length: Length relative to the full width, 0-1.
        highlighted: Whether it is larger and in the accent colour.
        outlined: Whether it has an outline.
    """

    name: str
    figure: str
    length: float
    highlighted: bool = False
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a picture that bars fill: its edges in pixels."""

    left: float
    right: float
    top: float
    bottom: float


def genre_bars(answer: Answer) -> list[Bar]:
    """Return the bars of the displayed genres; the full width is 100 %, filed ones are outlined.

    There are at most `MAX_ROWS`: with several improbable filed genres, fewer of the most probable.
    """
    highlighted = HIGHLIGHTED[answer.prediction.verdict]
    limits = range(MAX_LARGE_ROWS, MAX_ROWS - MAX_GENRES, -1)
    genres = [displayed_genres(answer, limit) for limit in (*limits, MAX_ROWS - MAX_GENRES)]
    displayed = next((few for few in genres if len(few) <= MAX_ROWS), genres[-1])
    filed = answer.filed_under.genres if answer.filed_under else ()
    return [
        Bar(genre, texts.percent(probability), probability, rank < highlighted, genre in filed)
        for rank, (genre, probability) in enumerate(displayed.items())
    ]


def draw_bars(bars: Sequence[Bar], palette: Palette, accent: str, area: Area) -> Iterator[Shape]:
    """Draw bars from top to bottom, spread over the available height."""
    height = area.bottom - area.top
    pitch = min(MAX_PITCH, height / max(1, len(bars)))
    middle = area.top + (height - pitch * (len(bars) - 1)) / 2
    for row, bar in enumerate(bars):
        yield from _bar(bar, area, middle + row * pitch, palette, accent)


def _bar(bar: Bar, area: Area, middle: float, palette: Palette, accent: str) -> Iterator[Shape]:
    """Draw a bar whose vertical centre is at `middle`."""
    bold = bar.highlighted
    figure_colour, fill = (palette.ink, accent) if bold else (palette.muted, palette.plain)
    baseline = middle + SIZE * CAP_HEIGHT / 2
    name = Text((area.left, baseline), bar.name, SIZE, palette.ink, bold)
    yield fitted(name, NAME_WIDTH - LEGEND_GAP)
    yield Text((area.right, baseline), bar.figure, SIZE, figure_colour, bold, "right")
    height = HIGHLIGHTED_BAR if bold else BAR
    left, top = area.left + NAME_WIDTH, middle - height / 2
    width = area.right - FIGURE_WIDTH - left
    if bar.outlined:
        yield outline(left, top, width, height, palette)
    yield Pill(left, top, width, height, palette.track)
    if bar.length > 0:
        yield Pill(left, top, width * min(1, bar.length), height, fill)


def outline(left: float, top: float, width: float, height: float, palette: Palette) -> Shape:
    """Draw what is an outline around a bar that is drawn over it."""
    return Pill(
        left - OUTLINE, top - OUTLINE, width + 2 * OUTLINE, height + 2 * OUTLINE, palette.ink
    )


def outline_legend(palette: Palette, left: float, baseline: float) -> Iterator[Shape]:
    """Draw what an outline stands for."""
    top = baseline - (SIZE * CAP_HEIGHT + LEGEND_BAR) / 2
    yield outline(left + OUTLINE, top, LEGEND_WIDTH, LEGEND_BAR, palette)
    yield Pill(left + OUTLINE, top, LEGEND_WIDTH, LEGEND_BAR, palette.track)
    at = (left + LEGEND_WIDTH + 2 * OUTLINE + LEGEND_GAP, baseline)
    yield Text(at, texts.FILED, SIZE, palette.muted)


def separator(palette: Palette, left: float, right: float, y: float) -> Shape:
    """Draw a line between two parts of a picture."""
    return Stroke((((left, y), (right, y)),), 2, palette.grid)
