"""Mentions, direct messages, /genre, App Home."""

import re

import pytest

from tests.stubs.local_slack.server import ANN, BEN, BOT_USER
from tests.stubs.local_slack.workspace import Workspace, elements_of, reactions_of, text_of
from tests.support.fake_app import LINK

ELSEWHERE = "C99ELSE"
"""A channel without the bot."""


async def test_mention_with_a_link_is_answered_once(
    chat: Workspace,
) -> None:
    await chat.paste(f"<@{BOT_USER}> <{LINK}>")
    await chat.barrier()
    assert len(chat.cards()) == 1


async def test_mention_without_a_link_gets_one_hint(chat: Workspace) -> None:
    await chat.post(f"<@{BOT_USER}> hello")
    await chat.barrier()
    assert len(chat.replies()) == 2


async def test_direct_message_is_answered(chat: Workspace) -> None:
    await chat.post(f"<{LINK}>", channel=ANN)
    direct = chat.direct_channel()
    (card,) = await chat.wait_for_replies(1, direct)
    assert "Old Town Road" in text_of(card)
    await chat.until(lambda: len(reactions_of(chat.current(card))) == 4)
    await chat.post("hello?", channel=ANN)
    _, hint = await chat.wait_for_replies(2, direct)
    assert "I listen for links to songs" in text_of(hint)


@pytest.mark.parametrize("text", [LINK, f"<{LINK}|link>", "old town road - lil nas x"])
async def test_command_answers_a_link_and_a_song_name(chat: Workspace, text: str) -> None:
    card = await chat.command(text)
    assert "Old Town Road" in text_of(card)
    assert "thread_ts" not in card
    (chart,) = await chat.until(chat.charts)
    assert chart["message"]["thread_ts"] == card["ts"]
    await chat.until(lambda: len(reactions_of(chat.current(card))) == 4)


async def test_unknown_song_is_answered_ephemerally(chat: Workspace) -> None:
    answer = await chat.command("la la la", user=BEN)
    assert "I can't find “la la la”" in text_of(answer)
    assert answer["ephemeral_to"] == BEN


@pytest.mark.parametrize("text", ["", "HELP "])
async def test_command_displays_help(chat: Workspace, text: str) -> None:
    answer = await chat.command(text)
    assert "Paste a link to a song" in text_of(answer)
    assert ":billed_cap: hip-hop" in text_of(answer)
    assert answer["ephemeral_to"] == ANN


async def test_command_displays_statistics_with_their_chart(chat: Workspace) -> None:
    assert "I have answered nothing here yet" in text_of(await chat.command("stats"))
    await chat.paste(LINK)
    answer = await chat.command("stats")
    assert "1 track in 1 answer" in text_of(answer)
    chart = await chat.until(
        lambda: next((c for c in chat.charts() if c["name"] == "stats.png"), None)
    )
    assert await chat.download(chart) == b"1 tracks light"
    assert chart["message"]["thread_ts"] == answer["ts"]


async def test_command_displays_settings_and_refuses_changes_by_members(
    chat: Workspace,
) -> None:
    assert "I answer every link to a song" in text_of(await chat.command("settings"))
    refusal = await chat.command("settings off")
    assert "Only owners and admins" in text_of(refusal)
    assert "I answer every link to a song" in text_of(await chat.command("settings"))


async def test_command_deletes_the_data_of_the_user(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, "saxophone")
    await chat.until(lambda: "1 says jazz" in text_of(chat.current(card)))
    answer = await chat.command("forget-me")
    assert "1 vote" in text_of(answer)
    assert answer["ephemeral_to"] == ANN
    await chat.until(lambda: " says " not in text_of(chat.current(card)))


async def test_command_is_answered_in_a_channel_without_the_bot(
    chat: Workspace,
) -> None:
    card = await chat.command(LINK, channel=ELSEWHERE)
    assert "Old Town Road" in text_of(card)
    assert "ephemeral_to" not in card


async def test_app_home_displays_statistics_and_own_recent_tracks(chat: Workspace) -> None:
    await chat.paste(LINK)
    await chat.open_home()
    view = await chat.until(chat.home)
    shown = "\n".join(p["text"] for p in elements_of(view) if isinstance(p.get("text"), str))
    assert "1 track in 1 answer" in shown
    assert re.search("Lil Nas X, Billy Ray Cyrus.?: country", shown)
    assert any("slack_file" in part for part in elements_of(view))
    await chat.open_home(BEN)
    theirs = await chat.until(lambda: chat.home(BEN))
    assert "Old Town Road" not in str(theirs)
