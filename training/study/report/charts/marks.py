"""Marks of series, which differ in shape as well as in colour."""

from collections.abc import Sequence
from typing import Final

from training.study.report.html import Markup, element

SIZE: Final = 5.0
SHAPES: Final = ("disc", "ring", "diamond", "triangle", "square")
CORNERS: Final = {
    "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    "triangle": ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
}


def legend(series: Sequence[str]) -> Markup:
    """Return a legend of the series' marks."""
    entries = [
        element(
            "li",
            element(
                "svg",
                mark(number, 8, 8),
                width=16,
                height=16,
                viewBox="0 0 16 16",
                aria_hidden="true",
            ),
            name,
        )
        for number, name in enumerate(series)
    ]
    return element("ul", entries, class_="legend")


def mark(number: int, x: float, y: float) -> Markup:
    """Return the mark of the series with this index, at most `len(SHAPES)` - 1."""
    shape = SHAPES[number]
    if shape in ("disc", "ring"):
        return element("circle", cx=x, cy=y, r=SIZE, class_=f"mark {shape}")
    corners = [(x + SIZE * dx, y + SIZE * dy) for dx, dy in CORNERS[shape]]
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in corners)
    return element("polygon", points=points, class_=f"mark {shape}")
