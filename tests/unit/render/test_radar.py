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
    """The song's own lines, without the dots of features that stand alone."""
    strokes = [s for s in shapes(values) if isinstance(s, Stroke) and s.colour == ACCENT]
    return [line for stroke in strokes for line in stroke.lines if len(line) > 1]


def corners(values: dict[str, float]) -> list[Point]:
    return [s.centre for s in shapes(values) if isinstance(s, Disc) and s.colour == ACCENT]


def without(*names: str) -> dict[str, float]:
    return {name: 0.7 for name in RADAR if name not in names}


def test_a_song_of_which_all_is_known_is_a_closed_heptagon() -> None:
    (line,) = outline(without())
    assert len(line) == len(RADAR) + 1
    assert line[0] == line[-1]
    assert not [s for s in shapes(without()) if isinstance(s, Text) and s.text == "?"]


def test_features_stand_clockwise_from_the_top() -> None:
    above, *_ = corners(without())
    assert above[0] == pytest.approx(CENTRE[0])
    assert above[1] < CENTRE[1]
    angles = [math.atan2(x - CENTRE[0], CENTRE[1] - y) % math.tau for x, y in corners(without())]
    assert angles == sorted(angles)


def test_a_larger_value_lies_further_out_and_one_lies_on_the_rim() -> None:
    distances = [math.dist(CENTRE, corners(dict.fromkeys(RADAR, v))[0]) for v in (0, 0.3, 0.6, 1)]
    assert distances == sorted(set(distances))
    assert distances[-1] == pytest.approx(RADIUS)


def test_an_unknown_feature_has_no_corner_and_opens_the_outline() -> None:
    (line,) = outline(without("liveness"))
    assert line[0] != line[-1]
    assert len(line) == len(RADAR) - 1
    assert line == tuple(corners(without())[i] for i in (6, 0, 1, 2, 3, 4))


def test_an_unknown_feature_does_not_look_like_zero() -> None:
    zero = without() | {"liveness": 0.0}
    assert set(corners(zero)) - set(corners(without("liveness")))
    assert len(outline(zero)[0]) > len(outline(without("liveness"))[0])


def test_an_unknown_feature_has_a_dashed_spoke_and_a_question_mark() -> None:
    found = shapes(without("liveness"))
    assert len([s for s in found if isinstance(s, Text) and s.text == "?"]) == 1
    grid = [s for s in found if isinstance(s, Stroke) and s.colour == PALETTE.grid]
    assert [(bool(s.dash), len(s.lines)) for s in grid] == [(False, 6), (True, 1)]
    labels = {s.text: s.colour for s in found if isinstance(s, Text)}
    assert (labels["Live"], labels["Energy"]) == (PALETTE.muted, PALETTE.ink)


def test_several_gaps_break_the_outline_into_pieces() -> None:
    lines = outline(without("energy", "instrumentalness"))
    assert sorted(len(line) for line in lines) == [2, 3]


def test_a_feature_between_two_gaps_stands_alone_as_a_dot() -> None:
    few = {"danceability": 0.4, "speechiness": 0.2}
    assert outline(few) == []
    assert len(corners(few)) == len(few)


def test_the_typical_song_lies_behind_in_dashes() -> None:
    found = shapes(without())
    dashed = [i for i, s in enumerate(found) if isinstance(s, Stroke) and s.dash]
    solid = [i for i, s in enumerate(found) if isinstance(s, Stroke) and s.colour == ACCENT]
    assert len(dashed) == 1
    assert max(dashed) < min(solid)


def test_areas_let_what_lies_behind_show_through() -> None:
    areas = [s for s in shapes(without()) if isinstance(s, Polygon)]
    assert len(areas) == 2
    assert all(0 < area.opacity < 0.5 for area in areas)


def test_nothing_known_draws_an_empty_radar() -> None:
    assert outline({}) == []
    assert corners({}) == []
