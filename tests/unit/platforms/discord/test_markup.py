"""Which links of a text Discord's markup silences or hides."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import links
from bot.platforms.discord import markup
from tests.support.fake_app import LINK

OTHER = "https://open.spotify.com/track/7Jh1bpe76CNTCgdgAdBw4Z"

MARKUP = st.text(st.sampled_from([*"|`<>\\ \n_ax"]), max_size=40)
PIECES = st.lists(
    st.one_of(st.sampled_from(["||", "`", "```", "<", ">", "\\", "\n", "|", LINK]), MARKUP)
).map("".join)


def answered(text: str) -> bool:
    return bool(links.find(markup.spoken(text)).links)


@pytest.mark.parametrize(
    "text",
    [
        f"<{LINK}>",
        f"hear: <{LINK}>.",
        "<open.spotify.com/track/2YpeDb67231RjR0MgVLzsG>",
        f"[song](<{LINK}>)",
        f"`{LINK}`",
        f"``a ` {LINK}``",
        f"`` {LINK} `",
        f"```\n{LINK}\n```",
        f"```py\n{LINK} `` ```",
        f"||<{LINK}>||",
    ],
)
def test_link_is_silenced(text: str) -> None:
    assert links.find(text).links
    assert not answered(text)


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        f"[song]({LINK})",
        f"\\<{LINK}>",
        f"< {LINK} >",
        f"<{LINK}",
        f"`{LINK}",
        f"\\`{LINK}`",
        f"`a` {LINK} `b`",
        f"```a``` {LINK} ```b```",
        f"```{LINK}",
        f"``a` {LINK} `",
        f"<@123> {LINK}",
        f"> {LINK}",
        f"||{LINK}||",
        f"**{LINK}**",
    ],
)
def test_link_is_answered(text: str) -> None:
    assert answered(text)


@pytest.mark.parametrize(
    "text",
    [
        f"||{LINK}||",
        f"it is || {LINK} ||, really",
        f"|||{LINK}|||",
        f"||**{LINK}**||",
        f"||a|| {OTHER} ||{LINK}||",
        f"||<{LINK}>||",
        f"||a\n\n{LINK}||",
        f"`||`||{LINK}||",
        f"\\\\||{LINK}||",
        f"||`||{LINK}`||",
    ],
)
def test_link_is_hidden(text: str) -> None:
    # In the last text, the first spoiler ends within the code, and the second is "`||".
    is_hidden = markup.hides_link(text)
    assert is_hidden == (text != f"||`||{LINK}`||")


@pytest.mark.parametrize(
    "text",
    [
        LINK,
        f"||a|| {LINK}",
        f"||{LINK}",
        f"{LINK}||",
        f"\\||{LINK}||",
        f"\\|\\|{LINK}\\|\\|",
        f"`||{LINK}||`",
        f"|{LINK}|",
        f"||||{LINK}",
        "||no link||",
    ],
)
def test_link_is_not_hidden(text: str) -> None:
    assert not markup.hides_link(text)


@given(PIECES)
@example(f"||<\\||{LINK}>")
def test_markup_only_leaves_links_out(text: str) -> None:
    written = text.replace("|", " ")  # <a|b> is a label in other chats
    assert set(links.find(markup.spoken(text)).links) <= set(links.find(written).links)


@given(PIECES)
def test_escaped_markup_neither_silences_nor_hides(text: str) -> None:
    plain = text.replace(LINK, "").replace("<", "")  # <a|b> is a label in other chats
    escaped = "".join(f"\\{one}" if one in "|`>\\" else one for one in plain)
    assert answered(f"{escaped} {LINK} {escaped}")
    assert not markup.hides_link(f"{escaped} {LINK} {escaped}")


@given(st.text(st.characters(exclude_characters="|`<\\")))
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    assert markup.spoken(text) == text


@given(PIECES, st.text(st.sampled_from("ab \n*_"), max_size=5), PIECES)
def test_whole_spoiler_hides_wherever_it_is(before: str, inside: str, after: str) -> None:
    """After a blank that closes nothing, unless code or a bar was open before."""
    if any(sign in before for sign in "|`<\\"):
        before = ""
    assert markup.hides_link(f"{before} ||{inside} {LINK} || {after}")


@pytest.mark.parametrize("unit", ["`", "```", "||", "<", "\\", "|`", "`` ` ", "```\n", "||`<"])
def test_long_texts_are_read_in_linear_time(unit: str) -> None:
    """Discord allows 4000 characters; quadratic time would take minutes for these."""
    text = unit * (200_000 // len(unit))
    assert len(markup.spoken(text)) <= len(text) * 2
    assert not markup.hides_link(text)
