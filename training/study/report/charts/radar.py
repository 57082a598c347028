"""Radar charts of the seven features from 0 to 1."""

import math
from collections.abc import Mapping
from typing import Final

from model.schema import RADAR
from training.study.report.charts.svg import Point, area, chart, curve, line, text
from training.study.report.colours import of_genre
from training.study.report.formats import short
from training.study.report.html import Markup, element

WIDTH: Final = 320
HEIGHT: Final = 244
CENTRE: Final = (160.0, 122.0)
RADIUS: Final = 88.0
RINGS: Final = (0.25, 0.5, 0.75, 1.0)
MAX_CENTRED: Final = 0.2
"""Labels are centred if their horizontal distance from the centre is less, in radii."""

Means = Mapping[str, float]


def radar(means: Mapping[str, Means], title: str, beside: Means | None = None) -> Markup:
    """Return the genres' means drawn over one another, and the means `beside` dashed."""
    spokes = [(line(_at(name, 0), _at(name, 1), "grid"), _name(name)) for name in RADAR]
    rings = [
        element("circle", cx=CENTRE[0], cy=CENTRE[1], r=RADIUS * r, class_="grid") for r in RINGS
    ]
    marks = [
        text((CENTRE[0] + 3, CENTRE[1] - RADIUS * ring + 11), f"{ring:g}", "start", "tick halo")
        for ring in RINGS
        if ring in (0.5, 1.0)
    ]
    outlines = [area(_corners(own), "outline", of_genre(genre)) for genre, own in means.items()]
    compared = curve([*(corners := _corners(beside)), corners[0]], "dashed") if beside else ()
    written = "; ".join(
        f"{genre}: " + ", ".join(f"{name} {short(own[name])}" for name in RADAR if name in own)
        for genre, own in means.items()
    )
    return chart(WIDTH, HEIGHT, title, f"{written}.", rings, spokes, compared, outlines, marks)


def _corners(means: Means) -> list[Point]:
    return [_at(name, means.get(name, 0)) for name in RADAR]


def _at(name: str, value: float, beyond: float = 0) -> Point:
    angle = 2 * math.pi * RADAR.index(name) / len(RADAR)
    distance = RADIUS * value + beyond
    return CENTRE[0] + distance * math.sin(angle), CENTRE[1] - distance * math.cos(angle)


def _name(name: str) -> Markup:
    x, y = _at(name, 1, 9)
    side = (x - CENTRE[0]) / RADIUS
    anchor = "middle" if abs(side) < MAX_CENTRED else "start" if side > 0 else "end"
    return text((x, y + 4 if y > CENTRE[1] - RADIUS else y), name, anchor, "tick")
