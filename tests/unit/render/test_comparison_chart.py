"""The chart of two songs."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.domain.pictures import COMPARISON_PIXELS
from bot.domain.tracks import AudioFeatures
from bot.render import comparison
from bot.render.comparison import compose, draw
from bot.render.palette import PALETTES
from bot.render.renderer import ChartRenderer
from bot.render.scene import Disc, Polygon, Scene, Stroke
from bot.texts.contrasts import FIRST, SECOND
from model.schema import RADAR
from tests.support import factories
from tests.unit.render.layout import (
    DARK,
    MAX_FILE_SIZE,
    MIN_FONT_SIZE,
    min_font_size,
    outside_margin,
    overlaps,
    text_of,
)

DISPLAYED: float = 300
"""Width in CSS pixels of the chart on a page 320 wide."""

HALF = dict.fromkeys(RADAR, 0.5)


def song(title: str = "Jolene", values: dict[str, float] | None = None) -> Answer:
    known = HALF if values is None else values
    return factories.answer(
        subject=factories.track(title=title, artists=("Dolly Parton",)),
        features=AudioFeatures.from_source(known, "sample"),
    )


def scene(first: Answer, second: Answer) -> Scene:
    return compose(first, second, Theme.DARK)


@pytest.mark.parametrize("theme", Theme)
def test_chart_is_an_opaque_png_with_the_themes_background(theme: Theme) -> None:
    file = draw(song("One"), song("Two", dict.fromkeys(RADAR, 0.9)), theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", COMPARISON_PIXELS)
        assert picture.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
    assert len(file) < MAX_FILE_SIZE


async def test_renderer_draws_the_chart_of_two_songs() -> None:
    one, two = song("One"), song("Two", {})
    with ChartRenderer() as renderer:
        drawn = await renderer.comparison(one, two, Theme.LIGHT)
        assert await renderer.comparison(two, one, Theme.LIGHT) != drawn
    assert drawn == comparison.draw(one, two, Theme.LIGHT)


def test_songs_of_one_genre_differ_in_colour_line_and_marks() -> None:
    found = scene(song("One"), song("Two", dict.fromkeys(RADAR, 0.9)))
    first, second = DARK.pair
    lines = {
        colour: {
            one.dash for one in found.shapes if isinstance(one, Stroke) and one.colour == colour
        }
        for colour in (first, second)
    }
    assert lines[first] == {0}
    assert len(lines[second]) == 1
    assert lines[second] != {0}
    discs = [one for one in found.shapes if isinstance(one, Disc) and one.colour == first]
    diamonds = [
        one
        for one in found.shapes
        if isinstance(one, Polygon) and one.colour == second and one.opacity == 1
    ]
    assert len(discs) == len(diamonds) == len(RADAR) + 1, "at each spoke and in the legend"


def test_both_values_are_at_each_spoke_and_both_names_in_the_legend() -> None:
    two = {name: 0.9 for name in RADAR if name != "energy"}
    said = text_of(scene(song("One"), song("Two", two)))
    assert said.count("0.50") == len(RADAR)
    assert said.count("0.90") == len(RADAR) - 1
    assert said.count("?") == 1
    assert {"half of all songs", texts.headline(song("One").subject)} <= set(said)


def test_feature_unknown_for_both_is_said_once() -> None:
    few = {name: 0.9 for name in RADAR if name != "energy"}
    said = text_of(scene(song("One", few), song("Two", few)))
    assert (said.count("unknown"), said.count("?")) == (1, 1)


def test_name_without_letters_that_can_be_drawn_is_replaced() -> None:
    said = text_of(
        scene(song("演歌 演歌 演歌 演歌 演歌 演歌"), song("演歌 演歌 演歌 演歌 演歌 演歌"))
    )
    assert {FIRST, SECOND} <= set(said)


TITLE = st.sampled_from(["Jolene", "W" * 300, "حبيبي يا نور العين " * 9, "שלום", "", "演歌" * 40])
VALUES = st.dictionaries(st.sampled_from(RADAR), st.sampled_from([0.0, 1.0]) | st.floats(0, 1))


@settings(max_examples=40)
@given(TITLE, VALUES, TITLE, VALUES)
def test_any_two_songs_keep_margin_and_distances_and_are_legible_on_a_phone(
    one: str, first: dict[str, float], two: str, second: dict[str, float]
) -> None:
    found = scene(song(one, first), song(two, second))
    assert not outside_margin(found)
    # Letters of Arabic may reach into the space beside them.
    assert not [one for one, _ in overlaps(found) if one.strip()]
    assert min_font_size(found) >= MIN_FONT_SIZE
    assert min_font_size(found) * DISPLAYED / 240 >= 13
