"""Horizontal bar chart, in the right half of a picture by default, and the tempo below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import texts
from bot.domain.cards import Answer, displayed_genres
from bot.render.palette import Palette
from bot.render.scene import Pill, Shape, Stroke, Text
from model.tag_taxonomy import MAX_GENRES
from model.verdicts import Verdict

LEFT: Final = 604.0
RIGHT: Final = 960.0
TOP: Final = 40.0
BOTTOM: Final = 424.0
SEPARATOR_Y: Final = 456.0
TEMPO_BASELINE: Final = 512.0
TEMPO_ABOVE_LEGEND: Final = 493.0
LEGEND_BASELINE: Final = 530.0
LEGEND_SIZE: Final = 27
LEGEND_BAR: Final = 12.0
LEGEND_WIDTH: Final = 36.0
LEGEND_GAP: Final = 14.0
MAX_LARGE_ROWS: Final = 5
"""Number of rows drawn in the large size; with more rows, all are smaller."""

MAX_ROWS: Final = 6
"""Number of rows of an answer."""

MAX_GAP: Final = 56.0
OUTLINE: Final = 3.0
CAP_HEIGHT: Final = 0.7
"""Height of capital letters and digits relative to the font size."""

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

    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM

    @property
    def width(self) -> float:
        """Length of a full bar."""
        return self.right - self.left


RIGHT_HALF: Final = Area()


@dataclass(frozen=True, slots=True)
class _Row:
    size: int
    space: float
    bar: float

    @property
    def height(self) -> float:
        return self.size * CAP_HEIGHT + self.space + self.bar


_HIGHLIGHTED: Final = _Row(size=44, space=18, bar=26)
_PLAIN: Final = _Row(size=29, space=13, bar=14)
_HIGHLIGHTED_SMALL: Final = _Row(size=32, space=10, bar=16)
_PLAIN_SMALL: Final = _Row(size=27, space=8, bar=10)

PLAIN_HEIGHT: Final = _PLAIN.height
"""Height of a row that is not highlighted, of at most MAX_LARGE_ROWS."""


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


def draw_bars(
    bars: Sequence[Bar], palette: Palette, accent: str, area: Area = RIGHT_HALF
) -> Iterator[Shape]:
    """Draw bars from top to bottom, spread over the available height."""
    large, small = (
        (_HIGHLIGHTED, _PLAIN)
        if len(bars) <= MAX_LARGE_ROWS
        else (_HIGHLIGHTED_SMALL, _PLAIN_SMALL)
    )
    rows = [_row(large if bar.highlighted else small, bar) for bar in bars]
    spare = area.bottom - area.top - sum(row.height for row in rows)
    gap = min(MAX_GAP, spare / max(1, len(rows) - 1))
    y = area.top + (spare - gap * (len(rows) - 1)) / 2
    for row, bar in zip(rows, bars, strict=True):
        yield from _bar(bar, row, y + row.size * CAP_HEIGHT, palette, accent, area=area)
        y += row.height + gap


def _bar(
    bar: Bar, row: _Row, baseline: float, palette: Palette, accent: str, *, area: Area
) -> Iterator[Shape]:
    """Draw a bar below its name and its value, which stand on `baseline`."""
    top, bold = baseline + row.space, bar.highlighted
    figure_colour, fill = (palette.ink, accent) if bold else (palette.muted, palette.plain)
    yield Text((area.left, baseline), bar.name, row.size, palette.ink, bold)
    yield Text((area.right, baseline), bar.figure, row.size, figure_colour, bold, "right")
    if bar.outlined:
        yield outline(area.left, top, area.width, row.bar, palette)
    yield Pill(area.left, top, area.width, row.bar, palette.track)
    if bar.length > 0:
        yield Pill(area.left, top, area.width * min(1, bar.length), row.bar, fill)


def _row(row: _Row, bar: Bar) -> _Row:
    """Return the row of a bar, with space for its outline."""
    return replace(row, space=row.space + OUTLINE) if bar.outlined else row


def outline(left: float, top: float, width: float, height: float, palette: Palette) -> Shape:
    """Draw what is an outline around a bar that is drawn over it."""
    return Pill(
        left - OUTLINE, top - OUTLINE, width + 2 * OUTLINE, height + 2 * OUTLINE, palette.ink
    )


def separator(palette: Palette) -> Shape:
    """Draw the line between the bars and the figures below them."""
    return Stroke((((LEFT, SEPARATOR_Y), (RIGHT, SEPARATOR_Y)),), 2, palette.grid)


def tempo(
    value: float | None, palette: Palette, baseline: float = TEMPO_BASELINE
) -> Iterator[Shape]:
    """Draw the tempo in BPM; a question mark if it is unknown."""
    yield separator(palette)
    yield Text((LEFT, baseline), texts.LABELS["tempo"], 29, palette.muted)
    figure = "?" if value is None else texts.format_feature("tempo", value)
    colour = palette.muted if value is None else palette.ink
    yield Text((RIGHT, baseline), figure, 36, colour, bold=True, align="right")


def outline_legend(palette: Palette, left: float = LEFT) -> Iterator[Shape]:
    """Draw what an outline stands for, below the tempo at `TEMPO_ABOVE_LEGEND`."""
    top = LEGEND_BASELINE - LEGEND_SIZE * CAP_HEIGHT / 2 - LEGEND_BAR / 2
    yield outline(left + OUTLINE, top, LEGEND_WIDTH, LEGEND_BAR, palette)
    yield Pill(left + OUTLINE, top, LEGEND_WIDTH, LEGEND_BAR, palette.track)
    at = (left + LEGEND_WIDTH + 2 * OUTLINE + LEGEND_GAP, LEGEND_BASELINE)
    yield Text(at, texts.FILED, LEGEND_SIZE, palette.muted)
