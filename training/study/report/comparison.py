"""Comparison of figures as a chart and tables: one row for each model or case."""

from typing import Final

from model.metrics import Figures
from training.study.report import formats
from training.study.report.blocks import collapsed, figure, panels, table
from training.study.report.charts.dots import Row, dots
from training.study.report.charts.marks import legend
from training.study.report.html import Node
from training.study.report.scores import NAMES, write

F1: Final = "weighted F1"
Compared = dict[str, dict[str, Figures]]
"""Figures by row and by series."""


def comparison(caption: str, corner: str, compared: Compared) -> Node:
    """Return chart and table of the weighted F1 by row and series, other figures collapsed."""
    if not compared:
        return ()
    series = list(dict.fromkeys(name for row in compared.values() for name in row))
    rows = [
        Row(label, {name: own.weighted_f1 for name, own in row.items()})
        for label, row in compared.items()
    ]
    head = [corner, *series]
    listed = [[row.label, *(_score(row.figures.get(name)) for name in series)] for row in rows]
    everything = [
        [label, name, formats.count(own.rows), *write(own)]
        for label, row in compared.items()
        for name, own in row.items()
    ]
    drawn = figure(caption, legend(series), dots(rows, series, caption, F1))
    return [
        panels([drawn, table(f"{caption}: {F1}", head, listed)]),
        collapsed(
            "All figures",
            table(f"{caption}: all figures", [corner, "", "songs", *NAMES], everything, [1]),
        ),
    ]


def _score(value: float | None) -> str:
    return formats.NO_VALUE if value is None else formats.score(value)
