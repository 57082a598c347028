"""The square picture of a card: what it says, and where."""

import base64
import io
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.domain.cards import Answer, Theme
from bot.domain.filing import FiledUnder
from bot.domain.pictures import SHARE_PIXELS
from bot.domain.sanitize import MAX_NAME_LENGTH
from bot.render import lettering
from bot.render.cover_art import VINYL
from bot.render.palette import PALETTES
from bot.render.raster import Painter, extent
from bot.render.scene import Disc, Photo, Polygon, Scene, Text
from bot.render.share import MARGIN, compose
from model.classifier import Prediction
from model.genres import WIDE
from model.reasons import Reason
from model.verdicts import Verdict
from tests.support import factories

DARK = PALETTES[Theme.DARK]
VOTES = {"country": 5, "hip-hop": 2}
HEBREW = "\u05e9\u05d9\u05e8"


def prediction(verdict: Verdict, **genres: float) -> Prediction:
    named = {genre.replace("_", "-").replace("rnb", "r&b"): p for genre, p in genres.items()}
    others = [genre for genre in WIDE if genre not in named]
    rest = (1 - sum(named.values())) / len(others)
    return Prediction(named | dict.fromkeys(others, rest), verdict, ())


LEANS = prediction(Verdict.EITHER, rnb=0.44, pop=0.21, rock=0.13)


def answer(
    made: Prediction = LEANS,
    filed: tuple[str, ...] = ("rock",),
    title: str = "Old Town Road",
    artists: Sequence[str] = ("Lil Nas X",),
) -> Answer:
    return factories.answer(
        subject=factories.track(title=title, artists=tuple(artists)),
        prediction=made,
        filed_under=FiledUnder(filed, "tables") if filed else None,
        reasons=(Reason("danceability", 0.95, 0.6, 0.9), Reason("tempo", 190.0, 120.0, 0.4)),
    )


def jpeg(colour: str) -> str:
    out = io.BytesIO()
    Image.new("RGB", (480, 480), colour).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


def lines(scene: Scene) -> list[str]:
    """Return the text of the picture by line, from top to bottom."""
    found: dict[float, list[Text]] = {}
    for shape in scene.shapes:
        if isinstance(shape, Text):
            found.setdefault(shape.at[1], []).append(shape)
    return ["".join(text.text for text in found[y]) for y in sorted(found)]


def colours(scene: Scene) -> Mapping[str, str]:
    return {shape.text: shape.colour for shape in scene.shapes if isinstance(shape, Text)}


@pytest.mark.parametrize(
    ("made", "filed", "said"),
    [
        (LEANS, ("rock",), ["Filed: rock", "Sounds: r&b 44 %"]),
        (LEANS, (), ["Sounds: r&b 44 %"]),
        (
            prediction(Verdict.EITHER, rock=0.38, pop=0.33),
            ("pop", "folk"),
            ["Filed: pop, folk", "Sounds: rock 38 %, pop 33 %"],
        ),
        (
            prediction(Verdict.UNSURE, rock=0.21, blues=0.19, folk=0.18),
            ("rock",),
            ["Filed: rock", "Sounds: hard to say"],
        ),
        (
            prediction(Verdict.PLAIN, country=0.71),
            ("country",),
            ["Filed: country", "Sounds: country 71 %"],
        ),
    ],
)
def test_it_says_where_the_song_is_filed_and_what_it_sounds_like(
    made: Prediction, filed: tuple[str, ...], said: list[str]
) -> None:
    found = lines(compose(answer(made, filed), {}, Theme.DARK))
    start = found.index(said[0])
    assert found[start : start + len(said)] == said


def test_each_genre_has_its_colour() -> None:
    found = colours(compose(answer(), {}, Theme.DARK))
    assert found["rock"] == DARK.accent("rock")
    assert found["r&b 44 %"] in {DARK.accent("r&b"), DARK.ink}


def test_names_traits_and_votes_are_there() -> None:
    found = lines(compose(answer(), VOTES, Theme.DARK))
    assert found[:2] == ["Old Town Road", "Lil Nas X"]
    assert any(line.startswith("very danceable") for line in found)
    assert found[-1] == "5 say country, 2 hip-hop.Soundslike"


def test_a_filed_genre_is_in_the_strip_however_improbable() -> None:
    found = lines(compose(answer(filed=("jazz",)), {}, Theme.DARK))
    assert any("jazz 2 %" in line for line in found)


