"""Names in any script, on few lines."""

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import typefaces
from bot.render.lettering import Style, cut, draw, drawable, fits, line_width, lines
from bot.render.typefaces import FIGTREE, WEIGHTS, face_of

STYLE = Style(60, "#ffffff", bold=True)
WIDTH = 500.0
HEBREW = "\u05e9\u05d9\u05e8"


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Old Town Road", "Old Town Road"),
        (
            "\u0392\u03bf\u03b9\u03bd\u03b9\u03ba\u03cc\u03c2",
            "\u0392\u03bf\u03b9\u03bd\u03b9\u03ba\u03cc\u03c2",
        ),
        (
            "\u0413\u0440\u0443\u043f\u043f\u0430 \u043a\u0440\u043e\u0432\u0438",
            "\u0413\u0440\u0443\u043f\u043f\u0430 \u043a\u0440\u043e\u0432\u0438",
        ),
        ("Bjo\u0308rk", "Bj\u00f6rk"),
        ("\u05e9\u05b4\u05c1\u05d9\u05e8", HEBREW),
        ("Z\u0338\u0353a\u0337l\u0336go", "Zalgo"),
        ("\U0001f600 Hello \U0001f469\u200d\U0001f680", "Hello"),
        ("\uff28\uff45\uff4c\uff4c\uff4f", "Hello"),
        ("a\nb\x00c\u202ed", "a b c d"),
        ("!!!", "!!!"),
    ],
)
def test_what_can_be_drawn_of_a_name_is(name: str, drawn: str) -> None:
    assert drawable(name) == drawn


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u591c\u306b\u99c6\u3051\u308b",
        "Idol \u30a2\u30a4\u30c9\u30eb",
        "\U0001f600",
        "\u0e2a\u0e27\u0e31",
    ],
)
def test_a_name_that_the_fonts_lack_most_of_is_left_out(name: str) -> None:
    assert drawable(name) == ""


def test_a_few_letters_that_the_fonts_lack_are_left_out() -> None:
    assert drawable("Yoasobi official \u99c6") == "Yoasobi official"


def test_a_name_is_broken_between_words() -> None:
    assert lines("Bohemian Rhapsody", STYLE, WIDTH, 2) == ["Bohemian", "Rhapsody"]
    assert fits("Bohemian Rhapsody", STYLE, WIDTH, 2)


def test_a_long_name_ends_in_an_ellipsis() -> None:
    name = drawable("word " * 2000)
    found = lines(name, STYLE, WIDTH, 2)
    assert len(found) == 2
    assert found[-1].endswith("\u2026")
    assert not fits(name, STYLE, WIDTH, 2)


def test_a_long_word_is_broken() -> None:
    assert "".join(lines("a" * 25, STYLE, WIDTH, 2)) == "a" * 25
    assert not fits("a" * 25, STYLE, WIDTH, 2)


def test_lines_from_right_to_left_are_in_the_order_of_drawing() -> None:
    assert lines(f"{HEBREW} abc", STYLE, WIDTH, 2) == [f"abc {HEBREW[::-1]}"]


def test_each_part_of_a_line_is_drawn_in_the_typeface_that_has_it() -> None:
    found = list(draw("Song \u05e9\u05d9!", (10, 20), STYLE))
    assert [(text.face, text.text) for text in found] == [
        (FIGTREE, "Song "),
        ("NotoSansHebrew", "\u05e9\u05d9"),
        (FIGTREE, "!"),
    ]
    assert [text.at[0] for text in found] == sorted(text.at[0] for text in found)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.integers(1, 3))
def test_any_name_fits_and_has_letters_of_the_fonts_alone(name: str, most: int) -> None:
    found = lines(drawable(name), STYLE, WIDTH, most)
    assert len(found) <= most
    assert all(line_width(line, STYLE) <= WIDTH for line in found)
    assert all(face_of(character) for line in found for character in line)


@given(st.text("ab \u05e9\u05d9\u0633\u0644", max_size=60))
@settings(max_examples=15, deadline=None)
def test_what_is_cut_fits(text: str) -> None:
    assert line_width(cut(text, STYLE, WIDTH), STYLE) <= WIDTH


def test_both_weights_of_a_typeface_have_the_same_characters() -> None:
    for face in WEIGHTS:
        with (
            TTFont(typefaces.file(face, bold=False)) as plain,
            TTFont(typefaces.file(face, bold=True)) as bold,
        ):
            assert plain.getBestCmap().keys() == bold.getBestCmap().keys(), face


def test_each_bundled_font_is_used_and_they_are_small() -> None:
    used = {typefaces.file(face, bold=bold) for face in WEIGHTS for bold in (False, True)}
    assert used == set(typefaces.FOLDER.glob("*.ttf"))
    assert sum(file.stat().st_size for file in used) < 450_000
