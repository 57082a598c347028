"""Paints a scene with Pillow.

Pillow's shapes have hard edges, so each is painted `FINE` times larger as a mask, reduced, and then
filled with its colour. Every step holds the interpreter's lock for a few milliseconds at most.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.render import png
from bot.render.scene import Align, Disc, Pill, Point, Polygon, Scene, Shape, Stroke, Text

FINE: Final = 4
FONTS: Final = Path(__file__).parent / "fonts"
ANCHORS: Final[Mapping[Align, str]] = {"left": "ls", "middle": "ms", "right": "rs"}

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the finished picture."""


def paint(scene: Scene) -> bytes:
    """Return the scene as a PNG."""
    canvas = Image.new("RGB", (scene.width, scene.height), scene.background)
    pen = ImageDraw.Draw(canvas)
    for shape in scene.shapes:
        if isinstance(shape, Text):
            pen.text(shape.at, shape.text, shape.colour, _font(shape), ANCHORS[shape.align])
        else:
            corner, mask = _mask(shape)
            canvas.paste(shape.colour, corner, mask)
    return png.encode(scene.width, scene.height, canvas.tobytes())


def extent(shape: Shape) -> Box:
    """Return the smallest box that holds all of a shape."""
    match shape:
        case Polygon(points=points):
            return _around(points, 0)
        case Stroke(lines=lines, width=width):
            return _around([point for line in lines for point in line], width / 2)
        case Disc(centre=centre, radius=radius):
            return _around([centre], radius)
        case Pill():
            return shape.left, shape.top, shape.left + shape.width, shape.top + shape.height
        case Text(at=(x, y)):
            left, top, right, bottom = _font(shape).getbbox(shape.text, anchor=ANCHORS[shape.align])
            return x + left, y + top, x + right, y + bottom


def _mask(shape: Polygon | Stroke | Disc | Pill) -> tuple[tuple[int, int], Image.Image]:
    """Return how much of each pixel the shape covers, 0-255, and where the mask's corner lies."""
    left, top, right, bottom = extent(shape)
    corner = (math.floor(left), math.floor(top))
    size = (math.ceil(right) - corner[0], math.ceil(bottom) - corner[1])
    large = Image.new("L", (size[0] * FINE, size[1] * FINE))
    _draw(shape, ImageDraw.Draw(large), corner)
    mask = large.reduce(FINE)
    if isinstance(shape, Polygon) and shape.opacity < 1:
        mask = mask.point([round(cover * shape.opacity) for cover in range(256)])
    return corner, mask


def _draw(shape: Shape, pen: ImageDraw.ImageDraw, corner: tuple[int, int]) -> None:
    def fine(point: Point) -> Point:
        return (point[0] - corner[0]) * FINE, (point[1] - corner[1]) * FINE

    match shape:
        case Polygon(points=points):
            pen.polygon([fine(point) for point in points], fill=255)
        case Stroke(lines=lines):
            for line in lines:
                _stroke(pen, [fine(point) for point in line], shape)
        case Disc(centre=centre, radius=radius, width=width):
            fill = 0 if width else 255
            pen.circle(fine(centre), radius * FINE, fill, 255, round(width * FINE))
        case Pill(left=left, top=top, width=width, height=height):
            ends = (*fine((left, top)), *fine((left + width, top + height)))
            pen.rounded_rectangle(ends, min(width, height) / 2 * FINE, fill=255)


def _stroke(pen: ImageDraw.ImageDraw, line: Sequence[Point], stroke: Stroke) -> None:
    width = stroke.width * FINE
    for start, end in pairwise(line):
        parts = _dashes(start, end, stroke.dash * FINE) if stroke.dash else [(start, end)]
        for part in parts:
            pen.line(part, 255, round(width))
            for point in part:
                pen.circle(point, width / 2, 255)


def _dashes(start: Point, end: Point, dash: float) -> Iterator[tuple[Point, Point]]:
    """Split a line into dashes, one at either end, with gaps of about the same length."""
    gaps = max(1, round((math.dist(start, end) / dash - 1) / 2))
    parts = 2 * gaps + 1
    for first in range(0, parts, 2):
        yield _between(start, end, first / parts), _between(start, end, (first + 1) / parts)


def _between(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _font(text: Text) -> ImageFont.FreeTypeFont:
    """Open the font anew: it takes 0.05 ms, and nothing is shared between threads."""
    file = FONTS / ("Figtree-Bold.ttf" if text.bold else "Figtree-Medium.ttf")
    # The other layout engine needs a library that not every machine has.
    return ImageFont.truetype(file, text.size, layout_engine=ImageFont.Layout.BASIC)


def _around(points: Sequence[Point], margin: float) -> Box:
    across, down = zip(*points, strict=True)
    return min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin
