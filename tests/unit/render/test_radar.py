import math

import pytest

from bot.domain.cards import Theme
from bot.render.palette import PALETTES
from bot.render.radar import CENTRE, RADIUS, radar
from bot.render.scene import Disc, Point, Polygon, Shape, Stroke, Text
from model.schema import RADAR

PALETTE = PALETTES[Theme.DARK]
ACCENT = "#123456"
TYPICAL = dict.fromkeys(RADAR, 0.5)


def shapes(values: dict[str, float]) -> list[Shape]:
    return list(radar(values, TYPICAL, PALETTE, ACCENT))


def outline(values: dict[str, float]) -> list[tuple[Point, ...]]:
    """The lines of the song, without the dots of isolated features."""
    strokes = [s for s in shapes(values) if isinstance(s, Stroke) and s.colour == ACCENT]
    return [line for stroke in strokes for line in stroke.lines if len(line) > 1]


def corners(values: dict[str, float]) -> list[Point]:
    return [s.centre for s in shapes(values) if isinstance(s, Disc) and s.colour == ACCENT]


def without(*names: str) -> dict[str, float]:
    return {name: 0.7 for name in RADAR if name not in names}


def test_outline_is_closed_if_all_features_are_known() -> None:
    (line,) = outline(without())
    assert len(line) == len(RADAR) + 1
    assert line[0] == line[-1]
    assert not [s for s in shapes(without()) if isinstance(s, Text) and s.text == "?"]


def test_features_are_ordered_clockwise_from_the_top() -> None:
    above, *_ = corners(without())
    assert above[0] == pytest.approx(CENTRE[0])
    assert above[1] < CENTRE[1]
    angles = [math.atan2(x - CENTRE[0], CENTRE[1] - y) % math.tau for x, y in corners(without())]
    assert angles == sorted(angles)


def test_distance_grows_with_the_value_up_to_the_radius() -> None:
    distances = [math.dist(CENTRE, corners(dict.fromkeys(RADAR, v))[0]) for v in (0, 0.3, 0.6, 1)]
    assert distances == sorted(set(distances))
    assert distances[-1] == pytest.approx(RADIUS)


def test_unknown_feature_has_no_corner_and_opens_the_outline() -> None:
    (line,) = outline(without("liveness"))
    assert line[0] != line[-1]
    assert len(line) == len(RADAR) - 1
    assert line == tuple(corners(without())[i] for i in (6, 0, 1, 2, 3, 4))


def test_unknown_feature_differs_from_zero() -> None:
    zero = without() | {"liveness": 0.0}
    assert set(corners(zero)) - set(corners(without("liveness")))
    assert len(outline(zero)[0]) > len(outline(without("liveness"))[0])


def test_unknown_feature_has_a_dashed_spoke_and_a_question_mark() -> None:
    drawn = shapes(without("liveness"))
    assert len([s for s in drawn if isinstance(s, Text) and s.text == "?"]) == 1
    grid = [s for s in drawn if isinstance(s, Stroke) and s.colour == PALETTE.grid]
    assert [(bool(s.dash), len(s.lines)) for s in grid] == [(False, 6), (True, 1)]
    labels = {s.text: s.colour for s in drawn if isinstance(s, Text)}
    assert (labels["Live"], labels["Energy"]) == (PALETTE.muted, PALETTE.ink)


def test_several_unknown_features_split_the_outline() -> None:
    lines = outline(without("energy", "instrumentalness"))
    assert sorted(len(line) for line in lines) == [2, 3]


def test_feature_between_unknown_ones_is_a_dot_without_lines() -> None:
    few = {"danceability": 0.4, "speechiness": 0.2}
    assert outline(few) == []
    assert len(corners(few)) == len(few)


def test_typical_song_is_dashed_and_drawn_first() -> None:
    drawn = shapes(without())
    dashed = [i for i, s in enumerate(drawn) if isinstance(s, Stroke) and s.dash]
    solid = [i for i, s in enumerate(drawn) if isinstance(s, Stroke) and s.colour == ACCENT]
    assert len(dashed) == 1
    assert max(dashed) < min(solid)


def test_areas_are_translucent() -> None:
    areas = [s for s in shapes(without()) if isinstance(s, Polygon)]
    assert len(areas) == 2
    assert all(0 < area.opacity < 0.5 for area in areas)


def test_no_known_features_give_an_empty_radar() -> None:
    assert outline({}) == []
    assert corners({}) == []
