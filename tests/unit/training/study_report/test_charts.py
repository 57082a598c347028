import re

import pytest

from model.schema import RADAR
from training.study.metrics import Bin, Roc
from training.study.report.charts.bars import bars
from training.study.report.charts.curves import reliability, roc
from training.study.report.charts.dots import Row, dots
from training.study.report.charts.radar import CENTRE, RADIUS, radar
from training.study.report.charts.scale import Scale, label, ticks, ticks_around
from training.study.report.html import Markup


def numbers(chart: Markup, name: str, attribute: str) -> list[float]:
    """Return an attribute of all elements of that name."""
    found = re.findall(rf'<{name}[^>]* {attribute}="([^"]*)"', chart.text)
    return [float(value) for value in found]


def points(chart: Markup, kind: str) -> list[tuple[float, float]]:
    """Return the corners of the line or area of that class."""
    (written,) = re.findall(rf'points="([^"]*)" class="{kind}"', chart.text)
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in written.split())]


def test_a_scale_keeps_to_its_ends() -> None:
    scale = Scale(0, 1, 100, 0)

    assert [scale(value) for value in (-1, 0, 0.25, 1, 7)] == [100, 100, 75, 0, 0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, [0, 0.25, 0.5, 0.75, 1]),
        (0.83, 0.87, [0.83, 0.84, 0.85, 0.86, 0.87]),
        (0.0, 9100.0, [0, 2500, 5000, 7500]),
        (-32.5, -1.2, [-30, -20, -10]),
    ],
)
def test_ticks_are_round_and_inside(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


@pytest.mark.parametrize(("low", "high"), [(0.811, 0.857), (0.5, 0.5), (0, 12_963), (-9.1, 3)])
def test_ticks_around_values_hold_them_between_the_first_and_the_last(
    low: float, high: float
) -> None:
    found = ticks_around(low, high)

    assert found[0] <= low <= high <= found[-1]
    assert 3 <= len(found) <= 7


def test_a_tick_is_written_briefly() -> None:
    assert [label(value) for value in (0.0, 0.25, -20.0, 10_000.0)] == [
        "0",
        "0.25",
        "\N{MINUS SIGN}20",
        "10,000",
    ]


def test_bars_are_as_long_as_their_values() -> None:
    first, second = numbers(bars({"rock": 120, "pop": 60}, "Tempo", "BPM"), "rect", "width")

    assert first == 2 * second


def test_a_radar_has_a_corner_at_each_features_value() -> None:
    drawn = radar({"rock": dict.fromkeys(RADAR, 0.0) | {RADAR[0]: 0.5}}, "Means")

    corners = points(drawn, "outline")
    assert len(corners) == len(RADAR)
    assert corners[0] == pytest.approx((CENTRE[0], CENTRE[1] - RADIUS / 2))
    assert all(corner == pytest.approx(CENTRE) for corner in corners[1:])


def test_dots_lie_in_the_order_of_their_figures_and_ours_is_written() -> None:
    rows = [Row("a model", {"ours": 0.8, "theirs": 0.7})]

    drawn = dots(rows, ("ours", "theirs"), "F1", "weighted F1")

    theirs, ours = numbers(drawn, "circle", "cx")
    assert theirs < ours
    assert ">0.800<" in drawn.text
    assert "a model: ours 0.800, theirs 0.700." in drawn.text


def test_a_series_without_a_figure_in_a_row_has_no_mark_there() -> None:
    rows = [Row("one", {"ours": 0.8, "theirs": 0.7}), Row("two", {"theirs": 0.6})]

    drawn = dots(rows, ("ours", "theirs"), "F1", "weighted F1")

    assert len(numbers(drawn, "circle", "cx")) == 3


def test_a_roc_curve_rises_from_corner_to_corner() -> None:
    own = Roc((0.0, 0.1, 1.0), (0.0, 0.8, 1.0))

    corners = points(roc("rock", own, None, "ROC", "Area 0.9."), "bold")

    (x0, y0), (x1, y1), (x2, y2) = corners
    assert x0 < x1 < x2
    assert y0 > y1 > y2
    assert (y0 - y1) / (y0 - y2) == pytest.approx(0.8, abs=0.01)


def test_a_dot_of_the_reliability_curve_is_as_large_as_its_share_of_the_songs() -> None:
    bins = [Bin(0.4, 0.5, 100, 0.45, 0.4), Bin(0.8, 0.9, 900, 0.85, 0.9)]

    drawn = reliability(bins, "Reliability")

    small, large = numbers(drawn, "circle", "r")
    assert (large - 2) ** 2 == pytest.approx(9 * (small - 2) ** 2, rel=0.02)
    assert "45\N{NO-BREAK SPACE}% sure, 40\N{NO-BREAK SPACE}% right (100 songs)" in drawn.text
