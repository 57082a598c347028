"""Words of two versions compared."""

from dataclasses import replace

import pytest

from bot.texts import model_comparison as words
from tests.support.model_comparisons import BARE, COMPARISON, A, B


def test_the_terminal_lists_what_changes() -> None:
    text = "\n".join(words.lines(COMPARISON))
    assert text.startswith("wide 1a2b3c4d compared with f9237298\n4 of 1,241 songs")
    assert "Weighted F1: 0.500 → " in text
    assert "country (Songs that people voted on, 204): right 41 % → 55 %" in text
    assert "Jolene — Dolly Parton: r&b → country (it is country)" in text
    assert "It was refused: 5 of 6 checks passed" in text
    assert "Genres have lost: jazz" in text


def test_long_lists_are_cut() -> None:
    many = replace(COMPARISON, songs=COMPARISON.songs * 10)
    lines = list(words.lines(many))
    assert "  and 20 more songs" in lines


def test_nothing_that_changes_is_said_in_words() -> None:
    text = "\n".join(words.lines(BARE))
    assert "All 1,241 songs are answered alike." in text
    assert words.NO_GENRES in text
    assert words.NO_REPORT in text


def test_the_winner_is_the_genre_with_most_songs_gained() -> None:
    assert words.winners(COMPARISON) == (
        "Country gains most (right 41 % → 55 %, songs that people voted on); "
        "r&b loses most (right 30 % → 20 %, songs that people voted on)."
    )
    alike = replace(COMPARISON, genres=COMPARISON.genres[1:2])
    assert words.winners(alike) == "No genre gains or loses."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("held_back", "Corrections held back"),
        ("f1_fma", "Overall: test songs of the Free Music Archive"),
        ("core_f1_songs", "With core features alone: built-in songs"),
        ("calibration_corrections", "Calibration: corrections held back from training"),
        ("of_a_later_version", "of a later version"),
    ],
)
def test_checks_have_names(name: str, text: str) -> None:
    assert words.check_name(name) == text


def test_versions_say_when_they_were_moved() -> None:
    assert words.moved(B) == "2026-02-02 04:00 UTC by retrain"
    assert words.moved(replace(A, at=None, by=None)) == "came with the program"
    assert words.moved(replace(B, at=None, by=None)) == ""


def test_models_of_other_names_are_named() -> None:
    other = replace(COMPARISON, a=replace(A, name="study"))
    assert words.title(other) == "wide 1a2b3c4d compared with study f9237298"
