"""Radar charts as values for an inline SVG, whose colours are those of the page's style."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.domain import spokes
from bot.domain.points import Line, Point
from bot.domain.spokes import Circle
from bot.platforms.web.present import Json
from model.schema import RADAR

WIDTH: Final = 440
HEIGHT: Final = 350
CIRCLE: Final = Circle((WIDTH / 2, 186.0), 120.0)
"""In the units of the SVG's view box."""

GAP: Final = 14.0
"""Distance of a label from the circle."""

LINE: Final = 18.0
"""Distance of the baselines of a label's two lines."""

ANCHORS: Final = {-1: "end", 0: "middle", 1: "start"}
"""Where a label's text is anchored, by its side of the circle."""


def frame(labels: Callable[[str], str], values: Callable[[str], str]) -> Json:
    """Return what is behind the shapes: size, rings, and the spokes with their labels and values.

    Args:
        labels: Returns a feature's display name.
        values: Returns a feature's value in words.
    """
    x, y = CIRCLE.centre
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "x": x,
        "y": y,
        "rings": [CIRCLE.radius * part for part in spokes.RINGS],
        "spokes": [
            {**_spoke(name), "label": labels(name), "value": values(name)} for name in RADAR
        ],
    }


def shape(values: Mapping[str, float]) -> Json:
    """Return a song's areas, outlines and corners; features without a value interrupt them."""
    known = {name: values[name] for name in RADAR if name in values}
    return {
        "areas": [_points(line) for line in spokes.areas(known, CIRCLE)],
        "lines": [_points(line) for line in spokes.outlines(known, CIRCLE)],
        "corners": [_rounded(CIRCLE.at(name, value)) for name, value in known.items()],
    }


def _spoke(name: str) -> Json:
    _, down = spokes.direction(name)
    end = _rounded(CIRCLE.at(name, 1))
    reach = 1 + GAP / CIRCLE.radius
    x, y = CIRCLE.at(name, reach)
    # Both lines are above the top of the circle, below its bottom, and centred at its sides.
    first = y + (down - 1) / 2 * LINE + 5 * (1 + down) / 2
    return {"end": end, "at": _rounded((x, first)), "second": round(first + LINE, 1)} | {
        "anchor": ANCHORS[spokes.side(name)]
    }


def _points(line: Line) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in line)


def _rounded(point: Point) -> tuple[float, float]:
    return round(point[0], 1), round(point[1], 1)
