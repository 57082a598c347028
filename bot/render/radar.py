"""Radar chart of seven features in the range 0-1, and its legend."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from bot import texts
from bot.render.palette import Palette
from bot.render.raster import extent
from bot.render.scene import Align, Disc, Line, Point, Polygon, Shape, Stroke, Text
from model.schema import RADAR

CENTRE: Final = (302.0, 240.0)
RADIUS: Final = 164.0
INNER_RADIUS: Final = 0.1
"""Distance of the value 0 from the centre, relative to the radius, so that 0 is visible."""

LABEL_SIZE: Final = 27
LABEL_DISTANCE: Final = RADIUS + 16
STATIC_SHAPES: Final = 5
"""Number of shapes at the start of a radar chart that are the same in all charts of a theme."""

LEGEND_LEFT: Final = 40.0
LEGEND_BASELINE: Final = 512.0


def radar(
    values: Mapping[str, float],
    typical: Mapping[str, float],
    palette: Palette,
    accent: str,
    spread: Mapping[str, float] | None = None,
) -> Iterator[Shape]:
    """Draw a song's features in front of those of the typical song.

    A feature missing from `values` gets a dashed spoke with a question mark, and interrupts the
    outline. With `spread`, `values` are means: a band reaches as far to both sides of the outline,
    within the range 0-1, instead of the filled area.
    """
    yield Disc(CENTRE, RADIUS, palette.panel)
    for part in (0.25, 0.5, 0.75, 1):
        yield Disc(CENTRE, _distance(part), palette.grid, width=2)
    if spokes := tuple((_at(name, 0), _at(name, 1)) for name in RADAR if name in values):
        yield Stroke(spokes, 2, palette.grid)

    for area in _areas(typical):
        yield Polygon(area, palette.plain, opacity=0.2)
    for line in _outline(typical):
        yield Stroke((line,), 3, palette.plain, dash=8)

    for area in _areas(values) if spread is None else _bands(values, spread):
        yield Polygon(area, accent, opacity=0.30)
    for line in _outline(values):
        yield Stroke((line,), 5, accent)
    for name in RADAR:
        if name in values:
            yield Disc(_at(name, values[name]), 7, accent)
        else:
            yield from _unknown(name, palette)
        yield _label(name, palette.ink if name in values else palette.muted)


def legend(own: str, typical: str | None, palette: Palette, accent: str) -> Iterator[Shape]:
    """Draw the legend; `typical` is None if only one outline is drawn."""
    middle = LEGEND_BASELINE - 9
    first = LEGEND_LEFT
    yield Stroke((((first, middle), (first + 36, middle)),), 5, accent)
    yield Disc((first + 18, middle), 7, accent)
    label = Text((first + 50, LEGEND_BASELINE), own, LABEL_SIZE, palette.ink)
    yield label
    if typical is None:
        return
    _, _, end, _ = extent(label)
    second = end + 33
    yield Stroke((((second, middle), (second + 40, middle)),), 3, palette.plain, dash=8)
    yield Text((second + 52, LEGEND_BASELINE), typical, LABEL_SIZE, palette.muted)


def _direction(name: str) -> Point:
    angle = math.tau * (RADAR.index(name) / len(RADAR) - 0.25)
    return math.cos(angle), math.sin(angle)


def _distance(value: float) -> float:
    return RADIUS * (INNER_RADIUS + (1 - INNER_RADIUS) * value)


def _at(name: str, value: float) -> Point:
    across, down = _direction(name)
    distance = _distance(value)
    return CENTRE[0] + across * distance, CENTRE[1] + down * distance


def _runs(values: Mapping[str, float]) -> Iterator[list[str]]:
    """Yield the runs of known features that are adjacent on the circle."""
    gap = next((i for i, name in enumerate(RADAR) if name not in values), None)
    if gap is None:
        yield [*RADAR, RADAR[0]]
        return
    run: list[str] = []
    for name in (*RADAR[gap:], *RADAR[: gap + 1]):
        if name in values:
            run.append(name)
        elif run:
            yield run
            run = []


def _outline(values: Mapping[str, float]) -> Iterator[Line]:
    for run in _runs(values):
        yield tuple(_at(name, values[name]) for name in run)


def _areas(values: Mapping[str, float]) -> Iterator[Line]:
    for line in _outline(values):
        if len(line) > 1:
            yield line if line[0] == line[-1] else (CENTRE, *line)


def _bands(values: Mapping[str, float], spread: Mapping[str, float]) -> Iterator[Line]:
    """Yield the areas between the values less and plus their spread."""
    for run in _runs(values):
        inner = [_at(name, max(0.0, values[name] - spread[name])) for name in run]
        outer = [_at(name, min(1.0, values[name] + spread[name])) for name in run]
        # Of a closed run, the way from the outer to the inner line and back has no area.
        if len(run) > 1:
            yield (*outer, *reversed(inner))


def _unknown(name: str, palette: Palette) -> Iterator[Shape]:
    x, y = _at(name, 0.75)
    yield Stroke(((_at(name, 0), _at(name, 1)),), 3, palette.grid, dash=8)
    yield Disc((x, y), 20, palette.panel)
    yield Text((x, y + 10), "?", 30, palette.muted, bold=True, align="middle")


def _label(name: str, colour: str) -> Text:
    across, down = _direction(name)
    x = CENTRE[0] + across * LABEL_DISTANCE
    # Shifted down by half the cap height, to centre the text, and outwards by part of the size.
    y = CENTRE[1] + down * (LABEL_DISTANCE + 0.3 * LABEL_SIZE) + 0.35 * LABEL_SIZE
    min_side = 0.2  # labels nearer to the vertical axis are centred
    align: Align = "middle" if abs(across) < min_side else "left" if across > 0 else "right"
    return Text((x, y), texts.LABELS[name], LABEL_SIZE, colour, align=align)
