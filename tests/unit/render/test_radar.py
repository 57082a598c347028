import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import Theme
from bot.domain.points import Point
from bot.render.palette import PALETTES
from bot.render.portrait import CIRCLE
from bot.render.radar import STATIC_SHAPES, radar
from bot.render.raster import Painter, extent
from bot.render.scene import Disc, Polygon, Scene, Shape, Stroke, Text
from model.percentiles import middle_half
from model.schema import RADAR

PALETTE = PALETTES[Theme.DARK]
ACCENT = "#123456"
TYPICAL = dict.fromkeys(RADAR, 0.5)
CENTRE, RADIUS = CIRCLE.centre, CIRCLE.radius


def shapes(values: dict[str, float], second: str | None = None) -> list[Shape]:
    return list(radar(values, TYPICAL, PALETTE, ACCENT, circle=CIRCLE, second=second))


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


def test_zero_is_the_centre_and_one_is_the_circle() -> None:
    distances = [math.dist(CENTRE, corners(dict.fromkeys(RADAR, v))[0]) for v in (0, 0.3, 0.6, 1)]
    assert distances == pytest.approx([0, 0.3 * RADIUS, 0.6 * RADIUS, RADIUS])


def test_unknown_feature_has_no_corner_and_opens_the_outline() -> None:
    (line,) = outline(without("liveness"))
    assert line[0] != line[-1]
    assert len(line) == len(RADAR) - 1
    assert line == tuple(corners(without())[i] for i in (6, 0, 1, 2, 3, 4))


def test_unknown_feature_differs_from_zero() -> None:
    zero = without() | {"liveness": 0.0}
    assert set(corners(zero)) - set(corners(without("liveness")))
    assert len(outline(zero)[0]) > len(outline(without("liveness"))[0])


def test_unknown_feature_has_a_dashed_spoke_a_question_mark_and_no_value() -> None:
    drawn = shapes(without("liveness"))
    assert [s.text for s in drawn if isinstance(s, Text)].count("?") == 1
    assert dashed(PALETTE.plain, drawn) == [((CENTRE, corners(dict.fromkeys(RADAR, 1.0))[5]),)]
    assert beside("Live", drawn).text == "unknown"
    assert not dashed(PALETTE.plain, shapes(without()))


def dashed(colour: str, drawn: list[Shape]) -> list[tuple[tuple[Point, ...], ...]]:
    return [s.lines for s in drawn if isinstance(s, Stroke) and s.dash and s.colour == colour]


def beside(label: str, drawn: list[Shape]) -> Text:
    """Return the text that is nearest to a feature's label."""
    written = [s for s in drawn if isinstance(s, Text)]
    (name,) = [one for one in written if one.text == label]
    return min(
        (one for one in written if one is not name),
        key=lambda one: math.dist(middle(one), middle(name)),
    )


def middle(text: Text) -> Point:
    left, top, right, bottom = extent(text)
    return (left + right) / 2, (top + bottom) / 2


@given(st.lists(st.floats(0, 1), min_size=len(RADAR), max_size=len(RADAR)))
def test_each_value_is_beside_its_features_name(numbers: list[float]) -> None:
    values = dict(zip(RADAR, numbers, strict=True))
    drawn = shapes(values)
    for name, value in values.items():
        assert beside(texts.LABELS[name], drawn).text == f"{value:.2f}"


def test_half_of_all_songs_is_a_mark_on_each_spoke_from_quartile_to_quartile() -> None:
    (marks,) = [s.lines for s in shapes({}) if isinstance(s, Stroke) and s.colour == PALETTE.plain
                and not s.dash]  # fmt: skip
    for name, mark in zip(RADAR, marks, strict=True):
        ends = [math.dist(CENTRE, end) / RADIUS for end in mark]
        assert ends == pytest.approx(middle_half(name))


def test_static_shapes_are_the_same_for_all_songs() -> None:
    first, other = (
        shapes(without()),
        list(radar({"energy": 0.1}, {}, PALETTE, "#654321", circle=CIRCLE)),
    )
    assert first[:STATIC_SHAPES] == other[:STATIC_SHAPES]
    assert not any(isinstance(shape, Text) for shape in first[:STATIC_SHAPES])


def test_outline_of_two_colours_has_stripes_in_the_second() -> None:
    drawn = shapes(without("liveness"), second="#abcdef")
    assert dashed("#abcdef", drawn) == [tuple(outline(without("liveness")))]
    assert {s.colour for s in drawn if isinstance(s, Disc | Polygon)}.isdisjoint({"#abcdef"})


def test_several_unknown_features_split_the_outline() -> None:
    lines = outline(without("energy", "instrumentalness"))
    assert sorted(len(line) for line in lines) == [2, 3]


def test_feature_between_unknown_ones_is_a_dot_without_lines() -> None:
    few = {"danceability": 0.4, "speechiness": 0.2}
    assert outline(few) == []
    assert len(corners(few)) == len(few)


def test_typical_song_is_dashed_and_drawn_first() -> None:
    drawn = shapes(without())
    assert len(dashed(PALETTE.muted, drawn)) == 1
    places = [i for i, s in enumerate(drawn) if isinstance(s, Stroke) and s.dash]
    solid = [i for i, s in enumerate(drawn) if isinstance(s, Stroke) and s.colour == ACCENT]
    assert max(places) < min(solid)


def test_area_of_the_song_is_translucent() -> None:
    (area,) = [s for s in shapes(without()) if isinstance(s, Polygon)]
    assert (area.colour, 0 < area.opacity < 0.5) == (ACCENT, True)


def test_song_whose_features_are_all_zero_is_painted() -> None:
    scene = Scene(1000, 600, PALETTE.background, tuple(shapes(dict.fromkeys(RADAR, 0.0))))
    assert Painter().paint(scene)


def test_no_known_features_give_an_empty_radar() -> None:
    assert outline({}) == []
    assert corners({}) == []
