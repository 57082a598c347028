import asyncio
import hashlib
import io
import os
import sys
from collections.abc import Callable

import pytest
from PIL import Image, ImageColor

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.render.bars import LEFT
from bot.render.chart import compose, draw
from bot.render.palette import PALETTES
from bot.render.raster import extent
from bot.render.scene import Pill, Scene, Text
from model.genres import STUDY, WIDE
from model.schema import RADAR
from model.verdicts import Verdict
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
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (1000, 560))
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


@pytest.mark.parametrize(
    ("verdict", "highlighted"), [(Verdict.PLAIN, 1), (Verdict.EITHER, 2), (Verdict.UNSURE, 0)]
)
def test_verdict_sets_the_number_of_highlighted_bars(
    make_answer: MakeAnswer, verdict: Verdict, highlighted: int
) -> None:
    pills = filled_bars(compose(make_answer(verdict=verdict), Theme.DARK))
    accent = DARK.accent("folk")
    assert [pill.colour == accent for pill in pills] == [rank < highlighted for rank in range(5)]


def test_unsure_answer_has_no_accent_colour(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(verdict=Verdict.UNSURE), Theme.DARK)
    assert {shape.colour for shape in scene.shapes}.isdisjoint(DARK.accents.values())


def test_all_genres_of_the_study_model_have_a_bar(make_answer: MakeAnswer) -> None:
    genres = dict(zip(STUDY, (0.7, 0.2, 0.1), strict=True))
    scene = compose(make_answer(genres), Theme.DARK)
    assert len(filled_bars(scene)) == len(STUDY)
    assert {*STUDY, "70 %", "20 %", "10 %"} <= set(text_of(scene))


def test_bar_length_is_the_probability(make_answer: MakeAnswer) -> None:
    genres = {"rock": 0.999, "jazz": 0.001, "folk": 0.0}
    scene = compose(make_answer(genres), Theme.DARK)
    full = next(s.width for s in scene.shapes if isinstance(s, Pill) and s.colour == DARK.track)
    assert [pill.width / full for pill in filled_bars(scene)] == pytest.approx([0.999, 0.001])


def test_tempo_is_drawn_in_bpm(make_answer: MakeAnswer) -> None:
    assert "136 BPM" in text_of(compose(make_answer(), Theme.DARK))


def test_unknown_tempo_is_a_question_mark(
    make_answer: MakeAnswer, values: dict[str, float]
) -> None:
    del values["tempo"]
    labels = text_of(compose(make_answer(features=values), Theme.DARK))
    assert labels.count("?") == 1
    assert not any("BPM" in word for word in labels)


@pytest.mark.parametrize(
    "name", ['<script>"&amp;', "drum\N{EN DASH}n\N{RIGHT SINGLE QUOTATION MARK}bass", "演歌"]
)
def test_markup_and_other_scripts_in_genre_names_are_drawn_as_text(
    make_answer: MakeAnswer, name: str
) -> None:
    answer = make_answer({name: 0.8, "rock": 0.2})
    assert name in text_of(compose(answer, Theme.DARK))
    assert draw(answer, Theme.DARK)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("probability", [1 / 13, 0.999, 1.0])
@pytest.mark.parametrize("verdict", Verdict)
def test_extreme_values_stay_inside_the_margin(
    make_answer: MakeAnswer, value: float, probability: float, verdict: Verdict
) -> None:
    rest = {genre: (1 - probability) / 12 for genre in WIDE if genre != "electronic"}
    features = dict.fromkeys(RADAR, value) | {"tempo": 1000.0}
    answer = make_answer({"electronic": probability, **rest}, verdict, features)
    assert not outside_margin(compose(answer, Theme.DARK))
    assert draw(answer, Theme.DARK)


