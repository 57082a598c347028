"""Geometry of radar charts: one spoke for each of the seven features in the range 0-1.

The first spoke points upwards, the others follow clockwise. Coordinates are those of pictures: x to
the right, y downwards.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.points import Line, Point
from model.schema import RADAR

RINGS: Final = (0.25, 0.5, 0.75, 1.0)
"""Values at which a chart has a ring."""

MIN_SIDE: Final = 0.2
"""Labels nearer to the vertical axis than this, relative to the radius, are centred."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Where a radar chart is: the circle for the value 1, whose centre is the value 0."""

    centre: Point
    radius: float

    def at(self, feature: str, value: float) -> Point:
        """Return the point of a value on a feature's spoke."""
        across, down = direction(feature)
        x, y = self.centre
        return x + across * value * self.radius, y + down * value * self.radius


def direction(feature: str) -> Point:
    """Return the direction of a feature's spoke, as a vector of length 1."""
    angle = math.tau * (RADAR.index(feature) / len(RADAR) - 0.25)
    return math.cos(angle), math.sin(angle)


def side(feature: str) -> int:
    """Return where a feature's label is: 1 to the right of the circle, -1 left, 0 centred."""
    across, _ = direction(feature)
    if abs(across) < MIN_SIDE:
        return 0
    return 1 if across > 0 else -1


def runs(values: Mapping[str, float]) -> Iterator[list[str]]:
    """Yield the runs of known features that are adjacent on the circle.

    If all are known, the only run begins and ends with the first feature.
    """
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


def outlines(values: Mapping[str, float], circle: Circle) -> tuple[Line, ...]:
    """Return the lines through the values of adjacent known features."""
    lines = (tuple(circle.at(name, values[name]) for name in run) for run in runs(values))
    return tuple(line for line in lines if len(line) > 1)


def areas(values: Mapping[str, float], circle: Circle) -> Iterator[Line]:
    """Yield the areas within the outline; those of lines with ends reach to the centre."""
    for line in outlines(values, circle):
        yield line if line[0] == line[-1] else (circle.centre, *line)
