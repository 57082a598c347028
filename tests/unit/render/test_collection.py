import io
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot import texts
from bot.domain.cards import Theme
from bot.domain.collections import CollectionSummary
from bot.render import collection
from bot.render.collection import compose, draw, genre_bars
from bot.render.palette import PALETTES
from bot.render.portrait import CIRCLE
from bot.render.radar import radar
from bot.render.renderer import ChartRenderer
from bot.render.scene import Pill, Polygon, Scene
from model.genres import STUDY, WIDE
from model.schema import RADAR
from tests.support.fake_collections import shares, summary
from tests.unit.render.layout import (
    DARK,
    MAX_FILE_SIZE,
    MIN_FONT_SIZE,
    filled_bars,
    min_font_size,
    outside_margin,
    overlaps,
    text_of,
)

CENTRE, RADIUS = CIRCLE.centre, CIRCLE.radius
LONGEST_FIRST = sorted(WIDE, key=len, reverse=True)


def scene(answer: CollectionSummary) -> Scene:
    return compose(answer, Theme.DARK)


@pytest.mark.parametrize("theme", Theme)
def test_picture_is_an_opaque_png_with_the_themes_background(theme: Theme) -> None:
    file = draw(summary(), theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.mode, picture.width) == ("PNG", "RGB", 1000)
        assert picture.height <= 1300
        assert picture.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
    assert len(file) < MAX_FILE_SIZE


async def test_renderer_draws_the_chart_of_a_collection() -> None:
    with ChartRenderer() as renderer:
        drawn = await renderer.collection(summary(), Theme.LIGHT)
    assert drawn == collection.draw(summary(), Theme.LIGHT)


def test_bytes_depend_on_what_is_displayed_only() -> None:
    assert draw(summary(), Theme.DARK) == draw(summary(title="演歌"), Theme.DARK)
    assert draw(summary(), Theme.DARK) != draw(summary(genres=shares(share=0.6)), Theme.DARK)
    other = dict.fromkeys(summary().spread, 0.0)
    assert draw(summary(), Theme.DARK) != draw(summary(spread=other), Theme.DARK)


def test_means_and_their_band_are_drawn_in_the_first_genres_colour() -> None:
    answer = summary()
    accent = DARK.accent("hip-hop")
    expected = tuple(
        radar(answer.features, answer.typical, DARK, accent, answer.spread, circle=CIRCLE)
    )
    assert scene(answer).shapes[: len(expected)] == expected


def band(answer: CollectionSummary) -> Polygon:
    (found,) = [
        shape
        for shape in scene(answer).shapes
        if isinstance(shape, Polygon) and shape.colour == DARK.accent(answer.best)
    ]
    return found


def test_band_reaches_from_the_mean_less_the_spread_to_the_mean_plus_the_spread() -> None:
    means, spread = dict.fromkeys(RADAR, 0.5), dict.fromkeys(RADAR, 0.25)
    top = [y for x, y in band(summary(features=means, spread=spread)).points if x == CENTRE[0]]
    from_centre = {round((CENTRE[1] - y) / RADIUS, 6) for y in top}
    assert from_centre == {0.25, 0.75}


@pytest.mark.parametrize(
    ("mean", "ends"), [(0.0, {0.0, 0.5}), (0.1, {0.0, 0.6}), (0.9, {0.4, 1.0}), (1.0, {0.5, 1.0})]
)
def test_band_ends_at_the_range_of_the_features(mean: float, ends: set[float]) -> None:
    means, spread = dict.fromkeys(RADAR, mean), dict.fromkeys(RADAR, 0.5)
    points = band(summary(features=means, spread=spread)).points
    distances = {round(math.dist(point, CENTRE) / RADIUS, 6) for point in points}
    assert distances == ends


def test_middle_of_the_band_is_not_filled() -> None:
    """The centre shows the panel, as it lies within the lower end of the band."""
    means, spread = dict.fromkeys(RADAR, 0.8), dict.fromkeys(RADAR, 0.1)
    file = draw(summary(features=means, spread=spread, typical={}), Theme.DARK)
    with Image.open(io.BytesIO(file)) as picture:
        # Between two spokes, a quarter of the radius from the centre.
        at = (round(CENTRE[0]) + 10, round(CENTRE[1] - RADIUS / 4))
        assert picture.getpixel(at) == ImageColor.getrgb(DARK.panel)


