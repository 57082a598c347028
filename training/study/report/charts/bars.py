"""Horizontal bar charts with one bar for each genre."""

from collections.abc import Mapping
from typing import Final

from training.study.report.charts.scale import Scale
from training.study.report.charts.svg import bar, chart, text
from training.study.report.colours import of_genre
from training.study.report.html import Markup

WIDTH: Final = 340
LEFT: Final = 84
RIGHT: Final = 60
ROW: Final = 24
THICK: Final = 15


def bars(values: Mapping[str, float], title: str, unit: str) -> Markup:
    """Return a bar chart of `values` by genre, in the given order, with labels."""
    scale = Scale(0, max(values.values()), LEFT, WIDTH - RIGHT)
    shapes = []
    for number, (genre, value) in enumerate(values.items()):
        top = number * ROW + 4
        middle = top + THICK - 3
        shapes += [
            text((LEFT - 8, middle), genre, "end"),
            bar((LEFT, top), scale(value) - LEFT, THICK, of_genre(genre)),
            text((scale(value) + 6, middle), f"{value:.0f} {unit}", "start", "figure"),
        ]
    written = ", ".join(f"{genre} {value:.1f}" for genre, value in values.items())
    return chart(WIDTH, len(values) * ROW + 4, title, f"In {unit}: {written}.", shapes)
