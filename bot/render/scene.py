"""Vector shapes of a picture.

Lengths are in pixels of the final picture; y grows downwards; colours are "#rrggbb".
"""

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Line = tuple[Point, ...]
Align = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon; `opacity` is in the range 0-1."""

    points: Line
    colour: str
    opacity: float = 1


@dataclass(frozen=True, slots=True)
class Stroke:
    """Polylines with round caps and joins; `dash` is the length of a dash, 0 for solid lines."""

    lines: tuple[Line, ...]
    width: float
    colour: str
    dash: float = 0


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle, or if `width` is above 0 a ring of that width inside `radius`."""

    centre: Point
    radius: float
    colour: str
    width: float = 0


@dataclass(frozen=True, slots=True)
class Pill:
    """A filled rectangle with fully rounded ends."""

    left: float
    top: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `at` is on the baseline, at the left end, middle or right end by `align`."""

    at: Point
    text: str
    size: int
    colour: str
    bold: bool = False
    align: Align = "left"


Shape = Polygon | Stroke | Disc | Pill | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: `shapes` in painting order on an opaque background.

    The first `static` shapes, none of them text, recur in many pictures and are painted once.
    """

    width: int
    height: int
    background: str
    shapes: tuple[Shape, ...]
    static: int = 0
