"""ROC curves, reliability diagrams and learning curves."""

from collections.abc import Mapping, Sequence
from typing import Final

from training.study.metrics import Bin, Roc
from training.study.report.charts.marks import mark
from training.study.report.charts.scale import Scale, ticks_around
from training.study.report.charts.svg import Point, chart, curve, line, text, x_axis, y_axis
from training.study.report.colours import of_genre
from training.study.report.formats import count, score, share
from training.study.report.html import Markup, Node, element
from training.study.robustness.results import LearningPoint

WIDTH: Final = 300
HEIGHT: Final = 290
LEFT: Final = 38
TOP: Final = 26
SIDE: Final = 224
BOTTOM: Final = TOP + SIDE
QUARTERS: Final = (0, 0.25, 0.5, 0.75, 1)
MAX_DOT_RADIUS: Final = 10.0
"""Radius of a dot that represents all rows."""


def roc(genre: str, main: Roc, other: Roc | None, title: str, description: str) -> Markup:
    """Return a genre's ROC curve in its colour, and that of another model dashed."""
    x, y, frame = _square("false positive rate", "true positive rate")
    dashed = curve(_roc_points(other, x, y), "dashed") if other else ()
    bold = curve(_roc_points(main, x, y), "bold", of_genre(genre))
    return chart(WIDTH, HEIGHT, title, description, frame, dashed, bold)


def reliability(bins: Sequence[Bin], title: str) -> Markup:
    """Return a reliability diagram; the area of a dot is its share of the songs."""
    x, y, frame = _square("probability of the first guess", "share of correct first guesses")
    rows = sum(one.rows for one in bins)
    places = [(x(one.probability), y(one.accuracy)) for one in bins]
    circles = [
        element(
            "circle", cx=px, cy=py, r=2 + MAX_DOT_RADIUS * (one.rows / rows) ** 0.5, class_="bubble"
        )
        for (px, py), one in zip(places, bins, strict=True)
    ]
    notes = [
        text((x(0.04), y(0.93)), "underconfident", "start", "tick"),
        text((x(0.98), y(0.04)), "overconfident", "end", "tick"),
    ]
    written = "; ".join(
        f"{share(one.probability)} sure, {share(one.accuracy)} right ({count(one.rows)} songs)"
        for one in bins
    )
    line_through = curve(places, "highlight-line")
    return chart(WIDTH, HEIGHT, title, f"{written}.", frame, notes, line_through, circles)


def learning(curves: Mapping[str, Sequence[LearningPoint]], title: str) -> Markup:
    """Return the weighted F1 on the test split by number of training rows, one curve a model.

    The shape of a model's marks depends on its position in `curves`.
    """
    points = [point for own in curves.values() for point in own]
    scores = [point.test.weighted_f1 for point in points]
    y_ticks = ticks_around(min(scores), max(scores))
    x_ticks = ticks_around(0, max(point.rows for point in points), 3)
    y = Scale(y_ticks[0], y_ticks[-1], BOTTOM, TOP)
    x = Scale(0, x_ticks[-1], LEFT + 6, WIDTH - 20)
    frame = (
        x_axis(x, x_ticks, TOP, BOTTOM, "training rows"),
        y_axis(y, y_ticks, LEFT + 6, WIDTH - 20, "weighted F1 on test songs"),
    )
    drawn: list[Node] = []
    for number, own in enumerate(curves.values()):
        places = [(x(point.rows), y(point.test.weighted_f1)) for point in own]
        drawn.append(curve(places, "highlight-line" if number == 0 else "span"))
        drawn += [mark(number, *place) for place in places]
    written = "; ".join(
        f"{name}: "
        + ", ".join(f"{count(point.rows)} rows {score(point.test.weighted_f1)}" for point in own)
        for name, own in curves.items()
    )
    return chart(WIDTH, HEIGHT, title, f"{written}.", frame, drawn)


def _square(x_name: str, y_name: str) -> tuple[Scale, Scale, Markup]:
    x, y = Scale(0, 1, LEFT, LEFT + SIDE), Scale(0, 1, BOTTOM, TOP)
    frame = element(
        "g",
        x_axis(x, QUARTERS, TOP, BOTTOM, x_name),
        y_axis(y, QUARTERS, LEFT, LEFT + SIDE, y_name),
        line((x(0), y(0)), (x(1), y(1)), "diagonal"),
    )
    return x, y, frame


def _roc_points(own: Roc, x: Scale, y: Scale) -> list[Point]:
    return [(x(a), y(b)) for a, b in zip(own.false_positive, own.true_positive, strict=True)]
