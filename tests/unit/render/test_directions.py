"""Letters in the order and the forms in which they are drawn from left to right."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.directions import direction, is_simple, to_display

SONG = "\u05e9\u05d9\u05e8"
GNOS = SONG[::-1]
REMIX = "\u05e8\u05de\u05d9\u05e7\u05e1"


@pytest.mark.parametrize(
    ("text", "base"),
    [("Old Town Road", "L"), (f"99 {SONG}", "R"), (f"Song {SONG}", "L"), ("1999", "L"), ("", "L")],
)
def test_the_first_letter_gives_the_direction(text: str, base: str) -> None:
    assert direction(text) == base


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        (SONG, GNOS),
        (f"{SONG} 12", f"12 {GNOS}"),
        (f"Live: {SONG} 12", f"Live: 12 {GNOS}"),
        (f"{SONG} ({REMIX})", f"({REMIX[::-1]}) {GNOS}"),
        (f"{SONG} (feat. Drake)", f"(feat. Drake) {GNOS}"),
        (f"{SONG} (feat. Drake) Remix", f"Remix (feat. Drake) {GNOS}"),
        (f"{SONG} (feat. Drake) [Live]", f"[Live] (feat. Drake) {GNOS}"),
        (f"Song ({SONG})", f"Song ({GNOS})"),
        ("Old Town Road (Remix)", "Old Town Road (Remix)"),
    ],
)
def test_words_and_brackets_stand_where_a_reader_expects_them(title: str, drawn: str) -> None:
    assert to_display(title, direction(title)) == drawn


def test_arabic_letters_have_the_forms_beside_one_another() -> None:
    drawn = to_display("\u0633\u0644\u0627\u0645", "R")
    assert [unicodedata.name(letter) for letter in drawn] == [
        "ARABIC LETTER MEEM ISOLATED FORM",
        "ARABIC LIGATURE LAM WITH ALEF FINAL FORM",
        "ARABIC LETTER SEEN INITIAL FORM",
    ]


def test_punctuation_at_the_end_of_a_line_depends_on_the_next_one() -> None:
    assert to_display(f"{SONG} (feat.", "R", after="Drake)") == f"feat.) {GNOS}"
    assert to_display(f"{SONG} (feat.", "R", after=SONG) == f".feat) {GNOS}"


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Po"]), max_size=40))
def test_what_is_simple_stays_as_it_is(text: str) -> None:
    assert not is_simple(text) or to_display(text, "L") == text


@given(
    st.text(st.sampled_from(f"{SONG}abc 12()[]-.,:\u0633\u0644\u0645"), max_size=40),
    st.sampled_from("LR"),
)
def test_nothing_is_lost_or_invented(text: str, base: str) -> None:
    drawn = unicodedata.normalize("NFKC", to_display(text, base))
    flat = {"(": ")", "[": "]"}
    assert sorted(flat.get(c, c) for c in drawn) == sorted(flat.get(c, c) for c in text)