def test_missing_feature_interrupts_the_band() -> None:
    means = {name: 0.5 for name in RADAR if name != "liveness"}
    answer = summary(features=means, spread=dict.fromkeys(means, 0.1))
    assert text_of(scene(answer)).count("?") == 2  # of liveness and of tempo
    assert text_of(scene(answer)).count("unknown") == 1
    assert len(band(answer).points) == 2 * len(means)


def test_bars_are_the_shares_of_the_genres_and_one_is_of_all_others() -> None:
    found = scene(summary(genres=shares("folk", 0.4)))
    full = next(s.width for s in found.shapes if isinstance(s, Pill) and s.colour == DARK.track)
    lengths = [pill.width / full for pill in filled_bars(found)]
    assert lengths[0] == pytest.approx(0.4)
    assert sum(lengths) == pytest.approx(1)
    assert all(one >= other for one, other in pairwise(lengths[:-1]))
    assert {"folk", "40 %", "8 others"} <= set(text_of(found))
    assert [p.colour for p in filled_bars(found)] == [DARK.accent("folk"), *[DARK.plain] * 5]


@pytest.mark.parametrize("count", [1, 3, 6])
def test_few_genres_have_a_bar_each(count: int) -> None:
    genres = dict.fromkeys(WIDE[:count], 1 / count)
    assert [bar.name for bar in genre_bars(genres)] == list(WIDE[:count])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (summary(), ["Songs", "8", "Tempo", "136 ± 14 BPM"]),
        (summary(1), ["Songs", "1", "Tempo", "136 BPM"]),
        (summary(count=2400, read=100), ["Songs", "8 of 2,400", "Tempo", "136 ± 14 BPM"]),
        (summary(features={}, spread={}), ["Songs", "8", "Tempo", "?"]),
    ],
)
def test_number_of_songs_and_tempo_are_drawn(
    answer: CollectionSummary, expected: list[str]
) -> None:
    assert text_of(scene(answer))[-4:] == expected


def test_single_song_is_no_mean() -> None:
    assert texts.THIS_SONG in text_of(scene(summary(1)))
    assert "mean ± spread" in text_of(scene(summary(2)))


@given(
    first=st.sampled_from(WIDE),
    genres=st.integers(1, len(WIDE)),
    answered=st.sampled_from([1, 100]),
    values=st.dictionaries(st.sampled_from(RADAR), st.floats(0, 1)),
)
def test_any_collection_keeps_margin_and_distances_and_is_legible_on_a_phone(
    first: str, genres: int, answered: int, values: dict[str, float]
) -> None:
    names = [first, *(genre for genre in LONGEST_FIRST if genre != first)][:genres]
    values["tempo"] = 222.0
    found = scene(
        summary(
            answered,
            count=99_999,
            genres=dict.fromkeys(names, 1 / genres),
            features=values,
            spread=dict.fromkeys(values, 0.5) | {"tempo": 111.0},
        )
    )
    assert {first, f"typical {first}"} <= set(text_of(found))
    assert not list(overlaps(found))
    assert not outside_margin(found)
    assert min_font_size(found) >= MIN_FONT_SIZE


def test_genres_of_the_study_model_and_unknown_ones() -> None:
    study = dict(zip(STUDY, (0.7, 0.2, 0.1), strict=True))
    assert {*STUDY, "70 %", "20 %", "10 %"} <= set(text_of(scene(summary(genres=study))))
    unknown = scene(summary(genres={"vaporwave": 1.0}))
    assert [pill.colour for pill in filled_bars(unknown)] == [DARK.neutral]


def test_long_name_of_a_genre_does_not_reach_into_its_bar() -> None:
    found = scene(summary(genres={"progressive symphonic metal": 1.0}))
    assert not list(overlaps(found))
    assert "progressi…" in text_of(found)
