"""Dot plots: one row for each model or case, with marks of a different shape for each series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from training.study.report.charts.marks import mark
from training.study.report.charts.scale import Scale, ticks_around
from training.study.report.charts.svg import chart, line, text, x_axis
from training.study.report.formats import score
from training.study.report.html import Markup, Node, element

WIDTH: Final = 340
MARGIN: Final = 12
TOP: Final = 4
ROW: Final = 36
LABEL: Final = 14
TRACK: Final = 25


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a dot plot: its label, and its figures by series; a series may be missing."""

    label: str
    figures: Mapping[str, float]


def dots(rows: Sequence[Row], series: Sequence[str], title: str, axis: str) -> Markup:
    """Return a dot plot; the figures of the first series are also written as text."""
    figures = [value for row in rows for value in row.figures.values()]
    marks = ticks_around(min(figures), max(figures))
    scale = Scale(marks[0], marks[-1], MARGIN, WIDTH - MARGIN)
    bottom = TOP + len(rows) * ROW
    written = "; ".join(
        f"{row.label}: "
        + ", ".join(f"{name} {score(value)}" for name, value in row.figures.items())
        for row in rows
    )
    return chart(
        WIDTH,
        bottom + 38,
        title,
        f"{written}.",
        x_axis(scale, marks, TOP, bottom, axis),
        [_row(row, series, scale, TOP + number * ROW) for number, row in enumerate(rows)],
    )


def _row(row: Row, series: Sequence[str], scale: Scale, top: float) -> Markup:
    places = [scale(value) for value in row.figures.values()]
    y = top + TRACK
    marks: list[Node] = [
        mark(number, scale(row.figures[name]), y)
        for number, name in reversed(list(enumerate(series)))
        if name in row.figures
    ]
    figure: Node = ()
    if series[0] in row.figures:
        figure = text(
            (WIDTH - MARGIN, top + LABEL), score(row.figures[series[0]]), "end", "highlight"
        )
    label = text((MARGIN, top + LABEL), row.label, "start", "halo")
    return element("g", line((min(places), y), (max(places), y), "span"), marks, label, figure)
