"""Rasterises scenes with Pillow.

Pillow does not antialias shapes, so each is drawn as a mask `SUPERSAMPLING` times larger, reduced,
and filled with its colour. Each step holds the GIL for a few milliseconds at most.
"""

import base64
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from bot.domain.points import Point
from bot.render import png, typefaces
from bot.render.scene import Align, Disc, Photo, Pill, Polygon, Scene, Shape, Stroke, Text

SUPERSAMPLING: Final = 4
ANCHORS: Final[Mapping[Align, str]] = {"left": "ls", "middle": "ms", "right": "rs"}

MAX_LAYERS: Final = 4
"""Static layers that are kept, 1 MB each: two sizes of the radar chart in two themes."""

MAX_TEXT_MASKS: Final = 512
"""Masks of text that are kept, 4 kB each."""

MAX_TEXT_BOXES: Final = 64

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the final picture."""


class _Mask(NamedTuple):
    """Coverage of each pixel, 0-255, and where its top left corner is."""

    corner: tuple[int, int]
    image: Image.Image


class Painter:
    """Paints scenes; keeps what many have in common. Not for several threads at once."""

    def __init__(self) -> None:
        self._text_mask = lru_cache(MAX_TEXT_MASKS)(_text_mask)
        self._layer = lru_cache(MAX_LAYERS)(_layer)

    def paint(self, scene: Scene) -> bytes:
        """Return the scene as a PNG; equal scenes give equal bytes."""
        canvas = Image.new("RGB", (scene.width, scene.height), scene.background)
        if scene.static:
            canvas.paste(*self._layer(scene.shapes[: scene.static], scene.background))
        for shape in scene.shapes[scene.static :]:
            if isinstance(shape, Photo):
                canvas.paste(_photo(shape), (round(shape.left), round(shape.top)))
                continue
            corner, mask = self._text(shape) if isinstance(shape, Text) else _mask(shape)
            canvas.paste(shape.colour, corner, mask)
        return png.encode(canvas)

    def _text(self, text: Text) -> _Mask:
        # Text is hinted for its fraction of a pixel, and labels recur at the same places.
        (x, left), (y, top) = map(math.modf, text.at)
        corner, mask = self._text_mask(
            text.text, text.size, (x, y), text.align, face=text.face, bold=text.bold
        )
        return _Mask((int(left) + corner[0], int(top) + corner[1]), mask)


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
            left, top, right, bottom = _text_box(
                shape.text, shape.size, shape.align, face=shape.face, bold=shape.bold
            )
            return x + left, y + top, x + right, y + bottom
        case Photo(left=left, top=top, size=size):
            return left, top, left + size, top + size


def advance(text: str, size: int, *, bold: bool, face: str = typefaces.FIGTREE) -> float:
    """Return how far a text moves the place where the next one begins, in pixels."""
    return _font(size, face=face, bold=bold).getlength(text)


def _layer(shapes: Sequence[Shape], background: str) -> tuple[Image.Image, tuple[int, int]]:
    """Paint shapes, no text or photos, on a picture that just contains them; return its corner."""
    masks = [
        (shape.colour, _mask(shape)) for shape in shapes if not isinstance(shape, Text | Photo)
    ]
    left = min(mask.corner[0] for _, mask in masks)
    top = min(mask.corner[1] for _, mask in masks)
    right = max(mask.corner[0] + mask.image.width for _, mask in masks)
    bottom = max(mask.corner[1] + mask.image.height for _, mask in masks)
    layer = Image.new("RGB", (right - left, bottom - top), background)
    for colour, ((x, y), mask) in masks:
        layer.paste(colour, (x - left, y - top), mask)
    return layer, (left, top)


def _mask(shape: Polygon | Stroke | Disc | Pill) -> _Mask:
    left, top, right, bottom = extent(shape)
    corner = (math.floor(left), math.floor(top))
    # At least one pixel, as the area of a song whose features are all 0 is a point.
    size = (max(1, math.ceil(right) - corner[0]), max(1, math.ceil(bottom) - corner[1]))
    large = Image.new("L", (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING))
    _draw(shape, ImageDraw.Draw(large), corner)
    mask = large.reduce(SUPERSAMPLING)
    if isinstance(shape, Polygon) and shape.opacity < 1:
        mask = mask.point([round(cover * shape.opacity) for cover in range(256)])
    return _Mask(corner, mask)


def _text_mask(text: str, size: int, at: Point, align: Align, *, face: str, bold: bool) -> _Mask:
    font = _font(size, face=face, bold=bold)
    left, top, right, bottom = font.getbbox(text, anchor=ANCHORS[align])
    # One pixel more on each side, as the text is moved by a fraction of a pixel.
    corner = (math.floor(left) - 1, math.floor(top) - 1)
    box = (max(0, math.ceil(right) - corner[0] + 1), max(0, math.ceil(bottom) - corner[1] + 1))
    mask = Image.new("L", box)
    pen = ImageDraw.Draw(mask)
    pen.text((at[0] - corner[0], at[1] - corner[1]), text, 255, font, ANCHORS[align])
    return _Mask(corner, mask)


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
        parts = dashes(start, end, stroke.dash * SUPERSAMPLING) if stroke.dash else [(start, end)]
        for part in parts:
            pen.line(part, 255, round(width))
            for point in part:
                pen.circle(point, width / 2, 255)


def dashes(start: Point, end: Point, dash: float) -> Iterator[tuple[Point, Point]]:
    """Split a line into dashes and gaps of about equal length, with a dash at each end."""
    gaps = max(1, round((math.dist(start, end) / dash - 1) / 2))
    parts = 2 * gaps + 1
    for first in range(0, parts, 2):
        yield _interpolate(start, end, first / parts), _interpolate(start, end, (first + 1) / parts)


def _interpolate(start: Point, end: Point, fraction: float) -> Point:
    return start[0] + (end[0] - start[0]) * fraction, start[1] + (end[1] - start[1]) * fraction


@lru_cache(MAX_TEXT_BOXES)
def _text_box(text: str, size: int, align: Align, *, face: str, bold: bool) -> Box:
    """Return the bounding box of a text at (0, 0)."""
    return _font(size, face=face, bold=bold).getbbox(text, anchor=ANCHORS[align])


def _photo(photo: Photo) -> Image.Image:
    """Return an image of its final size; the JPEG is one that `bot.render.cover` made."""
    size = round(photo.size)
    with Image.open(io.BytesIO(base64.b64decode(photo.jpeg)), formats=("JPEG",)) as image:
        return image.resize((size, size), Image.Resampling.LANCZOS)


def _font(size: int, *, bold: bool, face: str = typefaces.FIGTREE) -> ImageFont.FreeTypeFont:
    """Load the font; takes 0.05 ms, and shares nothing between threads."""
    file = typefaces.file(face, bold=bold)
    # The other layout engine needs libraqm.
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _bounds(points: Sequence[Point], margin: float) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin
