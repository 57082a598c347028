"""Words of two versions compared."""

from dataclasses import replace

import pytest

from bot.domain.model_comparison import ModelComparison
from bot.texts import model_comparison as words
from bot.texts.song_sets import data_name
from model.gate_report import GenreChange
from tests.support.model_comparisons import BARE, COMPARISON, A, B


def test_the_terminal_lists_what_changes() -> None:
    text = "\n".join(words.lines(COMPARISON))
    assert text.startswith(
        "wide 1a2b3c4d compared with f9237298\n"
        "Of 131 corrections held back from training, 75 are right, 68 before. 4 of 1,241 songs are "
        "answered differently.\n"
    )
    assert "Weighted F1: 0.500 → " in text
    voted = "Songs that people voted on, some of them trained on"
    assert f"country ({voted}; 204): right 41 % → 55 %" in text
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


def of(*data: str) -> ModelComparison:
    """Return the comparison with the genres on some sets of songs alone."""
    return replace(COMPARISON, genres=tuple(one for one in GENRES if one.data in data))


GENRES = (
    GenreChange("songs", "folk", 4, 0.25, 0.5, 0.2, 0.4),
    GenreChange("tables", "pop", 900, 0.6, 0.5, 0.5, 0.4),
    *COMPARISON.genres,
)
BUILT_IN = "Of 4 built-in songs, 2 are right, 1 before. "
VOTED = "Of 324 songs that people voted on, some of them trained on, 136 are right, 120 before. "


def test_the_winner_is_the_genre_with_most_songs_gained() -> None:
    assert words.winners(COMPARISON) == (
        "On corrections held back from training: country gains most (right 41 % → 55 %); "
        "electronic loses most (right 50 % → 43 %)."
    )
    alike = replace(COMPARISON, genres=COMPARISON.genres[1:2])
    assert words.winners(alike) == "No genre gains or loses."


@pytest.mark.parametrize(
    ("data", "right", "winner"),
    [
        (("votes", "songs", "tables", "fma"), "Of 900 test songs of the tables, ", "pop loses"),
        (("votes", "songs", "fma"), "Of 461 test songs of the Free Music Archive, ", "rock gains"),
        (("votes", "songs"), BUILT_IN, "On built-in songs: folk gains"),
        (("votes",), VOTED, "On songs that people voted on, some of them trained on: country"),
    ],
)
def test_songs_that_were_not_trained_on_come_first(
    data: tuple[str, ...], right: str, winner: str
) -> None:
    found = of(*data)
    assert words.summary(found).startswith(right)
    assert winner in words.winners(found)


@pytest.mark.parametrize(
    ("comparison", "end"),
    [
        (replace(COMPARISON, compared={"songs": 37, "votes": 1024}), "some of them trained on"),
        (replace(COMPARISON, compared={"songs": 37, "votes": 1023}), "most of them trained on"),
        (replace(COMPARISON, report=None), "some of them trained on"),
        (replace(COMPARISON, report=None, b=A), "people voted on"),
        (replace(COMPARISON, report=None, a=B, b=A), "some of them trained on"),
    ],
    ids=["half", "most", "without report", "never trained", "back to the one before"],
)
def test_songs_that_people_voted_on_are_said_to_be_trained_on(
    comparison: ModelComparison, end: str
) -> None:
    assert data_name(comparison, "votes").endswith(end)
    assert f"{end}; those that are wrong now" in words.songs_caption(comparison)
    assert data_name(comparison, "songs") == "Built-in songs"


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
