"""Two opinions on the genre of a song are combined."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.genres import WIDE
from model.sound.fusion import Exponents, product, refined

NUMBERS = {"rock": 0.5, "metal": 0.2, "latin": 0.3}
SOUND = {"metal": 0.6, "rock": 0.3, "jazz": 0.1}


def test_probabilities_are_raised_and_multiplied() -> None:
    found = product(NUMBERS, SOUND, Exponents(1.0, 2.0))
    rock, metal = 0.5 * 0.3**2, 0.2 * 0.6**2
    assert found["rock"] / found["metal"] == pytest.approx(rock / metal)
    assert list(found) == ["metal", "latin", "rock"]


def test_genres_that_the_sound_cannot_tell_keep_their_probability() -> None:
    found = product(NUMBERS, SOUND, Exponents(0.3, 3.0))
    assert found["latin"] == 0.3
    assert found["rock"] + found["metal"] == pytest.approx(0.7)
    assert "jazz" not in found


def test_without_the_sound_the_numbers_stay() -> None:
    assert product(NUMBERS, SOUND, Exponents(1.0, 0.0)) == pytest.approx(NUMBERS)
    assert product(NUMBERS, {"jazz": 1.0}, Exponents(1.0, 1.0)) == NUMBERS


def test_no_opinion_excludes_a_genre() -> None:
    found = product({"rock": 1.0, "metal": 0.0}, {"rock": 0.0, "metal": 1.0}, Exponents(1.0, 1.0))
    assert found == pytest.approx({"rock": 0.5, "metal": 0.5})


def opinions() -> st.SearchStrategy[dict[str, float]]:
    """Return opinions on some genres, zeros among the probabilities."""
    shares = st.dictionaries(st.sampled_from(WIDE), st.floats(0, 1), min_size=1)
    return shares.filter(lambda one: sum(one.values()) > 0).map(
        lambda one: {genre: share / sum(one.values()) for genre, share in one.items()}
    )


@given(opinions(), opinions(), st.floats(0, 1000), st.floats(0, 1000))
def test_the_product_is_a_distribution_over_the_genres_of_the_numbers(
    numbers: dict[str, float], sound: dict[str, float], a: float, b: float
) -> None:
    found = product(numbers, sound, Exponents(a, b))
    assert set(found) == set(numbers)
    assert math.isclose(sum(found.values()), 1, abs_tol=1e-9)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_the_head_tells_apart_what_it_was_taught() -> None:
    table = {"rock": 0.4, "jazz": 0.4, "metal": 0.2}
    found = refined(table, {"rock": 0.1, "metal": 0.9})
    assert found == pytest.approx({"metal": 0.54, "jazz": 0.4, "rock": 0.06})
    assert list(found) == ["metal", "jazz", "rock"]


def test_a_genre_that_the_table_lacks_gets_its_share_against_the_others() -> None:
    """Two genres stand for the table's three, so that the others weigh 3/2 of what they have."""
    table = {"rock": 0.4, "jazz": 0.4, "metal": 0.2}
    found = refined(table, {"rock": 0.1, "metal": 0.5, "reggae": 0.4})
    reggae = 0.4 / (0.4 + 0.6 * 3 / 2)
    assert found["reggae"] == pytest.approx(reggae)
    assert found["jazz"] == pytest.approx((1 - reggae) * 0.4)
    assert found["rock"] == pytest.approx((1 - reggae) * 0.6 * 0.1 / 0.6)


def test_a_head_of_all_genres_is_taken_as_it_is() -> None:
    head = {"metal": 0.5, "latin": 0.3, "rock": 0.2}
    assert refined({"rock": 0.9, "metal": 0.1}, head) == pytest.approx(head)


def test_odds_are_those_of_genres_that_are_alike_frequent() -> None:
    """By Bayes, for likelihoods p(x | genre) where the head's others are like all the others."""
    latin, others, told = 0.05, 0.01, ("rock", "metal", "jazz", "pop")
    total = latin + 2 * others
    head = {"latin": latin / total, "rock": others / total, "metal": others / total}
    expected = latin / (latin + len(told) * others)
    assert refined(dict.fromkeys(told, 0.25), head)["latin"] == pytest.approx(expected)


@given(opinions(), opinions())
def test_refined_genres_are_a_distribution(table: dict[str, float], head: dict[str, float]) -> None:
    found = refined(table, head)
    assert set(found) == {*table, *head}
    assert math.isclose(sum(found.values()), 1, abs_tol=1e-9)
    assert min(found.values()) >= 0
