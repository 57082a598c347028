"""SVG elements common to all charts."""

from collections.abc import Iterable, Sequence

from training.study.report.charts.scale import Scale, label
from training.study.report.html import Markup, Node, element

Point = tuple[float, float]


def chart(width: float, height: float, title: str, description: str, *shapes: Node) -> Markup:
    """Return an SVG image with a title and a description for screen readers."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        shapes,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
    )


def text(
    at: Point, words: str, anchor: str = "start", kind: str | None = None, fill: str | None = None
) -> Markup:
    """Return text with its baseline at a point."""
    x, y = at
    style = fill and f"fill:{fill}"
    return element("text", words, x=x, y=y, text_anchor=anchor, class_=kind, style=style)


def line(start: Point, end: Point, kind: str) -> Markup:
    """Return a straight line."""
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=kind)


def curve(points: Sequence[Point], kind: str, colour: str | None = None) -> Markup:
    """Return a line through points."""
    return element(
        "polyline", points=_written(points), class_=kind, style=colour and f"stroke:{colour}"
    )


def area(points: Sequence[Point], kind: str, colour: str) -> Markup:
    """Return a filled polygon."""
    return element(
        "polygon", points=_written(points), class_=kind, style=f"fill:{colour};stroke:{colour}"
    )


def bar(at: Point, width: float, height: float, colour: str) -> Markup:
    """Return a bar with its upper left corner at a point, at least one pixel wide."""
    x, y = at
    return element(
        "rect", x=x, y=y, width=max(width, 1), height=height, rx=2, style=f"fill:{colour}"
    )


def x_axis(scale: Scale, marks: Iterable[float], top: float, bottom: float, name: str) -> Markup:
    """Return a horizontal axis: grid lines at the ticks `marks`, their labels and its name."""
    lines = [
        (
            line((scale(value), top), (scale(value), bottom), "grid"),
            text((scale(value), bottom + 15), label(value), "middle", "tick"),
        )
        for value in marks
    ]
    middle = (scale.start + scale.end) / 2
    return element("g", lines, text((middle, bottom + 31), name, "middle", "axis"))


def y_axis(scale: Scale, marks: Iterable[float], left: float, right: float, name: str) -> Markup:
    """Return a vertical axis: grid lines at the ticks `marks`, their labels and its name."""
    lines = [
        (
            line((left, scale(value)), (right, scale(value)), "grid"),
            text((left - 6, scale(value) + 4), label(value), "end", "tick"),
        )
        for value in marks
    ]
    return element("g", lines, text((2, scale.end - 10), name, "start", "axis"))


def _written(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
