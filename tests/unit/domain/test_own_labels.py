"""Names of labels, what typed commands name, and which labels a card displays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.label_words import Named, read_named
from bot.domain.own_labels import (
    MARKUP,
    MAX_NAME_LENGTH,
    MAX_SHOWN,
    Example,
    LabelProblem,
    LabelRefused,
    OwnLabel,
    example_of,
    find_example,
    find_label,
    folded,
    read_name,
    shown,
)
from bot.domain.text import is_visible
from bot.domain.tracks import AudioFeatures
from tests.support.factories import VALUES, answer

HEROES = Example("deezer:1", "Heroes - David Bowie", VALUES)
HELP = Example("deezer:2", "Help! - The Beatles", VALUES)
YESTERDAY = Example("deezer:3", "Yesterday - The Beatles", VALUES)
LATE = OwnLabel("late night", (HEROES, HELP, YESTERDAY))
LINK = "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  late   night ", "late night"),
        ('"late night"', "late night"),
        ("“Late Night”", "Late Night"),
        ("'“gym”'", "gym"),
        ("'", "'"),
        ("‘late night’", "late night"),  # noqa: RUF001 - quotation marks
        ("‚late night’", "late night"),  # noqa: RUF001 - quotation marks
        ("'til late", "'til late"),
        ("12:30", "12:30"),
        ("gym 💪🏽", "gym 💪🏽"),
        ("R&B, 90's", "R&B, 90's"),
        ("lo-fi\n", "lo-fi"),
        ("Phonk\u202e", "Phonk"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_name_is_one_line_of_plain_words(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", LabelProblem.NO_NAME),
        (" \u200b ", LabelProblem.NO_NAME),
        ('""', LabelProblem.NO_NAME),
        ("x" * 25, LabelProblem.NAME_TOO_LONG),
        ("x" * 10_000, LabelProblem.NAME_TOO_LONG),
        ("<@123>", LabelProblem.NAME_HAS_MARKUP),
        ("@everyone", LabelProblem.NAME_HAS_MARKUP),
        ("#general", LabelProblem.NAME_HAS_MARKUP),
        ("**loud**", LabelProblem.NAME_HAS_MARKUP),
        ("https://x.example", LabelProblem.NAME_HAS_MARKUP),
        ("www.x.example", LabelProblem.NAME_HAS_MARKUP),
        ('"late night', LabelProblem.NAME_HAS_MARKUP),
        (":muscle:", LabelProblem.CUSTOM_EMOJI),
        ("gym :big-muscle_2:", LabelProblem.CUSTOM_EMOJI),
        ("<a:party:123456789012345678>", LabelProblem.CUSTOM_EMOJI),
        ("Rock", LabelProblem.NAME_IS_GENRE),
        ("hip hop", LabelProblem.NAME_IS_GENRE),
        ("R & B", LabelProblem.NAME_IS_GENRE),
    ],
)
def test_unusable_name_is_refused_with_its_reason(typed: str, problem: LabelProblem) -> None:
    with pytest.raises(LabelRefused) as refused:
        read_name(typed)
    assert refused.value.problem is problem


@given(st.text(max_size=40))
def test_any_text_is_a_safe_name_or_refused(typed: str) -> None:
    try:
        name = read_name(typed)
    except LabelRefused:
        return
    assert 1 <= len(name) <= MAX_NAME_LENGTH
    assert is_visible(name)
    assert not MARKUP & set(name)
    assert name == " ".join(name.split())
    assert read_name(name) == name
    assert read_name(f'"{name}"') == name


@given(st.text(max_size=MAX_NAME_LENGTH))
def test_names_are_found_whatever_their_case(typed: str) -> None:
    assert folded(folded(typed)) == folded(typed)
    assert folded(typed.casefold()) == folded(typed)


def test_label_is_found_by_its_name_whatever_the_case_and_quotes() -> None:
    assert find_label([LATE], "“LATE night”") is LATE
    assert find_label([LATE], "late") is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("deezer:1", HEROES),
        ("heroes - david bowie", HEROES),
        ("David Bowie - Heroes", HEROES),
        ("heroes", HEROES),
        ("beatles yesterday", YESTERDAY),
        ("beatles", None),
        ("let it be", None),
        ("", None),
    ],
)
def test_song_is_found_by_words_that_are_no_other_ones(typed: str, found: Example | None) -> None:
    assert find_example(LATE, typed) == found


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (f'"late night" {LINK}', Named("late night", LINK)),
        ("“deep sleep” heroes - david bowie", Named("deep sleep", "heroes - david bowie")),
        (f"deep sleep {LINK}", Named("deep sleep", LINK)),
        (f"deep sleep: <{LINK}>", Named("deep sleep", f"<{LINK}>")),
        ("late night heroes", Named("late night", "heroes")),
        ("LATE NIGHT", Named("LATE NIGHT")),
        ("gym: heroes", Named("gym", "heroes", is_certain=False)),
        ("deep sleep", Named("deep", "sleep", is_certain=False)),
        ("late: night heroes", Named("late", "night heroes", is_certain=False)),
        ("late night: heroes", Named("late night", "heroes")),
        ("‘deep sleep’ heroes", Named("deep sleep", "heroes")),  # noqa: RUF001 - quotation marks
        ("'deep sleep': Don't Stop", Named("deep sleep", "Don't Stop")),
        ("„deep sleep“ heroes", Named("deep sleep", "heroes")),
        ("„deep sleep” heroes", Named("deep sleep", "heroes")),
        ("‚deep sleep‘ heroes", Named("deep sleep", "heroes")),  # noqa: RUF001 - quotation marks
        ("»deep sleep« heroes", Named("deep sleep", "heroes")),
        ('“deep sleep" heroes', Named("deep sleep", "heroes")),
        ("'til late Don't Stop", Named("'til", "late Don't Stop", is_certain=False)),
        ("‘til late Don’t Stop", Named("‘til", "late Don’t Stop", is_certain=False)),  # noqa: RUF001 - quotation marks
        (f"'til late {LINK}", Named("'til late", LINK)),
        (f":muscle: {LINK}", Named(":muscle:", LINK)),
        (f"gym :muscle: {LINK}", Named("gym :muscle:", LINK)),
        ("gym", Named("gym")),
        ('"gym"', Named("gym")),
        ('"gym', Named('"gym')),
        ('"gym heroes', Named('"gym', "heroes", is_certain=False)),
        (LINK, Named("", LINK)),
    ],
)
def test_typed_words_name_a_label_and_a_song(said: str, named: Named) -> None:
    assert read_named(said, [LATE]) == named


@given(st.text(min_size=1, max_size=80))
def test_any_words_name_something(said: str) -> None:
    assume(said.strip())
    named = read_named(said, [LATE])
    assert len(named.label) + len(named.song) <= len(said)


def test_song_with_too_few_features_teaches_nothing() -> None:
    few = answer(features=AudioFeatures.from_source({"energy": 0.5, "valence": 0.5}, "x"))
    with pytest.raises(LabelRefused) as refused:
        example_of(few, "A song")
    assert (refused.value.problem, refused.value.about) == (LabelProblem.NO_FEATURES, "A song")


def test_card_displays_the_best_fitting_labels_only() -> None:
    fits = {"a": 0.7, "b": 0.9, "c": 0.66, "d": 0.8, "e": 0.95}
    assert shown(fits) == {"e": 0.95, "b": 0.9, "d": 0.8}
    assert len(shown(fits)) == MAX_SHOWN
    assert shown({"c": 0.66}) == {}
