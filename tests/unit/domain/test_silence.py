"""A message that asks for silence, or that another bot is asked by, is distinguished."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.silence import COMMANDS, MARK, is_silenced

LINK = "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"


@pytest.mark.parametrize(
    "text",
    [f"!{LINK}", f"! {LINK}", f" \n!{LINK}", f"!<{LINK}>", f"!||{LINK}||", f"!great {LINK}", "!🎵"],
)
def test_mark_asks_for_silence(text: str) -> None:
    assert is_silenced(text)


@pytest.mark.parametrize(
    "text", [f"-play {LINK}", f"?q {LINK}", ".np it", f"$P {LINK}", f"!!play {LINK}", f"!p {LINK}"]
)
def test_commands_of_other_music_bots_ask_for_silence(text: str) -> None:
    assert is_silenced(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        LINK,
        f"listen! {LINK}",
        f"- {LINK}",
        f"... {LINK}",
        f"?? {LINK}",
        "-5 degrees",
        "$20 b",
        f"-great song {LINK}",
        f"?really {LINK}",
        f"$uicide {LINK}",
        f"-playing all day: {LINK}",
        f"!!! {LINK}",
        f"!!!{LINK}",
        f"!? {LINK}",
        f"play {LINK}",
    ],
)
def test_other_messages_do_not(text: str) -> None:
    assert not is_silenced(text)


@given(st.text())
def test_only_the_start_of_a_message_counts(text: str) -> None:
    assert is_silenced(f"{MARK} {text}")
    assert not is_silenced(f"a{text}")


@given(st.sampled_from(sorted("-.$?;%")), st.from_regex(r"[a-z$]{1,10}", fullmatch=True))
def test_words_after_a_prefix_are_no_commands_unless_they_are_known(prefix: str, word: str) -> None:
    assume(word not in COMMANDS and word.lstrip("$") not in COMMANDS)
    assert not is_silenced(f"{prefix}{word} {LINK}")
