"""Well-known songs: the list, and the shipped models."""

import json

import pytest

from model.genres import WIDE
from model.store import BundleStore
from model.verdicts import Verdict, VerdictFigures
from tests.support.contenders import GOOD, contender
from training.embedded_songs import EMBEDDED_SONGS
from training.gate.contender import Contender
from training.gate.sanity import MOST_LISTED, load_sane_songs, sane


@pytest.mark.parametrize("name", ["study", "wide"])
def test_shipped_models_are_sane(name: str) -> None:
    check = sane(Contender(BundleStore().load(name)))
    assert check.passed, check.sentence


def test_every_built_in_song_is_listed_with_genres() -> None:
    content = json.loads(EMBEDDED_SONGS.read_text(encoding="utf-8"))["songs"]
    built_in = {(one["title"], one["artists"][0]): one["genre"] for one in content}
    songs = {(song.title, song.artist): song for song in load_sane_songs()}
    assert set(songs) == set(built_in)
    for name, song in songs.items():
        assert bool(song.first) != bool(song.named)
        assert set(song.first + song.named) <= set(WIDE)
        assert built_in[name] in song.first + song.named


def test_the_examples_of_the_project_must_have_a_plausible_first_genre() -> None:
    required = {song.title for song in load_sane_songs() if song.first}
    assert required == {"Heroes - 2017 Remaster", "In the End", "Old Town Road - Remix"}


def test_a_model_with_absurd_answers_fails_with_a_short_list() -> None:
    genres = ("classical", "rock", "hip-hop")
    sure = {name: VerdictFigures(0.0) for name in Verdict}
    absurd = contender({}, bias={"classical": 3}, genres=genres, verdicts=sure)
    check = sane(absurd)
    assert not check.passed
    assert "Old Town Road - Remix by Lil Nas X is classical" in check.sentence
    assert check.sentence.count(";") == MOST_LISTED
    assert check.sentence.endswith("more.")


def test_one_of_the_examples_is_enough_to_fail() -> None:
    """Heroes alone is plainly instrumental: its first genre is hip-hop, the verdicts name all."""
    check = sane(contender({**GOOD, ("instrumentalness", "hip-hop"): 9}))
    assert not check.passed
    assert check.sentence == (
        "Well-known songs have implausible genres: Heroes - 2017 Remaster by David Bowie is "
        "hip-hop."
    )


def test_songs_of_which_a_model_has_no_genre_are_passed_over() -> None:
    check = sane(contender({}, genres=("classical", "latin")))
    assert check.passed


def test_a_few_other_songs_may_fail_but_not_more() -> None:
    """The model knows no folk songs and no reggae; naming one genre alone makes it fail."""
    one_genre = {name: VerdictFigures(0.0) for name in Verdict}
    check = sane(contender(GOOD, verdicts=one_genre))
    assert not check.passed
    assert "Old Town Road" not in check.sentence
    few = sane(Contender(BundleStore().load("study")))
    assert few.passed
    assert few.sentence.startswith("36 of 37")
