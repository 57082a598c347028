"""Writes scenes as PDF, with the bundled fonts embedded as far as they are used."""

import base64
import io
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.render import typefaces
from bot.render.raster import dashes
from bot.render.scene import Disc, Photo, Pill, Polygon, Scene, Shape, Stroke, Text
from bot.render.svg import ALIGNED

if TYPE_CHECKING:
    from fpdf import FPDF

MADE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Date in every file, so that equal pictures have equal bytes."""

ALMOST: Final = 0.999
"""Radius of a rounded end relative to half of the height; fpdf2 2.8 misreads the whole of it."""


def write(scene: Scene, title: str, description: str) -> bytes:
    """Return a scene as a PDF of one page; a pixel is a point.

    Equal input gives equal bytes. Raises `fpdf.errors.FPDFException` if it cannot be written.
    """
    # fpdf2 takes 0.2 s to import, and few people want a PDF.
    from fpdf import FPDF  # noqa: PLC0415

    pdf = FPDF(unit="pt", format=(scene.width, scene.height))
    pdf.set_creation_date(MADE)
    pdf.set_title(title)
    pdf.set_subject(description)
    pdf.set_margin(0)
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    pdf.set_fill_color(scene.background)
    pdf.rect(0, 0, scene.width, scene.height, style="F")
    for shape in scene.shapes:
        _draw(shape, pdf)
    return bytes(pdf.output())


def _draw(shape: Shape, pdf: "FPDF") -> None:
    match shape:
        case Polygon(points=points, colour=colour, opacity=opacity):
            pdf.set_fill_color(colour)
            with pdf.local_context(fill_opacity=opacity):
                pdf.polygon(points, style="F")
        case Stroke():
            _stroke(shape, pdf)
        case Disc(centre=(x, y), radius=radius, colour=colour, width=width):
            pdf.set_fill_color(colour)
            pdf.set_draw_color(colour)
            pdf.set_line_width(width)
            pdf.circle(x, y, radius - width / 2, style="D" if width else "F")
        case Pill(left=left, top=top, width=width, height=height, colour=colour):
            pdf.set_fill_color(colour)
            radius = ALMOST * min(width, height) / 2
            pdf.rect(left, top, width, height, style="F", round_corners=True, corner_radius=radius)
        case Text():
            _letters(shape, pdf)
        case Photo(left=left, top=top, size=size, jpeg=jpeg):
            pdf.image(io.BytesIO(base64.b64decode(jpeg)), left, top, size, size)


def _stroke(stroke: Stroke, pdf: "FPDF") -> None:
    pdf.set_draw_color(stroke.colour)
    pdf.set_line_width(stroke.width)
    round_ends = {"stroke_cap_style": "round", "stroke_join_style": "round"}
    with pdf.local_context(**round_ends):
        for line in stroke.lines:
            if not stroke.dash:
                pdf.polyline(line)
                continue
            for start, end in pairwise(line):
                for dash in dashes(start, end, stroke.dash):
                    pdf.polyline(dash)


def _letters(text: Text, pdf: "FPDF") -> None:
    style = "B" if text.bold else ""
    if f"{text.face.lower()}{style}" not in pdf.fonts:
        pdf.add_font(text.face, style, typefaces.file(text.face, bold=text.bold))
    pdf.set_font(text.face, style, text.size)
    pdf.set_text_color(text.colour)
    left = text.at[0] - ALIGNED[text.align] * pdf.get_string_width(text.text)
    pdf.text(left, text.at[1], text.text)
