"""Writes scenes as SVG (https://www.w3.org/TR/SVG11/).

Letters are outlines, so that the picture looks the same where its fonts are not installed. Own
code, because packages that write SVG leave glyphs and dashes to the reader.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.domain.points import Line
from bot.render import typefaces
from bot.render.raster import dashes
from bot.render.scene import Disc, Photo, Pill, Polygon, Scene, Shape, Stroke, Text

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may contain."""

ALIGNED: Final = {"left": 0.0, "middle": 0.5, "right": 1.0}
"""Share of a text's width that is left of its place."""


def write(scene: Scene, title: str, description: str) -> bytes:
    """Return a scene as SVG, with a title and a description for those who cannot see it.

    Equal input gives equal bytes. Raises ValueError if the fonts are not readable.
    """
    width, height = scene.width, scene.height
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = (
        f'<svg {names} {size} role="img" aria-labelledby="title desc">',
        f'<title id="title">{_text(title)}</title>',
        f'<desc id="desc">{_text(description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="{scene.background}"/>',
        *(part for shape in scene.shapes for part in _shape(shape)),
        "</svg>\n",
    )
    return "\n".join(parts).encode()


def _shape(shape: Shape) -> Iterator[str]:
    match shape:
        case Polygon(points=points, colour=colour, opacity=opacity):
            seen = f' fill-opacity="{_number(opacity)}"' if opacity < 1 else ""
            yield f'<path d="{_path(points)}Z" fill="{colour}"{seen}/>'
        case Stroke(colour=colour, width=width):
            yield (
                f'<path d="{"".join(map(_path, _lines(shape)))}" fill="none" stroke="{colour}" '
                f'stroke-width="{_number(width)}" stroke-linecap="round" stroke-linejoin="round"/>'
            )
        case Disc(centre=(x, y), radius=radius, colour=colour, width=width):
            paint = f'fill="{colour}"'
            if width:
                paint = f'fill="none" stroke="{colour}" stroke-width="{_number(width)}"'
            middle = _number(radius - width / 2)
            yield f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{middle}" {paint}/>'
        case Pill():
            yield (
                f"<rect {_frame(shape.left, shape.top, shape.width, shape.height)} "
                f'rx="{_number(min(shape.width, shape.height) / 2)}" fill="{shape.colour}"/>'
            )
        case Text():
            yield _letters(shape)
        case Photo(left=left, top=top, size=size, jpeg=jpeg):
            source = f"data:image/jpeg;base64,{jpeg}"
            yield f'<image {_frame(left, top, size, size)} xlink:href="{source}"/>'


def _lines(stroke: Stroke) -> Iterator[Line]:
    """Yield the lines of a stroke, or its dashes."""
    for line in stroke.lines:
        if not stroke.dash:
            yield line
            continue
        for start, end in pairwise(line):
            yield from dashes(start, end, stroke.dash)


def _letters(text: Text) -> str:
    # fontTools takes 80 ms to import, and other formats need none of it.
    from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

    font = _font(text.face, bold=text.bold)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    pen, end = SVGPathPen(glyphs, _number), 0.0
    for character in text.text:
        glyph = glyphs[names.get(ord(character), ".notdef")]
        glyph.draw(TransformPen(pen, (1, 0, 0, 1, end, 0)))
        end += glyph.width
    scale = text.size / font["head"].unitsPerEm
    left = text.at[0] - ALIGNED[text.align] * end * scale
    return (
        f'<path transform="translate({_number(left)} {_number(text.at[1])}) '
        f'scale({scale:g} {-scale:g})" d="{pen.getCommands()}" fill="{text.colour}"/>'
    )


@lru_cache(2 * len(typefaces.WEIGHTS))
def _font(face: str, *, bold: bool) -> "TTFont":
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - as above

    # Read at once: nothing of the file stays open.
    return TTFont(typefaces.file(face, bold=bold), lazy=False)


def _path(points: Line) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _frame(left: float, top: float, width: float, height: float) -> str:
    return (
        f'x="{_number(left)}" y="{_number(top)}" '
        f'width="{_number(width)}" height="{_number(height)}"'
    )


def _number(value: float) -> str:
    """Return a number with at most two digits after the point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
