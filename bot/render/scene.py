"""The shapes that a picture is made of, apart from how they are painted.

Lengths are in pixels of the finished picture; y grows downwards; colours are "#rrggbb".
"""

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Line = tuple[Point, ...]
Align = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled area; `opacity` 0-1."""

    points: Line
    colour: str
    opacity: float = 1


@dataclass(frozen=True, slots=True)
class Stroke:
    """Lines with round ends and joints; `dash` is the length of a dash, 0 for a solid line."""

    lines: tuple[Line, ...]
    width: float
    colour: str
    dash: float = 0


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle, or a ring when `width` is above 0; `width` lies within `radius`."""

    centre: Point
    radius: float
    colour: str
    width: float = 0


@dataclass(frozen=True, slots=True)
class Pill:
    """A filled rectangle whose short ends are round."""

    left: float
    top: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `at` is on its baseline, at its left end, middle or right end."""

    at: Point
    text: str
    size: int
    colour: str
    bold: bool = False
    align: Align = "left"


Shape = Polygon | Stroke | Disc | Pill | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: `shapes` in the order of painting, on an opaque background."""

    width: int
    height: int
    background: str
    shapes: tuple[Shape, ...]
