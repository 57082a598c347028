"""The emoji of the genres: one for each, and read however a client writes them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.emoji import DELETE, GENRES, RIGHT, SKIN_TONES, VARIATION, plain, said
from bot.domain.votes import VoteKind
from model.genres import WIDE


def test_every_genre_has_a_sign_of_its_own() -> None:
    assert set(GENRES) == set(WIDE)
    signs = [plain(sign) for sign in (*GENRES.values(), RIGHT, DELETE)]
    assert len(set(signs)) == len(signs)
    assert all(len(sign) == 1 for sign in signs)
    assert all(unicodedata.category(sign) == "So" for sign in signs)


@pytest.mark.parametrize("extra", ["", VARIATION, *SKIN_TONES, f"{SKIN_TONES[0]}{VARIATION}"])
def test_a_sign_is_read_with_or_without_what_clients_add(extra: str) -> None:
    for genre, sign in GENRES.items():
        assert said(plain(sign) + extra) == (VoteKind.REACTION, genre)
    assert said(RIGHT + extra) == (VoteKind.RIGHT, None)


@pytest.mark.parametrize(
    "sign", ["", "👍", DELETE, VARIATION, "🏽", "🎸🎸", "rock", "<:rock:1>", "❤️"]
)
def test_anything_else_says_nothing(sign: str) -> None:
    assert said(sign) is None


@given(st.text())
def test_no_text_is_a_vote_but_the_signs(text: str) -> None:
    known = {plain(sign) for sign in (*GENRES.values(), RIGHT)}
    assert (said(text) is not None) == (plain(text) in known)