@pytest.mark.parametrize("genre", WIDE)
@pytest.mark.parametrize("verdict", Verdict)
def test_labels_overlap_neither_each_other_nor_the_radar(
    make_answer: MakeAnswer, genre: str, verdict: Verdict
) -> None:
    rest = {other: 0.5 for other in sorted(WIDE, key=len, reverse=True) if other != genre}
    features = dict.fromkeys(RADAR, 1.0) | {"tempo": 222.0}
    scene = compose(make_answer({genre: 1.0, **rest}, verdict, features), Theme.DARK)
    labels = set(text_of(scene))
    assert {genre, "100 %", f"typical {genre}", *(texts.LABELS[name] for name in RADAR)} <= labels
    assert not list(overlaps(scene))


FALLING = {genre: 0.6 / 2**rank for rank, genre in enumerate(WIDE)}


def outlined(scene: Scene) -> list[str]:
    """Return the labels of the outlined bars, and of the legend's."""
    tops = {shape.top for shape in scene.shapes if isinstance(shape, Pill) and is_outline(shape)}
    texts_ = (shape for shape in scene.shapes if isinstance(shape, Text))
    labels = [text for text in texts_ if text.align == "left" and text.at[0] >= LEFT]
    return [min(labels, key=lambda label: abs(label.at[1] - top)).text for top in sorted(tops)]


def is_outline(pill: Pill) -> bool:
    return pill.colour == DARK.ink


def test_filed_genres_have_outlined_bars_and_a_legend(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(FALLING, filed=("reggae", "rock")), Theme.DARK)
    assert outlined(scene) == ["rock", "reggae", "filed under"]
    assert "136 BPM" in text_of(scene)


def test_without_filed_genres_nothing_is_outlined(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(FALLING), Theme.DARK)
    assert outlined(scene) == []
    assert "filed under" not in text_of(scene)


def test_filed_genre_that_the_model_lacks_is_not_drawn(make_answer: MakeAnswer) -> None:
    genres = {"rock": 0.6, "electronic": 0.4}
    assert compose(make_answer(genres, filed=("jazz",)), Theme.DARK) == compose(
        make_answer(genres), Theme.DARK
    )


@pytest.mark.parametrize(
    ("filed", "bars"),
    [
        (WIDE[:1], [*WIDE[:5]]),
        (WIDE[-1:], [*WIDE[:5], WIDE[-1]]),
        (WIDE[-2:], [*WIDE[:4], *WIDE[-2:]]),
        (WIDE[-3:], [*WIDE[:3], *WIDE[-3:]]),
        ((WIDE[4], *WIDE[-2:]), [*WIDE[:3], WIDE[4], *WIDE[-2:]]),
    ],
)
def test_several_improbable_filed_genres_take_the_place_of_others(
    make_answer: MakeAnswer, filed: tuple[str, ...], bars: list[str]
) -> None:
    labels = text_of(compose(make_answer(FALLING, filed=filed), Theme.DARK))
    assert [label for label in labels if label in WIDE] == bars


def test_outlines_keep_their_distance_from_the_labels(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(FALLING, filed=("reggae", "pop", "hip-hop")), Theme.DARK)
    bars = [shape for shape in scene.shapes if isinstance(shape, Pill) and is_outline(shape)]
    labels = [shape for shape in scene.shapes if isinstance(shape, Text) and shape.text in WIDE]
    for bar in bars[:-1]:
        above = [extent(label)[3] for label in labels if label.at[1] < bar.top]
        assert bar.top - max(above) >= 2


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("filed", [WIDE[:1], ("reggae", "jazz", "hip-hop"), WIDE[:3]])
def test_chart_with_filed_genres_keeps_margin_and_distances(
    make_answer: MakeAnswer, theme: Theme, verdict: Verdict, filed: tuple[str, ...]
) -> None:
    features = dict.fromkeys(RADAR, 1.0) | {"tempo": 222.0}
    scene = compose(make_answer(FALLING, verdict, features, filed), theme)
    assert not outside_margin(scene)
    assert not list(overlaps(scene))
    assert min_font_size(scene) >= MIN_FONT_SIZE
    assert draw(make_answer(FALLING, verdict, features, filed), theme)


def test_font_sizes_are_legible_on_a_phone(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(features={"energy": 0.5, "liveness": 0.1}), Theme.DARK)
    assert min_font_size(scene) >= MIN_FONT_SIZE
