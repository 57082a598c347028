"""A song's cover in a picture, with rounded corners; a drawn record if there is no cover."""

import math
from collections.abc import Iterator
from typing import Final

from bot.domain.points import Line, Point
from bot.render.palette import Palette
from bot.render.scene import Disc, Photo, Polygon, Shape

RADIUS: Final = 0.06
"""Radius of the corners, relative to the size."""

STEPS: Final = 12
"""Parts of the polygon that stands for a quarter of a circle."""

VINYL: Final = "#14161c"
SHINE: Final = "#363b47"
"""Colours of a record in every theme."""

RECORD: Final = 0.4
GROOVES: Final = (0.34, 0.28, 0.22)
LABEL: Final = 0.14
HOLE: Final = 0.02
"""Radii of the parts of the record, relative to the size."""


def photo(jpeg: str, corner: Point, size: float, palette: Palette) -> Iterator[Shape]:
    """Draw a cover; its corners are painted over with the background."""
    left, top = corner
    yield Photo(left, top, size, jpeg)
    radius = RADIUS * size
    for quarter, outer in enumerate(((1, 1), (0, 1), (0, 0), (1, 0))):
        edge = (left + outer[0] * size, top + outer[1] * size)
        yield Polygon((edge, *_arc(corner, size, radius, quarter)), palette.background)


def record(colour: str, corner: Point, size: float) -> Iterator[Shape]:
    """Draw a record on a ground of a genre's colour."""
    centre = (corner[0] + size / 2, corner[1] + size / 2)
    ground = [point for quarter in range(4) for point in _arc(corner, size, RADIUS * size, quarter)]
    yield Polygon(tuple(ground), colour)
    yield Disc(centre, RECORD * size, VINYL)
    for groove in GROOVES:
        yield Disc(centre, groove * size, SHINE, width=2)
    yield Disc(centre, LABEL * size, colour)
    yield Disc(centre, HOLE * size, VINYL)


def _arc(corner: Point, size: float, radius: float, quarter: int) -> Line:
    """Return a rounded corner of a square: 0 for the one on the lower right, then clockwise."""
    right, below = quarter in {0, 3}, quarter in {0, 1}
    x = corner[0] + (size - radius if right else radius)
    y = corner[1] + (size - radius if below else radius)
    angles = ((quarter + step / STEPS) * math.tau / 4 for step in range(STEPS + 1))
    return tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles)
