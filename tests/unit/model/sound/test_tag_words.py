"""Tags as words: one word for those that mean the same, and few that are worth saying."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sound.tag_rates import tag_rates
from model.sound.tag_words import (
    MAX_SAID,
    MAX_TAGS,
    MIN_TOLD,
    Words,
    merged,
    tag_words,
    worth_saying,
)
from tests.support.tag_vectors import by_network, vectors


def said(**tags: float) -> Words:
    return worth_saying({name.replace("_", " "): value for name, value in tags.items()})


def test_each_tag_of_the_networks_has_one_word() -> None:
    named = [
        (network, tag)
        for word in tag_words().values()
        for network, tags in word.tags.items()
        for tag in tags
    ]
    assert sorted(named) == sorted(
        (network, tag) for network, rates in tag_rates().items() for tag in rates
    )


def test_words_refer_to_words() -> None:
    assert {one for word in tag_words().values() for one in word.of} <= set(tag_words())


@given(vectors)
def test_what_is_told_is_bounded_and_descending(vector: dict[tuple[str, str], float]) -> None:
    found = merged(by_network(vector))
    assert len(found) <= MAX_TAGS
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert all(MIN_TOLD <= value <= 1 for value in found.values())


@given(st.dictionaries(st.sampled_from(sorted(tag_words())), st.floats(0, 1)))
def test_what_is_said_neither_repeats_nor_contradicts_itself(tags: dict[str, float]) -> None:
    found = worth_saying(tags)
    words = tag_words()
    assert len(found.words) <= MAX_SAID
    kinds = [words[name].kind for name in found.words]
    assert len(set(kinds)) == len(kinds)
    assert not any(words[name].of & set(found.words) for name in found.words)
    assert all(words[name].said for name in found.words)
    assert found.vocals is None or words[found.vocals].kind == "vocals"


def test_tags_that_mean_the_same_are_one_word_with_the_highest_probability() -> None:
    tags = {
        "msd": {"female vocalists": 0.3, "female vocalist": 0.1},
        "mtt": {"woman": 0.6, "female voice": 0.2},
    }
    found = merged(tags)
    assert found["female vocals"] == 0.6
    assert not {"woman", "female voice", "female vocalists"} & set(found)


def test_a_rock_song_is_told_in_words() -> None:
    found = said(rock=0.6, classic_rock=0.5, guitar=0.7, **{"70s": 0.25, "80s": 0.2}, no_vocals=0.4)
    assert found == Words(("classic rock", "guitar", "70s"), "no vocals")


def test_a_common_word_is_said_only_if_it_is_much_more_probable_than_usual() -> None:
    assert said(guitar=0.3).words == ()
    assert said(guitar=0.5).words == ("guitar",)
    assert said(cello=0.3).words == ("cello",)


def test_moods_and_praise_are_never_said() -> None:
    assert said(sexy=0.9, sad=0.9, happy=0.9, beautiful=0.9, catchy=0.9, weird=0.9).words == ()


def test_vocals_are_said_apart_unless_they_contradict_each_other() -> None:
    assert said(female_vocals=0.5, male_vocals=0.2).vocals == "female vocals"
    assert said(no_vocals=0.5, vocals=0.15).vocals == "no vocals"
    assert said(no_vocals=0.4, female_vocals=0.4).vocals is None
    assert said().vocals is None


def test_words_that_are_not_known_are_left_out() -> None:
    assert said(polka=0.9, jazz=0.9).words == ("jazz",)


@pytest.mark.parametrize("pair", [("slow", "fast"), ("loud", "quiet"), ("60s", "90s")])
def test_the_more_telling_of_two_contraries_is_said(pair: tuple[str, str]) -> None:
    first, second = pair
    assert worth_saying({first: 0.8, second: 0.4}).words == (first,)
    assert worth_saying({first: 0.4, second: 0.8}).words == (second,)


def test_a_weak_kind_does_not_hide_the_wider_word() -> None:
    assert worth_saying({"metal": 0.85, "heavy metal": 0.2}).words[0] == "metal"
    assert worth_saying({"metal": 0.5, "heavy metal": 0.4}).words == ("heavy metal",)
