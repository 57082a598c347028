"""Vector shapes of a picture.

Lengths are in pixels of the final picture; y grows downwards; colours are "#rrggbb".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from bot.domain.points import Line, Point
from bot.render.typefaces import FIGTREE

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
    """A line of text; `at` is on the baseline, at the left end, middle or right end by `align`.

    It is drawn from left to right in a bundled typeface (`bot.render.typefaces`), which should have
    its characters.
    """

    at: Point
    text: str
    size: int
    colour: str
    bold: bool = False
    align: Align = "left"
    face: str = FIGTREE


@dataclass(frozen=True, slots=True)
class Photo:
    """A square image: a JPEG in base 64, scaled to `size`."""

    left: float
    top: float
    size: float
    jpeg: str


Shape = Polygon | Stroke | Disc | Pill | Text | Photo


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: `shapes` in painting order on an opaque background.

    The first `static` shapes, neither text nor photos, recur in many pictures and are painted once.
    """

    width: int
    height: int
    background: str
    shapes: tuple[Shape, ...]
    static: int = 0

    def to_json(self) -> bytes:
        """Return the scene as JSON; equal scenes give equal bytes."""
        shapes = [
            [type(shape).__name__, *(getattr(shape, name) for name in shape.__slots__)]
            for shape in self.shapes
        ]
        fields = [self.width, self.height, self.background, shapes, self.static]
        return json.dumps(fields, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes | bytearray) -> Self:
        """Return the scene of `to_json`."""
        width, height, background, shapes, static = json.loads(data)
        made = tuple(KINDS[kind](*map(_hashable, fields)) for kind, *fields in shapes)
        return cls(width, height, background, made, static)


KINDS: Final[Mapping[str, type[Shape]]] = {
    kind.__name__: kind for kind in (Polygon, Stroke, Disc, Pill, Text, Photo)
}


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
