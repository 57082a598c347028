"""Lost connections and repeated events: nothing that Discord sends again is lost, or done twice."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import discord
import pytest

from bot.domain.emoji import GENRES
from tests.platforms.discord.wire.running import OTHER, Wire, warnings, words
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.rest import CALLBACK, MESSAGES, ORIGINAL
from tests.stubs.discord.values import Channel
from tests.support.fake_app import LINK

Ending = Callable[[Gateway], Awaitable[None]]


async def cut(gateway: Gateway) -> None:
    gateway.cut()


RESUMABLE = [
    pytest.param(cut, id="a cut"),
    pytest.param(Gateway.ask_to_reconnect, id="a request to reconnect"),
    pytest.param(partial(Gateway.invalidate, resumable=True), id="a resumable session"),
    pytest.param(partial(Gateway.close, code=1000), id="a clean close"),
    pytest.param(partial(Gateway.close, code=4000), id="an unknown error"),
]


def cards(wire: Wire, channel: Channel) -> list[str]:
    """Return the titles of the cards in a channel."""
    titles = ("Old Town Road", "Heroes")
    return [title for text in wire.said(channel) for title in titles if title in text]


@pytest.mark.parametrize("end", RESUMABLE)
async def test_a_session_that_ends_in_the_middle_of_an_answer_answers_once(
    wire: Wire, end: Ending
) -> None:
    wire.stub.gateway.overlap = 2
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot():
            wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            await end(wire.stub.gateway)
            wire.people.post(wire.music, wire.ada, OTHER)
            go_on.set()
            await wire.stub.sent(wire.music, 2)
            await wire.stub.connected()
            await wire.fence()
    assert sorted(cards(wire, wire.music)) == ["Heroes", "Old Town Road"]
    assert len(wire.stub.asked("POST", MESSAGES)) == 3  # and the answer to the fence
    assert wire.stub.gateway.resumed == 1
    assert len(wire.stub.gateway.identified) == 1


async def test_a_vote_during_a_cut_counts(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.gateway.cut()
        wire.people.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.shows(card, "jazz (1)")


async def test_an_invalid_session_is_begun_anew_and_answers(wire: Wire) -> None:
    async with wire.bot():
        before = await wire.card(LINK)
        await wire.stub.gateway.invalidate()
        await wire.stub.connected()
        await wire.card(OTHER)
        wire.people.react(before["id"], wire.bob, GENRES["jazz"])
        await wire.shows(before, "jazz (1)")
    assert len(wire.stub.gateway.identified) == 2


async def test_heartbeats_that_nobody_answers_end_the_connection_and_lose_nothing(
    wire: Wire,
) -> None:
    wire.options["heartbeat_timeout"] = 0.1
    wire.stub.gateway.heartbeat_interval = 0.02
    wire.stub.gateway.acks = False
    async with wire.bot():
        await wire.stub.until(lambda: wire.stub.gateway.resumed)
        wire.stub.gateway.acks = True
        await wire.card(LINK)
    assert cards(wire, wire.music) == ["Old Town Road"]


@pytest.mark.parametrize("restart", [False, True])
async def test_a_message_that_is_delivered_twice_is_answered_once(
    wire: Wire, *, restart: bool
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        asked = card["message_reference"]["message_id"]
        if not restart:
            wire.deliver_again("MESSAGE_CREATE", asked)
            await wire.fence()
    if restart:
        async with wire.bot():
            wire.deliver_again("MESSAGE_CREATE", asked)
            await wire.fence()
    assert cards(wire, wire.music) == ["Old Town Road"]
    # Not even asked for: Discord remembers a nonce for some minutes only.
    assert len(wire.stub.asked("POST", MESSAGES)) == 2  # the card, and the answer to the fence


async def test_a_link_that_discord_unfurls_and_its_author_edits_is_answered_once(
    wire: Wire,
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        asked = card["message_reference"]["message_id"]
        wire.people.unfurl(asked)
        wire.people.edit(asked, OTHER)
        await wire.fence()
    assert cards(wire, wire.music) == ["Old Town Road"]


async def test_a_command_that_is_delivered_twice_is_answered_once_and_not_complained_of(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        asked = wire.people.command("genre", wire.ada, wire.music, song=LINK)
        await wire.stub.answered(asked)
        wire.deliver_again("INTERACTION_CREATE", asked.id)
        await wire.stub.called("POST", CALLBACK, 2)
        await wire.fence()
    assert cards(wire, wire.music) == ["Old Town Road"]
    assert [call.status for call in wire.stub.asked("POST", CALLBACK)] == [200, 400]
    (violation,) = wire.stub.violations
    assert "already been acknowledged" in violation
    wire.stub.violations.clear()
    assert warnings(caplog) == [f"interaction {asked.id}: expired: HTTPException 400, code 40060"]


async def test_a_choice_that_is_delivered_twice_counts_once(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        chosen = wire.people.select(card["id"], "genre:1", ["blues"], wire.bob)
        await wire.stub.answered(chosen)
        await wire.shows(card, "blues (1)")
        wire.deliver_again("INTERACTION_CREATE", chosen.id)
        await wire.stub.called("POST", CALLBACK, 2)
        await wire.fence()
    assert len(wire.stub.answers(chosen)) == 1
    assert len(wire.app.votes.ballots) == 1
    assert len(wire.stub.violations) == 1
    wire.stub.violations.clear()


async def test_what_people_vote_on_a_card_of_an_earlier_run_counts(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    async with wire.bot():
        # The menu first: an edit of the card would make it known to discord.py anyway.
        chosen = wire.people.select(card["id"], "genre:1", ["blues"], wire.ada)
        (receipt,) = await wire.stub.answered(chosen)
        await wire.shows(card, "blues (1)")
        wire.people.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.shows(card, "jazz (1)")
    assert "blues" in words(receipt)


@pytest.fixture
def calls_at_the_end(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Write down how many requests had been answered when the bot broke its connection off."""
    counts: list[int] = []
    close = discord.AutoShardedClient.close

    async def counting(client: discord.AutoShardedClient) -> None:
        counts.append(sum(call.status == 200 for call in wire.stub.asked("POST", MESSAGES)))
        counts[-1] += sum(call.status == 200 for call in wire.stub.asked("PATCH", ORIGINAL))
        await close(client)

    monkeypatch.setattr(discord.AutoShardedClient, "close", counting)
    return counts


async def test_a_card_that_is_being_made_when_the_bot_is_stopped_arrives_first(
    wire: Wire, calls_at_the_end: list[int]
) -> None:
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot() as running:
            wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            running.task.cancel()
            go_on.set()
            await asyncio.wait([running.task])
    assert cards(wire, wire.music) == ["Old Town Road"]
    assert calls_at_the_end == [1]


async def test_a_command_that_is_being_answered_when_the_bot_is_stopped_is_answered_first(
    wire: Wire, calls_at_the_end: list[int]
) -> None:
    with wire.slow_chart() as (begun, go_on):
        async with wire.bot() as running:
            asked = wire.people.command("genre", wire.ada, wire.music, song=LINK)
            await wire.soon(begun.wait())
            running.task.cancel()
            go_on.set()
            await asyncio.wait([running.task])
    (card,) = wire.stub.answers(asked)
    assert "Old Town Road" in words(card)
    assert calls_at_the_end == [1]
