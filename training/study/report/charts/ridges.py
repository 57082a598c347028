"""Ridge plots: the distribution of a feature in each genre, its quartiles and its median."""

from collections.abc import Sequence
from typing import Final

from training.study.exploration import Axis, Distribution
from training.study.report.charts.scale import Scale, ticks
from training.study.report.charts.svg import Point, area, chart, line, text, x_axis
from training.study.report.colours import of_genre
from training.study.report.formats import feature
from training.study.report.html import Markup, element
from training.study.report.names import of_feature

WIDTH: Final = 300
LEFT: Final = 78
RIGHT: Final = 12
TOP: Final = 8
ROW: Final = 30
PEAK: Final = 21
MINUTE_MS: Final = 60_000


def ridges(axis: Axis, distributions: Sequence[Distribution], title: str) -> Markup:
    """Return a feature's histograms one below the other, each scaled to its own maximum."""
    in_minutes = MINUTE_MS if axis.unit == "ms" else 1
    scale = Scale(axis.low / in_minutes, axis.high / in_minutes, LEFT, WIDTH - RIGHT)
    bottom = TOP + len(distributions) * ROW
    unit = "minutes" if axis.unit == "ms" else axis.unit
    rows = [
        _row(scale, in_minutes, own, TOP + number * ROW + PEAK)
        for number, own in enumerate(distributions)
    ]
    written = "; ".join(
        f"{own.genre}: median {feature(own.quantiles[2], axis.unit)}, middle half "
        f"{feature(own.quantiles[1], axis.unit)} to {feature(own.quantiles[3], axis.unit)}"
        for own in distributions
    )
    marks = ticks(scale.low, scale.high)
    frame = x_axis(scale, marks, TOP, bottom, f"{of_feature(axis.feature)} ({unit})")
    return chart(WIDTH, bottom + 38, title, f"{written}.", frame, rows)


def _row(scale: Scale, divisor: float, own: Distribution, base: float) -> Markup:
    width = (scale.end - scale.start) / len(own.histogram)
    highest = max(own.histogram)
    outline: list[Point] = [(scale.start, base)]
    for number, share in enumerate(own.histogram):
        height = base - PEAK * share / highest
        outline += [
            (scale.start + number * width, height),
            (scale.start + (number + 1) * width, height),
        ]
    outline.append((scale.end, base))
    low, middle, high = (scale(value / divisor) for value in own.quantiles[1:4])
    return element(
        "g",
        text((LEFT - 8, base - 4), own.genre, "end"),
        area(outline, "silhouette", of_genre(own.genre)),
        line((low, base + 3), (high, base + 3), "half"),
        element("circle", cx=middle, cy=base + 3, r=3, class_="median"),
    )
