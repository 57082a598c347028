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
from bot.render.chart import compose, draw
from bot.render.palette import PALETTES
from bot.render.scene import Pill
from model.classifier import Verdict
from model.genres import STUDY, WIDE
from model.schema import RADAR
from tests.unit.render.layout import (
    DARK,
    LARGEST_FILE,
    SMALLEST_TYPE,
    clashes,
    filled,
    outside,
    smallest_type,
    written,
)

MakeAnswer = Callable[..., Answer]

ONE_CHART = """
import hashlib
from bot.render.chart import draw
from bot.domain.cards import Answer, ModelRef, Theme
from bot.domain.tracks import AudioFeatures, Track
from model.classifier import Prediction, Verdict

answer = Answer(
    Track("x"),
    AudioFeatures.from_source({"energy": 0.4, "liveness": 0.2, "valence": 0.9, "tempo": 99.0}, "sample"),
    Prediction({"rock": 0.7, "jazz": 0.3}, Verdict.CLEAR, ()),
    (),
    {"energy": 0.5, "liveness": 0.1, "valence": 0.3},
    ModelRef("m", "1"),
)
print(hashlib.sha256(draw(answer, Theme.DARK)).hexdigest())
"""


@pytest.mark.parametrize("theme", Theme)
def test_a_chart_is_an_opaque_png_on_its_own_background(
    make_answer: MakeAnswer, theme: Theme
) -> None:
    file = draw(make_answer(), theme)
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (1000, 560))
        assert picture.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
    assert len(file) < LARGEST_FILE


def test_the_themes_differ(make_answer: MakeAnswer) -> None:
    assert draw(make_answer(), Theme.DARK) != draw(make_answer(), Theme.LIGHT)


def test_the_same_answer_gives_the_same_bytes(make_answer: MakeAnswer) -> None:
    assert draw(make_answer(), Theme.DARK) == draw(make_answer(), Theme.DARK)


def test_another_value_gives_other_bytes(make_answer: MakeAnswer, values: dict[str, float]) -> None:
    changed = make_answer(features=values | {"energy": 0.9})
    assert draw(make_answer(), Theme.DARK) != draw(changed, Theme.DARK)


async def test_other_processes_give_the_same_bytes() -> None:
    async def digest(seed: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", ONE_CHART),
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        return (await process.communicate())[0].strip()

    first, second = [await digest(seed) for seed in ("1", "2")]
    assert first == second
    assert len(first) == hashlib.sha256().digest_size * 2


def test_the_track_is_not_in_the_picture(make_answer: MakeAnswer) -> None:
    words = " ".join(written(compose(make_answer(), Theme.DARK)))
    assert "Old Town Road" not in words
    assert "Lil Nas X" not in words


@pytest.mark.parametrize(
    ("verdict", "stressed"), [(Verdict.CLEAR, 1), (Verdict.CLOSE, 2), (Verdict.UNSURE, 0)]
)
def test_the_verdict_says_how_many_bars_have_the_accent(
    make_answer: MakeAnswer, verdict: Verdict, stressed: int
) -> None:
    pills = filled(compose(make_answer(verdict=verdict), Theme.DARK))
    accent = DARK.accent("folk")
    assert [pill.colour == accent for pill in pills] == [rank < stressed for rank in range(5)]


def test_nothing_has_the_accent_when_the_model_is_unsure(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(verdict=Verdict.UNSURE), Theme.DARK)
    assert {shape.colour for shape in scene.shapes}.isdisjoint(DARK.accents.values())


def test_all_genres_of_the_study_have_a_bar(make_answer: MakeAnswer) -> None:
    genres = dict(zip(STUDY, (0.7, 0.2, 0.1), strict=True))
    scene = compose(make_answer(genres), Theme.DARK)
    assert len(filled(scene)) == len(STUDY)
    assert {*STUDY, "70 %", "20 %", "10 %"} <= set(written(scene))


def test_a_bar_is_as_long_as_its_probability(make_answer: MakeAnswer) -> None:
    genres = {"rock": 0.999, "jazz": 0.001, "folk": 0.0}
    scene = compose(make_answer(genres), Theme.DARK)
    full = next(s.width for s in scene.shapes if isinstance(s, Pill) and s.colour == DARK.track)
    assert [pill.width / full for pill in filled(scene)] == pytest.approx([0.999, 0.001])


def test_the_tempo_is_a_figure(make_answer: MakeAnswer) -> None:
    assert "136 BPM" in written(compose(make_answer(), Theme.DARK))


def test_an_unknown_tempo_is_a_question_mark(
    make_answer: MakeAnswer, values: dict[str, float]
) -> None:
    del values["tempo"]
    words = written(compose(make_answer(features=values), Theme.DARK))
    assert words.count("?") == 1
    assert not any("BPM" in word for word in words)


@pytest.mark.parametrize(
    "name", ['<script>"&amp;', "drum\N{EN DASH}n\N{RIGHT SINGLE QUOTATION MARK}bass", "演歌"]
)
def test_a_strange_genre_name_is_only_text(make_answer: MakeAnswer, name: str) -> None:
    answer = make_answer({name: 0.8, "rock": 0.2})
    assert name in written(compose(answer, Theme.DARK))
    assert draw(answer, Theme.DARK)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("probability", [1 / 13, 0.999, 1.0])
@pytest.mark.parametrize("verdict", Verdict)
def test_extreme_values_stay_inside_the_frame(
    make_answer: MakeAnswer, value: float, probability: float, verdict: Verdict
) -> None:
    rest = {genre: (1 - probability) / 12 for genre in WIDE if genre != "electronic"}
    features = dict.fromkeys(RADAR, value) | {"tempo": 1000.0}
    answer = make_answer({"electronic": probability, **rest}, verdict, features)
    assert not outside(compose(answer, Theme.DARK))
    assert draw(answer, Theme.DARK)


@pytest.mark.parametrize("genre", WIDE)
@pytest.mark.parametrize("verdict", Verdict)
def test_no_words_run_into_each_other_or_into_the_radar(
    make_answer: MakeAnswer, genre: str, verdict: Verdict
) -> None:
    rest = {other: 0.5 for other in sorted(WIDE, key=len, reverse=True) if other != genre}
    features = dict.fromkeys(RADAR, 1.0) | {"tempo": 222.0}
    scene = compose(make_answer({genre: 1.0, **rest}, verdict, features), Theme.DARK)
    words = set(written(scene))
    assert {genre, "100 %", f"typical {genre}", *(texts.LABELS[name] for name in RADAR)} <= words
    assert not list(clashes(scene))


def test_type_can_be_read_on_a_phone(make_answer: MakeAnswer) -> None:
    scene = compose(make_answer(features={"energy": 0.5, "liveness": 0.1}), Theme.DARK)
    assert smallest_type(scene) >= SMALLEST_TYPE
