"""A message that asks for silence, or that another bot is asked by, is told from the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.silence import MARK, is_silenced

LINK = "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"


@pytest.mark.parametrize(
    "text", [f"!{LINK}", f"! {LINK}", f" \n!play {LINK}", f"-play {LINK}", f"?q {LINK}", ".np it"]
)
def test_marks_and_commands_of_other_bots_ask_for_silence(text: str) -> None:
    assert is_silenced(text)


@pytest.mark.parametrize(
    "text",
    ["", LINK, f"listen! {LINK}", f"- {LINK}", f"... {LINK}", f"?? {LINK}", "-5 degrees", "$20 b"],
)
def test_other_messages_do_not(text: str) -> None:
    assert not is_silenced(text)


@given(st.text())
def test_only_the_start_of_a_message_counts(text: str) -> None:
    assert is_silenced(MARK + text)
    assert not is_silenced(f"a{text}")
