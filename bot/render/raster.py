"""Rasterises a scene with Pillow.

Pillow does not antialias shapes, so each is drawn as a mask `SUPERSAMPLING` times larger, reduced,
and filled with its colour. Each step holds the GIL for a few milliseconds at most.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.render import png
from bot.render.scene import Align, Disc, Pill, Point, Polygon, Scene, Shape, Stroke, Text

SUPERSAMPLING: Final = 4
FONTS: Final = Path(__file__).parent / "fonts"
ANCHORS: Final[Mapping[Align, str]] = {"left": "ls", "middle": "ms", "right": "rs"}

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the final picture."""


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
    """Return the bounding box of a shape."""
    match shape:
        case Polygon(points=points):
            return _bounds(points, 0)
        case Stroke(lines=lines, width=width):
            return _bounds([point for line in lines for point in line], width / 2)
        case Disc(centre=centre, radius=radius):
            return _bounds([centre], radius)
        case Pill():
            return shape.left, shape.top, shape.left + shape.width, shape.top + shape.height
        case Text(at=(x, y)):
            left, top, right, bottom = _font(shape).getbbox(shape.text, anchor=ANCHORS[shape.align])
            return x + left, y + top, x + right, y + bottom


def _mask(shape: Polygon | Stroke | Disc | Pill) -> tuple[tuple[int, int], Image.Image]:
    """Return the top left corner of a shape's mask, and the mask: coverage of each pixel, 0-255."""
    left, top, right, bottom = extent(shape)
    corner = (math.floor(left), math.floor(top))
    size = (math.ceil(right) - corner[0], math.ceil(bottom) - corner[1])
    large = Image.new("L", (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING))
    _draw(shape, ImageDraw.Draw(large), corner)
    mask = large.reduce(SUPERSAMPLING)
    if isinstance(shape, Polygon) and shape.opacity < 1:
        mask = mask.point([round(cover * shape.opacity) for cover in range(256)])
    return corner, mask


def _draw(shape: Shape, pen: ImageDraw.ImageDraw, corner: tuple[int, int]) -> None:
    def scaled(point: Point) -> Point:
        return (point[0] - corner[0]) * SUPERSAMPLING, (point[1] - corner[1]) * SUPERSAMPLING

    match shape:
        case Polygon(points=points):
            pen.polygon([scaled(point) for point in points], fill=255)
        case Stroke(lines=lines):
            for line in lines:
                _stroke(pen, [scaled(point) for point in line], shape)
        case Disc(centre=centre, radius=radius, width=width):
            fill = 0 if width else 255
            pen.circle(
                scaled(centre), radius * SUPERSAMPLING, fill, 255, round(width * SUPERSAMPLING)
            )
        case Pill(left=left, top=top, width=width, height=height):
            ends = (*scaled((left, top)), *scaled((left + width, top + height)))
            pen.rounded_rectangle(ends, min(width, height) / 2 * SUPERSAMPLING, fill=255)


def _stroke(pen: ImageDraw.ImageDraw, line: Sequence[Point], stroke: Stroke) -> None:
    width = stroke.width * SUPERSAMPLING
    for start, end in pairwise(line):
        parts = _dashes(start, end, stroke.dash * SUPERSAMPLING) if stroke.dash else [(start, end)]
        for part in parts:
            pen.line(part, 255, round(width))
            for point in part:
                pen.circle(point, width / 2, 255)


def _dashes(start: Point, end: Point, dash: float) -> Iterator[tuple[Point, Point]]:
    """Split a line into dashes and gaps of about equal length, with a dash at each end."""
    gaps = max(1, round((math.dist(start, end) / dash - 1) / 2))
    parts = 2 * gaps + 1
    for first in range(0, parts, 2):
        yield _interpolate(start, end, first / parts), _interpolate(start, end, (first + 1) / parts)


def _interpolate(start: Point, end: Point, fraction: float) -> Point:
    return start[0] + (end[0] - start[0]) * fraction, start[1] + (end[1] - start[1]) * fraction


def _font(text: Text) -> ImageFont.FreeTypeFont:
    """Load the font; takes 0.05 ms, and shares nothing between threads."""
    file = FONTS / ("Figtree-Bold.ttf" if text.bold else "Figtree-Medium.ttf")
    # The other layout engine needs libraqm.
    return ImageFont.truetype(file, text.size, layout_engine=ImageFont.Layout.BASIC)


def _bounds(points: Sequence[Point], margin: float) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin
