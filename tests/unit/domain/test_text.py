"""Invisible texts, and places where texts are cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sanitize import one_line, with_short_names
from bot.domain.text import ELLIPSIS, MAX_CLUSTER, is_visible, shorten
from tests.support.factories import answer, track

INVISIBLE = (
    " \t\n\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u180e\u2000\u200b\u200d\u200e\u2028\u202e\u2060"
    "\u2066\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ufff0\U0001d159\U0001d173\U000e0001\U000e0061\U000e01ef"
)
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
THUMB = "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-6}"
FLAG = "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}"
SCOTLAND = "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e007f"
CLUSTERS = ("a", "e\u0301", "か\u3099", "각", FAMILY, THUMB, FLAG, SCOTLAND, "#\ufe0f\u20e3")


@pytest.mark.parametrize("character", INVISIBLE, ids=lambda c: f"U+{ord(c):04X}")
def test_character_is_invisible(character: str) -> None:
    assert not is_visible(character)
    assert not is_visible(character * 3)
    assert is_visible(f"{character}a")


@pytest.mark.parametrize(
    "text", ["a", "・", "가", "\u0301", "\u0600", "\N{GUITAR}", "\ufffd", "\ue000"]
)
def test_character_is_visible(text: str) -> None:
    assert is_visible(text)


@given(st.text(st.characters(categories=["L", "N", "P"], exclude_characters=INVISIBLE), min_size=1))
def test_letters_numbers_and_punctuation_are_visible(text: str) -> None:
    assert is_visible(text)


@given(st.text(st.sampled_from(INVISIBLE)))
def test_a_text_of_invisible_characters_is_invisible(text: str) -> None:
    assert not is_visible(text)


def test_every_format_character_that_is_visible_is_a_sign_of_its_script() -> None:
    visible = {
        c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Cf" and is_visible(c)
    }
    names = {unicodedata.name(c).partition(" ")[0] for c in visible}
    assert names <= {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "INTERLINEAR"}


@given(st.lists(st.sampled_from(CLUSTERS)), st.integers(MAX_CLUSTER, 60))
def test_a_text_is_cut_between_its_clusters(clusters: list[str], length: int) -> None:
    text = "".join(clusters)
    cut = shorten(text, length)
    assert len(cut) <= length
    if len(text) <= length:
        assert cut == text
    else:
        kept = cut.removesuffix(ELLIPSIS)
        starts = {"".join(clusters[:count]) for count in range(len(clusters))}
        assert kept in starts


@given(st.text(), st.integers(2, 50))
def test_any_text_is_shortened_to_the_limit(text: str, length: int) -> None:
    cut = shorten(text, length)
    assert len(cut) <= length
    assert cut == text or cut.endswith(ELLIPSIS)


def test_a_letter_with_endless_marks_is_cut_all_the_same() -> None:
    assert shorten("e" + "\u0301" * 1000, 100) == "e" + "\u0301" * 98 + ELLIPSIS


def test_what_is_far_beyond_the_limit_is_not_read() -> None:
    line = one_line("\n" * 10**7 + "a", 100)
    assert line == ""


def test_invisible_artists_are_left_out_and_an_invisible_title_stays() -> None:
    named = with_short_names(answer(subject=track(title="\u3164", artists=("\u200b", "A")))).subject
    assert (named.title, named.artists) == ("\u3164", ("A",))