def test_names_that_cannot_be_drawn_are_left_out() -> None:
    both = compose(answer(title="\u6f14\u6b4c", artists=["\u7f8e\u7a7a"]), {}, Theme.DARK)
    assert lines(both)[0] == "Filed: rock"
    title = compose(answer(title="\u6f14\u6b4c"), {}, Theme.DARK)
    assert lines(title)[:2] == ["Lil Nas X", "Filed: rock"]


def test_a_title_from_right_to_left_is_drawn_so() -> None:
    found = lines(compose(answer(title=f"{HEBREW} (Live)"), {}, Theme.DARK))
    assert found[0] == f"(Live) {HEBREW[::-1]}"


def test_a_sound_alone_says_so_and_what_is_heard() -> None:
    found = lines(compose(factories.sound_answer(), {}, Theme.DARK))
    assert "judged from the sound alone" in found
    assert "classic rock" in found
    assert not any(line.startswith("Filed") for line in found)


def test_without_a_cover_a_record_is_drawn_in_the_genres_colour() -> None:
    shapes = compose(answer(), {}, Theme.LIGHT).shapes
    assert isinstance(shapes[0], Polygon)
    assert shapes[0].colour == PALETTES[Theme.LIGHT].accent("r&b")
    assert VINYL in {shape.colour for shape in shapes if isinstance(shape, Disc)}
    assert not any(isinstance(shape, Photo) for shape in shapes)


@pytest.mark.parametrize("theme", Theme)
def test_it_is_a_square_png_with_the_cover_and_the_themes_background(theme: Theme) -> None:
    scene = compose(answer(), VOTES, theme, jpeg("#00ff00"))
    assert Scene.from_json(scene.to_json()) == scene
    picture = Painter().paint(scene)
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (SHARE_PIXELS,) * 2)
        assert image.getpixel((0, 0)) == ImageColor.getrgb(PALETTES[theme].background)
        assert image.getpixel((round(MARGIN), round(MARGIN))) == image.getpixel((0, 0))
        assert similar(image.getpixel((250, 250)), (0, 255, 0))
    assert Painter().paint(compose(answer(), VOTES, theme, jpeg("#00ff00"))) == picture


NAMES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["word " * 2000, "a" * 10_000, HEBREW * 300, "\U0001f600", "Heroes"]),
)


def test_a_letter_that_stands_for_many_does_not_make_a_name_longer() -> None:
    assert len(lettering.drawable("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 1000)) <= (
        MAX_NAME_LENGTH
    )


@settings(max_examples=25, deadline=None)
@given(
    title=NAMES,
    artist=NAMES,
    verdict=st.sampled_from(list(Verdict)),
    weights=st.lists(st.floats(0.001, 1), min_size=13, max_size=13),
    filed=st.lists(st.sampled_from(WIDE), max_size=3, unique=True),
    votes=st.dictionaries(st.sampled_from(WIDE), st.integers(1, 10**6)),
)
def test_nothing_overlaps_or_leaves_the_picture(  # noqa: PLR0917 - hypothesis passes by name
    title: str,
    artist: str,
    verdict: Verdict,
    weights: list[float],
    filed: list[str],
    votes: dict[str, int],
) -> None:
    shares = sorted((weight / sum(weights) for weight in weights), reverse=True)
    made = Prediction(dict(zip(WIDE, shares, strict=True)), verdict, ())
    scene = compose(answer(made, tuple(filed), title, [artist]), votes, Theme.DARK)
    texts = [shape for shape in scene.shapes if isinstance(shape, Text) and shape.text.strip()]
    for text in texts:
        left, top, right, bottom = extent(text)
        assert min(left, top) >= MARGIN - 20
        assert max(right, bottom) <= SHARE_PIXELS - MARGIN + 20
    for one, other in combinations(texts, 2):
        if abs(one.at[1] - other.at[1]) > 1:
            assert not overlap(extent(one), extent(other)), (one, other)
    for shape in scene.shapes:
        if isinstance(shape, Polygon):
            assert max(x for x, _ in shape.points) <= SHARE_PIXELS - MARGIN + 0.01


def similar(one: object, other: tuple[int, ...]) -> bool:
    return isinstance(one, tuple) and all(abs(a - b) < 10 for a, b in zip(one, other, strict=True))


def overlap(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_each_part_of_the_strip_is_named_also_if_a_filed_genre_is_improbable() -> None:
    made = prediction(
        Verdict.EITHER, hip_hop=0.74, pop=0.09, latin=0.08, rnb=0.05, country=0.004, reggae=0.02
    )
    found = lines(compose(answer(made, ("hip-hop", "country")), {}, Theme.DARK))
    assert "hip-hop 74 %pop 9 %latin 8 %r&b 5 %country < 1 %" in found
