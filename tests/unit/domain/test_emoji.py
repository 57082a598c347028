"""Every genre has one emoji, which is recognised however a client writes it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.emoji import (
    DELETE,
    GENRES,
    RIGHT,
    SKIN_TONES,
    VARIATION_SELECTOR,
    parse_reaction,
    strip_modifiers,
)
from bot.domain.votes import VoteKind
from model.genres import WIDE


def test_every_genre_has_its_own_emoji() -> None:
    assert set(GENRES) == set(WIDE)
    emojis = [strip_modifiers(emoji) for emoji in (*GENRES.values(), RIGHT, DELETE)]
    assert len(set(emojis)) == len(emojis)
    assert all(len(emoji) == 1 for emoji in emojis)
    assert all(unicodedata.category(emoji) == "So" for emoji in emojis)


@pytest.mark.parametrize(
    "extra", ["", VARIATION_SELECTOR, *SKIN_TONES, f"{SKIN_TONES[0]}{VARIATION_SELECTOR}"]
)
def test_modifiers_that_clients_add_are_ignored(extra: str) -> None:
    for genre, emoji in GENRES.items():
        assert parse_reaction(strip_modifiers(emoji) + extra) == (VoteKind.REACTION, genre)
    assert parse_reaction(RIGHT + extra) == (VoteKind.RIGHT, None)


@pytest.mark.parametrize(
    "emoji", ["", "👍", DELETE, VARIATION_SELECTOR, "🏽", "🎸🎸", "rock", "<:rock:1>", "❤️"]
)
def test_any_other_emoji_is_no_vote(emoji: str) -> None:
    assert parse_reaction(emoji) is None


@given(st.text())
def test_no_other_text_is_a_vote(text: str) -> None:
    known = {strip_modifiers(emoji) for emoji in (*GENRES.values(), RIGHT)}
    assert (parse_reaction(text) is not None) == (strip_modifiers(text) in known)
