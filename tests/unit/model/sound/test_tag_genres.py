"""From tags to genres: probabilities whatever the networks say, and in the right direction."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.genres import WIDE
from model.sound.tag_genres import TABLE, TagGenres, tag_genres
from model.sound.tag_rates import tag_rates
from model.verdicts import Verdict
from tests.support.tag_vectors import TAGS, by_network, vectors


@given(vectors)
def test_the_probabilities_of_the_genres_sum_to_1(vector: dict[tuple[str, str], float]) -> None:
    found = tag_genres().probabilities(by_network(vector))
    assert sum(found.values()) == pytest.approx(1)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert set(found) == set(tag_genres().told)
    assert min(found.values()) >= tag_genres().flat / len(found) - 1e-12


@given(vectors, st.sampled_from(TAGS), st.floats(0, 1), st.floats(0, 1))
def test_a_genre_never_gets_less_probable_by_more_of_its_tag(
    vector: dict[tuple[str, str], float], tag: tuple[str, str], one: float, other: float
) -> None:
    table = tag_genres()
    less = table.scores(by_network(vector | {tag: min(one, other)}))
    more = table.scores(by_network(vector | {tag: max(one, other)}))
    for genre in table.told:
        if tag[1] in table.weights[genre].get(tag[0], {}):
            assert more[genre] >= less[genre]
        else:
            assert more[genre] == less[genre]


@pytest.mark.parametrize("genre", tag_genres().told)
def test_a_sound_whose_only_tags_are_those_of_a_genre_is_of_that_genre(genre: str) -> None:
    table = tag_genres()
    tags = {network: dict.fromkeys(rates, 0.0) for network, rates in tag_rates().items()}
    for network, own in table.weights[genre].items():
        tags[network] |= dict.fromkeys(own, 0.9)
    found = table.probabilities(tags)
    assert next(iter(found)) == genre
    assert table.verdict(found) is Verdict.PLAIN


def test_tags_that_say_nothing_leave_the_genre_open() -> None:
    table = tag_genres()
    as_usual = table.probabilities(tag_rates())
    assert table.verdict(as_usual) is Verdict.UNSURE
    assert table.probabilities({}) == as_usual
    none = {network: dict.fromkeys(rates, 0.0) for network, rates in tag_rates().items()}
    assert table.probabilities(none) == pytest.approx(dict.fromkeys(table.told, 1 / 11))


def test_two_genres_that_are_as_probable_are_both_named() -> None:
    tags = {"msd": {"metal": 0.5, "heavy metal": 0.3, "rock": 0.7, "hard rock": 0.5}}
    found = tag_genres().probabilities(tags)
    assert set(list(found)[:2]) == {"rock", "metal"}
    assert tag_genres().verdict(found) is Verdict.EITHER


def test_latin_and_reggae_cannot_be_told() -> None:
    assert tag_genres().untold == ("latin", "reggae")
    assert {*tag_genres().told, *tag_genres().untold} == set(WIDE)


def content(**changes: Any) -> dict[str, Any]:
    return {**tomllib.loads(TABLE.read_text(encoding="utf-8")), **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"genres": {"polka": {"msd": {"rock": 1}}}},
        {"genres": {"rock": {"msd": {"polka": 1}}}},
        {"genres": {"rock": {"msd": {"rock": 0}}}},
        {"calibration": {"exponent": 0, "flat": 0.1}},
        {"calibration": {"exponent": 1, "flat": 1.5}},
        {"verdicts": {"plain": {"threshold": 0.5}}},
    ],
    ids=["genre", "tag", "weight", "exponent", "flat", "verdicts"],
)
def test_an_invalid_table_is_refused(changes: dict[str, Any]) -> None:
    TagGenres.read(content())
    with pytest.raises(ValueError, match=r"\w"):
        TagGenres.read(content(**changes))
