"""Radar chart of seven features in the range 0-1, with the value at each spoke."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot import texts
from bot.domain import spokes
from bot.domain.points import Line, Point
from bot.domain.spokes import RINGS, Circle
from bot.render.fitting import width
from bot.render.palette import Palette
from bot.render.scene import Align, Disc, Polygon, Shape, Stroke, Text
from bot.texts.legend import UNKNOWN
from model.percentiles import middle_half
from model.schema import RADAR

LABEL_SIZE: Final = 46
"""11 CSS pixels in a picture that is 1000 wide and displayed at 240 CSS pixels.

A card has that width on a narrow phone in Discord.
"""

VALUE_SIZE: Final = 50
CAP_HEIGHT: Final = 0.7
"""Height of capital letters and digits relative to the font size."""

GAP: Final = 18.0
"""Distance of a label from the circle."""

TOP_GAP: Final = 28.0
"""That of the label above the circle, whose letters reach below its baseline."""

LINE_GAP: Final = 18.0
"""Distance of a feature's name from its value below it."""

WORD_GAP: Final = 14.0
"""Distance of a feature's name from its value beside it."""

STATIC_SHAPES: Final = 1 + len(RINGS) + 2
"""Number of shapes at the start of a radar chart that are the same in all charts of a theme."""

OUTLINE: Final = 8.0
TYPICAL: Final = 5.0
HALF: Final = 10.0
"""Widths of the outlines and of the marks of half of all songs."""

DASH: Final = 15.0
DOTS: Final = 10.0
"""Length of the dashes of an unknown feature's spoke, and of the gaps between them."""

STRIPE: Final = 26.0
"""Length of the second genre's parts of an outline in two colours."""

DOT: Final = 12.0


def radar(
    values: Mapping[str, float],
    typical: Mapping[str, float],
    palette: Palette,
    accent: str,
    spread: Mapping[str, float] | None = None,
    *,
    circle: Circle,
    second: str | None = None,
) -> Iterator[Shape]:
    """Draw a song's features in front of those of the typical song and of half of all songs.

    A feature missing from `values` gets a dashed spoke with a question mark, and interrupts the
    outline. With `spread`, `values` are means: a band reaches as far to both sides of the outline,
    within the range 0-1, instead of the filled area. With `second`, a colour, the outline has
    stripes of it.
    """
    yield from ground(circle, palette)
    if line := spokes.outlines(typical, circle):
        yield Stroke(line, TYPICAL, palette.muted, dash=DASH)

    for area in spokes.areas(values, circle) if spread is None else _bands(values, spread, circle):
        yield Polygon(area, accent, opacity=0.30)
    yield from outline(spokes.outlines(values, circle), accent, second)
    for name in RADAR:
        if name in values:
            yield Disc(circle.at(name, values[name]), DOT, accent)
        else:
            yield from unknown(name, circle, palette)
        yield from label(name, [figure(name, values.get(name), palette)], circle, palette)


def outline(lines: tuple[Line, ...], accent: str, second: str | None) -> Iterator[Shape]:
    """Draw a song's outline, with stripes in a second colour if there is one."""
    if lines:
        yield Stroke(lines, OUTLINE, accent)
        if second:
            yield Stroke(lines, OUTLINE, second, dash=STRIPE)


def ground(circle: Circle, palette: Palette) -> Iterator[Shape]:
    """Draw what is the same for all songs: rings, spokes and half of all songs."""
    yield Disc(circle.centre, circle.radius, palette.panel)
    for part in RINGS:
        yield Disc(circle.centre, circle.radius * part, palette.grid, width=2)
    yield Stroke(tuple((circle.centre, circle.at(name, 1)) for name in RADAR), 2, palette.grid)
    halves = tuple(tuple(circle.at(name, end) for end in middle_half(name)) for name in RADAR)
    yield Stroke(halves, HALF, half_colour(palette))


def half_colour(palette: Palette) -> str:
    """Return the colour of the marks of half of all songs."""
    return palette.plain


def _bands(
    values: Mapping[str, float], spread: Mapping[str, float], circle: Circle
) -> Iterator[Line]:
    """Yield the areas between the values less and plus their spread."""
    for run in spokes.runs(values):
        inner = [circle.at(name, max(0.0, values[name] - spread[name])) for name in run]
        outer = [circle.at(name, min(1.0, values[name] + spread[name])) for name in run]
        # Of a closed run, the way from the outer to the inner line and back has no area.
        if len(run) > 1:
            yield (*outer, *reversed(inner))


def unknown(name: str, circle: Circle, palette: Palette) -> Iterator[Shape]:
    """Draw the spoke of a feature that is not known."""
    x, y = circle.at(name, 0.75)
    yield Stroke(((circle.centre, circle.at(name, 1)),), 5, palette.plain, dash=DOTS)
    yield Disc((x, y), 30, palette.panel)
    at = (x, y + VALUE_SIZE * CAP_HEIGHT / 2)
    yield Text(at, "?", VALUE_SIZE, palette.muted, bold=True, align="middle")


def figure(name: str, value: float | None, palette: Palette) -> Text:
    """Return a feature's value as `label` takes it."""
    if value is None:
        return Text((0, 0), UNKNOWN, LABEL_SIZE, palette.muted)
    words = texts.format_feature(name, value)
    return Text((0, 0), words, VALUE_SIZE, palette.ink, bold=True)


def label(
    name: str, figures: Sequence[Text], circle: Circle, palette: Palette, gap: float = WORD_GAP
) -> Iterator[Text]:
    """Draw a feature's name and its figures: below it in a row, beside it at the top.

    `gap` is the distance of the figures from one another.
    """
    _, down = spokes.direction(name)
    side = spokes.side(name)
    x, y = circle.centre
    title = Text((x, y), texts.LABELS[name], LABEL_SIZE, palette.muted)
    row = sum(map(width, figures)) + gap * (len(figures) - 1)
    if not side:
        left = x - (width(title) + WORD_GAP + row) / 2
        y -= circle.radius + TOP_GAP
        yield replace(title, at=(left, y))
        yield from _in_a_row(figures, (left + width(title) + WORD_GAP, y), gap)
        return
    caps, figure_caps = LABEL_SIZE * CAP_HEIGHT, VALUE_SIZE * CAP_HEIGHT
    half = (caps + LINE_GAP + figure_caps) / 2
    reach = circle.radius + GAP
    middle = down * reach
    # The height at which the label is nearest to the centre, and how far from it the circle is.
    nearest = max(0.0, abs(middle) - half)
    edge = x + side * math.sqrt(reach**2 - nearest**2)
    align: Align = "left" if side > 0 else "right"
    top = y + middle - half
    yield replace(title, at=(edge, top + caps), align=align)
    if len(figures) == 1:
        yield replace(figures[0], at=(edge, top + 2 * half), align=align)
        return
    yield from _in_a_row(figures, (edge if side > 0 else edge - row, top + 2 * half), gap)


def _in_a_row(figures: Sequence[Text], at: Point, gap: float) -> Iterator[Text]:
    left, baseline = at
    for one in figures:
        yield replace(one, at=(left, baseline))
        left += width(one) + gap
