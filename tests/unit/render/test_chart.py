import asyncio
import hashlib
import io
import math
import os
import string
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.domain.tracks import AudioFeatures
from bot.render.chart import HEIGHT, WIDTH, compose, draw
from bot.render.palette import PALETTES
from bot.render.raster import dashes
from bot.render.scene import Photo, Pill, Scene, Stroke
from model.classifier import Prediction
from model.genres import WIDE
from model.schema import RADAR
from model.verdicts import Verdict
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

MakeAnswer = Callable[..., Answer]

DRAW_IN_SUBPROCESS = """
import hashlib
from bot.render.chart import draw
from bot.domain.cards import Answer, ModelRef, Theme
from bot.domain.tracks import AudioFeatures, Track
from model.classifier import Prediction
from model.verdicts import Verdict

answer = Answer(
    Track("x"),
    AudioFeatures.from_source({"energy": 0.4, "liveness": 0.2, "tempo": 99.0}, "sample"),
    Prediction({"rock": 0.7, "jazz": 0.3}, Verdict.PLAIN, ()),
    (),
    {"energy": 0.5, "liveness": 0.1, "valence": 0.3},
    ModelRef("m", "1"),
)
print(hashlib.sha256(draw(answer, Theme.DARK)).hexdigest())
"""


@pytest.mark.parametrize("theme", Theme)
def test_chart_is_an_opaque_png_with_the_themes_background(
    make_answer: MakeAnswer, theme: Theme
) -> None:
    file = draw(make_answer(), theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (WIDTH, HEIGHT))
        assert picture.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
    assert len(file) < MAX_FILE_SIZE


def test_themes_differ(make_answer: MakeAnswer) -> None:
    assert draw(make_answer(), Theme.DARK) != draw(make_answer(), Theme.LIGHT)


def test_same_answer_gives_same_bytes(make_answer: MakeAnswer) -> None:
    assert draw(make_answer(), Theme.DARK) == draw(make_answer(), Theme.DARK)


def test_changed_value_changes_the_bytes(make_answer: MakeAnswer, values: dict[str, float]) -> None:
    changed = make_answer(features=values | {"energy": 0.9})
    assert draw(make_answer(), Theme.DARK) != draw(changed, Theme.DARK)


