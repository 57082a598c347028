"""Chart of an answer by sound alone."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.domain.filing import FiledUnder
from bot.domain.tracks import Track
from bot.render.chart import compose, draw
from bot.render.palette import PALETTES
from bot.render.raster import extent
from bot.render.scene import Disc, Pill, Polygon, Scene, Text
from model.genres import WIDE
from model.sound.tag_words import tag_words
from model.verdicts import Verdict
from tests.support.factories import answer, sound_answer
from tests.support.fake_listener import heard
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

TAGS = {"classic rock": 0.9, "progressive rock": 0.7, "guitar": 0.6, "70s": 0.5, "piano": 0.4,
        "strings": 0.3, "female vocals": 0.45}  # fmt: skip
"""More words worth saying than are drawn."""

FALLING = {genre: 0.6 / 2**rank for rank, genre in enumerate(WIDE)}
UNMEASURED = {"tempo": None, "other_tempo": None, "key": None, "loudness": None}


def labels(scene: Scene) -> list[str]:
    """Return the labels at the left edge, from the top."""
    found = (one for one in scene.shapes if isinstance(one, Text) and one.align == "left")
    return [one.text for one in sorted(found, key=lambda one: one.at[1])]


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("tags", [TAGS, {}], ids=["tags", "no tags"])
def test_chart_is_a_png_in_the_themes_colours(theme: Theme, tags: dict[str, float]) -> None:
    found = sound_answer(tags=tags)
    file = draw(found, theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1000, compose(found, theme).height))
    assert len(file) < MAX_FILE_SIZE
    assert file == draw(found, theme)
    assert compose(found, theme).background == PALETTES[theme].background


def test_words_are_above_the_genres_as_they_are_said() -> None:
    found = sound_answer(tags=TAGS)
    heading, *lines, first, second, third = labels(compose(found, Theme.DARK))
    assert heading == "Heard"
    assert " ".join(lines) == ("classic rock, progressive rock, 70s, piano, guitar, female vocals")
    assert " ".join(lines).rpartition(",")[0] in texts.heard_line(found)
    assert (first, second, third) == ("rock", "metal", "pop")


def test_words_have_no_figures() -> None:
    figures = [one for one in text_of(compose(sound_answer(tags=TAGS), Theme.DARK)) if "%" in one]
    assert figures == ["60 %", "25 %", "15 %"]


def test_word_for_a_genre_with_a_bar_is_not_repeated() -> None:
    tags = {"electronic": 0.9, "folk": 0.8, "guitar": 0.7}
    scene = compose(sound_answer(tags=tags, genres={"folk": 0.9, "jazz": 0.1}), Theme.DARK)
    assert labels(scene) == ["Heard", "electronic, guitar", "folk", "jazz"]
    alone = compose(sound_answer(tags={"rock": 0.9}), Theme.DARK)
    assert "Heard" not in text_of(alone)


def test_no_radar_and_no_typical_song_is_drawn() -> None:
    scene = compose(sound_answer(), Theme.DARK)
    assert not [one for one in scene.shapes if isinstance(one, Disc | Polygon)]
    assert "typical" not in " ".join(text_of(scene))
    assert "?" not in text_of(scene)


def test_tempo_key_and_loudness_are_not_repeated() -> None:
    measured = compose(sound_answer(other_tempo=60.2, key="Bb minor"), Theme.DARK)
    assert measured == compose(sound_answer(**UNMEASURED), Theme.DARK)


def test_picture_is_as_high_as_its_contents() -> None:
    full, few = (compose(sound_answer(tags=tags), Theme.DARK) for tags in (TAGS, {}))
    assert labels(few) == ["rock", "metal", "pop"]
    assert few.height < full.height
    for scene in (few, full):
        boxes = [extent(one) for one in scene.shapes]
        above, below = min(box[1] for box in boxes), scene.height - max(box[3] for box in boxes)
        assert 24 <= above <= 40
        assert 24 <= below <= 40


@pytest.mark.parametrize(
    ("verdict", "highlighted"), [(Verdict.PLAIN, 1), (Verdict.EITHER, 2), (Verdict.UNSURE, 0)]
)
def test_verdict_highlights_genres_and_no_tags(verdict: Verdict, highlighted: int) -> None:
    pills = filled_bars(compose(sound_answer(tags=TAGS, verdict=verdict), Theme.DARK))
    accent = DARK.accent("rock")
    assert [pill.colour == accent for pill in pills] == [rank < highlighted for rank in range(3)]


def test_title_is_not_drawn() -> None:
    title = Track(title="\u202eشعر" + "x" * 300, sound_id="1")
    assert compose(sound_answer(title), Theme.DARK) == compose(sound_answer(), Theme.DARK)


def test_features_have_the_radar_whatever_was_heard() -> None:
    both = replace(answer(), heard=heard())
    assert compose(both, Theme.DARK) == compose(answer(), Theme.DARK)
    assert "typical country" in text_of(compose(both, Theme.DARK))


def with_filed(found: Answer, *genres: str) -> Answer:
    return replace(found, filed_under=FiledUnder(genres, "musicbrainz"))


@pytest.mark.parametrize("tags", [TAGS, {}], ids=["tags", "no tags"])
def test_filed_genres_are_outlined_and_explained(tags: dict[str, float]) -> None:
    found = with_filed(sound_answer(tags=tags, genres=FALLING), "reggae")
    scene = compose(found, Theme.DARK)
    outlines = [one for one in scene.shapes if isinstance(one, Pill) and one.colour == DARK.ink]
    assert len(outlines) == 2, "the bar and the legend"
    assert {"filed under", "reggae"} <= set(text_of(scene))


WORDS = st.dictionaries(st.sampled_from(sorted(tag_words())), st.floats(0, 1), max_size=20)


@given(
    tags=WORDS,
    verdict=st.sampled_from(Verdict),
    best=st.sampled_from(WIDE),
    filed=st.lists(st.sampled_from(WIDE), max_size=3, unique=True),
)
def test_any_sound_keeps_margin_and_distances_and_is_legible_on_a_phone(
    *,
    tags: dict[str, float],
    verdict: Verdict,
    best: str,
    filed: list[str],
) -> None:
    found = sound_answer(
        tags=tags,
        verdict=verdict,
        genres={best: 0.5} | {genre: 0.04 for genre in WIDE if genre != best},
    )
    scene = compose(with_filed(found, *filed) if filed else found, Theme.DARK)
    assert not outside_margin(scene)
    assert not list(overlaps(scene))
    assert min_font_size(scene) >= MIN_FONT_SIZE
