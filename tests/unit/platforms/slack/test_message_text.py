"""What a message of Slack asks for: links outside code, unless its author wants no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack import message_text
from tests.support.factories import HEROES, OLD_TOWN_ROAD

BOT = "U0BOT"
LINK = f"<https://open.spotify.com/track/{OLD_TOWN_ROAD}>"
OTHER = f"<https://open.spotify.com/track/{HEROES}|a song>"

words = st.text(st.characters(exclude_characters="`", exclude_categories=["Cs"]), max_size=20)
"""Text without code."""

lines = words.map(lambda text: " ".join(text.split()))


def tracks(text: str, **options: bool) -> list[str]:
    """Return the tracks that a message asks for."""
    return message_text.read({"text": text}, BOT, **options).links.tracks


@given(words, words)
def test_text_without_code_is_kept(before: str, after: str) -> None:
    assert message_text.without_code(before + LINK + after) == before + LINK + after


@given(lines, lines, lines)
def test_link_in_code_is_not_answered_and_one_beside_it_is(a: str, b: str, c: str) -> None:
    text = f"{a} `{b} {LINK} {c}` {OTHER}"
    assert tracks(f"- {text}") == [HEROES]


@given(words, words)
def test_link_in_a_block_of_code_is_not_answered(a: str, b: str) -> None:
    assert tracks(f"- {OTHER} ```{a}\n{LINK}\n{b}``` ") == [HEROES]


@given(st.lists(st.sampled_from(["`", "``", "```", LINK, "\n", " ", "a", "<", ">"]), max_size=30))
def test_any_marks_leave_links_only_that_were_there(parts: list[str]) -> None:
    left = message_text.without_code("".join(parts))
    assert left.count(LINK) <= parts.count(LINK)
    assert tracks("".join(parts)) in ([], [OLD_TOWN_ROAD])


@pytest.mark.parametrize(
    "text",
    [
        f"don`t miss {LINK}, it`s great",
        f"`a\n{LINK}\nb`",
        f"```{LINK}",
        f"`{LINK}",
        f"a `b` {LINK} `c` d",
        f"```a``` {LINK} ```b```",
        f"(`code`) {LINK}",
    ],
)
def test_marks_that_are_no_code_around_a_link_hide_nothing(text: str) -> None:
    assert tracks(text) == [OLD_TOWN_ROAD]


@pytest.mark.parametrize(
    "text",
    [f"`{LINK}`", f"see`{LINK}`there", f"```{LINK}```", f"*`play {LINK}`*", f"a```\n{LINK}```b"],
)
def test_link_in_code_is_left_alone(text: str) -> None:
    assert tracks(text) == []
    assert tracks(f"<@{BOT}> {text}") == [OLD_TOWN_ROAD]


def test_code_is_read_in_linear_time() -> None:
    marks = "`" * 40_000 + "``` `" * 8_000
    assert tracks(f"{LINK} {marks} {LINK}") == [OLD_TOWN_ROAD]


@pytest.mark.parametrize("text", [f"! {LINK}", f"!{LINK}", f"-play {LINK}", f"  ! {LINK}"])
def test_mark_or_command_of_another_bot_silences_a_message_that_does_not_address_the_bot(
    text: str,
) -> None:
    reading = message_text.read({"text": text}, BOT)
    assert (reading.silenced, reading.links.links) == (True, ())
    assert tracks(text, addressed=True) == [OLD_TOWN_ROAD]
    assert tracks(f"{text} <@{BOT}>") == [OLD_TOWN_ROAD]


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": ""}])
def test_message_without_text_asks_for_nothing(message: dict[str, None]) -> None:
    reading = message_text.read(message, BOT)
    assert (reading.as_text, reading.addressed, reading.silenced) == ("", False, False)
