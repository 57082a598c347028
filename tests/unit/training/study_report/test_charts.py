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
    """Return the values of an attribute of all elements with this name."""
    found = re.findall(rf'<{name}[^>]* {attribute}="([^"]*)"', chart.text)
    return [float(value) for value in found]


def points(chart: Markup, kind: str) -> list[tuple[float, float]]:
    """Return the corners of the only line or area with this class."""
    (written,) = re.findall(rf'points="([^"]*)" class="{kind}"', chart.text)
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in written.split())]


def test_scale_clips_values_to_its_range() -> None:
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
def test_ticks_are_round_and_within_the_range(
    low: float, high: float, expected: list[float]
) -> None:
    assert ticks(low, high) == pytest.approx(expected)


@pytest.mark.parametrize(("low", "high"), [(0.811, 0.857), (0.5, 0.5), (0, 12_963), (-9.1, 3)])
def test_ticks_around_enclose_the_values(low: float, high: float) -> None:
    found = ticks_around(low, high)

    assert found[0] <= low <= high <= found[-1]
    assert 3 <= len(found) <= 7


def test_tick_labels_have_no_trailing_zeros() -> None:
    assert [label(value) for value in (0.0, 0.25, -20.0, 10_000.0)] == [
        "0",
        "0.25",
        "\N{MINUS SIGN}20",
        "10,000",
    ]


def test_bar_lengths_are_proportional_to_values() -> None:
    first, second = numbers(bars({"rock": 120, "pop": 60}, "Tempo", "BPM"), "rect", "width")

    assert first == 2 * second


def test_radar_has_a_corner_at_each_feature_value() -> None:
    drawn = radar({"rock": dict.fromkeys(RADAR, 0.0) | {RADAR[0]: 0.5}}, "Means")

    corners = points(drawn, "outline")
    assert len(corners) == len(RADAR)
    assert corners[0] == pytest.approx((CENTRE[0], CENTRE[1] - RADIUS / 2))
    assert all(corner == pytest.approx(CENTRE) for corner in corners[1:])


def test_dots_are_in_order_of_their_figures_and_the_first_series_is_written() -> None:
    rows = [Row("a model", {"shipped": 0.8, "baseline": 0.7})]

    drawn = dots(rows, ("shipped", "baseline"), "F1", "weighted F1")

    baseline, shipped = numbers(drawn, "circle", "cx")
    assert baseline < shipped
    assert ">0.800<" in drawn.text
    assert "a model: shipped 0.800, baseline 0.700." in drawn.text


def test_series_without_a_figure_has_no_mark() -> None:
    rows = [Row("one", {"shipped": 0.8, "baseline": 0.7}), Row("two", {"baseline": 0.6})]

    drawn = dots(rows, ("shipped", "baseline"), "F1", "weighted F1")

    assert len(numbers(drawn, "circle", "cx")) == 3


def test_roc_curve_rises_from_corner_to_corner() -> None:
    own = Roc((0.0, 0.1, 1.0), (0.0, 0.8, 1.0))

    corners = points(roc("rock", own, None, "ROC", "Area 0.9."), "bold")

    (x0, y0), (x1, y1), (x2, y2) = corners
    assert x0 < x1 < x2
    assert y0 > y1 > y2
    assert (y0 - y1) / (y0 - y2) == pytest.approx(0.8, abs=0.01)


def test_area_of_a_reliability_dot_is_proportional_to_its_songs() -> None:
    bins = [Bin(0.4, 0.5, 100, 0.45, 0.4), Bin(0.8, 0.9, 900, 0.85, 0.9)]

    drawn = reliability(bins, "Reliability")

    small, large = numbers(drawn, "circle", "r")
    assert (large - 2) ** 2 == pytest.approx(9 * (small - 2) ** 2, rel=0.02)
    assert "45\N{NO-BREAK SPACE}% sure, 40\N{NO-BREAK SPACE}% right (100 songs)" in drawn.text