async def test_bytes_are_the_same_in_every_process() -> None:
    async def digest(seed: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", DRAW_IN_SUBPROCESS),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        return (await process.communicate())[0].strip()

    first, second = [await digest(seed) for seed in ("1", "2")]
    assert first == second
    assert len(first) == hashlib.sha256().digest_size * 2


def test_track_title_is_not_drawn(make_answer: MakeAnswer) -> None:
    labels = " ".join(text_of(compose(make_answer(), Theme.DARK)))
    assert "Old Town Road" not in labels
    assert "Lil Nas X" not in labels


def test_neither_bars_nor_tempo_are_drawn(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(), Theme.DARK)
    assert not [shape for shape in scene.shapes if isinstance(shape, Pill)]
    assert not [word for word in text_of(scene) if "BPM" in word or "%" in word]


def colours(scene: Scene) -> set[str]:
    """Return the genres' colours in use."""
    used = {shape.colour for shape in scene.shapes if not isinstance(shape, Photo)}
    return used & {*DARK.accents.values()}


@pytest.mark.parametrize(
    ("verdict", "second", "coloured", "said"),
    [
        (Verdict.PLAIN, 0.1, ["folk"], "this song"),
        (Verdict.EITHER, 0.35, ["folk", "jazz"], "this song: folk or jazz"),
        (Verdict.EITHER, 0.2, ["folk", "jazz"], "this song: folk, then jazz"),
        (Verdict.UNSURE, 0.35, [], "this song: hard to say"),
    ],
)
def test_doubt_is_in_the_colours_and_the_legend(
    make_answer: MakeAnswer, verdict: Verdict, second: float, coloured: list[str], said: str
) -> None:
    genres = {"folk": 0.4, "jazz": second, "rock": 0.05}
    scene = compose(make_answer(genres, verdict), Theme.DARK)
    assert colours(scene) == {DARK.accent(genre) for genre in coloured}
    assert said in text_of(scene)


def test_unsure_answer_is_compared_with_no_genres_typical_song(make_answer: MakeAnswer) -> None:
    unsure, plain = [
        compose(make_answer(verdict=verdict), Theme.DARK)
        for verdict in (Verdict.UNSURE, Verdict.PLAIN)
    ]
    assert "typical" not in " ".join(text_of(unsure))
    assert "half of all songs" in text_of(unsure)
    muted = [
        [one for one in scene.shapes if isinstance(one, Stroke) and one.colour == DARK.muted]
        for scene in (unsure, plain)
    ]
    assert list(map(len, muted)) == [0, 2], "outline and legend"


def stripes(stroke: Stroke) -> set[int]:
    """Return the lengths of the stripes of each line, in whole pixels."""
    parts = (
        dashes(start, end, stroke.dash)
        for line in stroke.lines
        for start, end in pairwise(line)
        if math.dist(start, end) > 2 * stroke.dash
    )
    return {round(math.dist(*part)) for line in parts for part in line}


def test_legend_has_the_stripes_of_the_outline(make_answer: MakeAnswer) -> None:
    answer = make_answer({"hip-hop": 0.6, "electronic": 0.2}, Verdict.EITHER)
    scene = compose(answer, Theme.DARK)
    second = DARK.accent("electronic")
    drawn = [one for one in scene.shapes if isinstance(one, Stroke) and one.colour == second]
    outline, sample = drawn
    assert (sample.dash, sample.width) == (outline.dash, outline.width)
    (length,) = stripes(sample)
    assert min(stripes(outline)) <= length <= max(stripes(outline))
    ((left, _), (right, _)), *_ = sample.lines
    assert right - left == 5 * length, "in both colours on both sides of the dot"
    assert "this song: hip-hop, then electronic" in text_of(scene)


@pytest.mark.parametrize("genres", [{"folk": 1.0}, {"vaporwave": 0.5, "seapunk": 0.5}])
def test_either_without_two_colours_has_one(
    make_answer: MakeAnswer, genres: dict[str, float]
) -> None:
    answer = make_answer(genres, Verdict.EITHER)
    assert colours(compose(answer, Theme.DARK)) == {DARK.accents[g] for g in genres if g == "folk"}
    assert draw(answer, Theme.DARK)


def test_typical_song_and_half_of_all_songs_are_named_once(make_answer: MakeAnswer) -> None:
    labels = text_of(compose(make_answer(), Theme.DARK))
    assert [word for word in labels if "typical" in word] == ["typical folk"]
    assert [word for word in labels if "half" in word] == ["half of all songs"]


@pytest.mark.parametrize(
    "name", ['<b>"&amp;', "drum\N{EN DASH}n\N{RIGHT SINGLE QUOTATION MARK}bass", "演歌"]
)
def test_markup_and_other_scripts_in_genre_names_are_drawn_as_text(
    make_answer: MakeAnswer, name: str
) -> None:
    answer = make_answer({name: 0.8, "rock": 0.2})
    assert f"typical {name}" in text_of(compose(answer, Theme.DARK))
    assert draw(answer, Theme.DARK)


def test_long_genre_names_are_shortened(make_answer: MakeAnswer) -> None:
    names = {"progressive symphonic metal and opera": 0.4, "drum and bass and jungle": 0.4}
    labels = text_of(compose(make_answer(names, Verdict.EITHER), Theme.DARK))
    shortened = [word for word in labels if word.endswith("…")]
    assert [word.partition(" p")[0] for word in shortened] == ["this song:", "typical"]


VALUE = st.sampled_from([0.0, 0.5, 0.994, 0.996, 1.0]) | st.floats(0, 1)
NAMES = st.sampled_from(WIDE) | st.text(string.ascii_letters + " -&'", min_size=1, max_size=60)


@given(
    features=st.dictionaries(st.sampled_from(RADAR), VALUE),
    genres=st.lists(NAMES, min_size=1, max_size=3, unique=True),
    verdict=st.sampled_from(Verdict),
)
def test_any_song_keeps_margin_and_distances_and_is_legible_on_a_phone(
    features: dict[str, float], genres: list[str], verdict: Verdict
) -> None:
    found = factories.answer(
        features=AudioFeatures.from_source({**features, "tempo": 222.0}, "sample"),
        prediction=Prediction(dict.fromkeys(genres, 1 / len(genres)), verdict, ()),
    )
    scene = compose(found, Theme.DARK)
    words = text_of(scene)
    assert {texts.LABELS[name] for name in RADAR} <= set(words)
    assert words.count("unknown") == words.count("?") == len(RADAR) - len(features)
    assert not outside_margin(scene)
    assert not list(overlaps(scene))
    assert min_font_size(scene) >= MIN_FONT_SIZE


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("theme", Theme)
def test_extreme_values_are_drawn(make_answer: MakeAnswer, value: float, theme: Theme) -> None:
    assert draw(make_answer(features=dict.fromkeys(RADAR, value)), theme)
