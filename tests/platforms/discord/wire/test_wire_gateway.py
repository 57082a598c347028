"""Lost connections and duplicate events: no event is lost or processed twice."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import discord
import pytest

from bot.domain.emoji import GENRES
from tests.platforms.discord.wire.running import OTHER_LINK, Wire, text_of
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.objects import Channel
from tests.stubs.discord.rest import CALLBACK, MESSAGES, ORIGINAL
from tests.support.fake_app import LINK

EndConnection = Callable[[Gateway], Awaitable[None]]


async def drop_connections(gateway: Gateway) -> None:
    gateway.drop_connections()


RESUMABLE = [
    pytest.param(drop_connections, id="dropped"),
    pytest.param(Gateway.request_reconnect, id="reconnect request"),
    pytest.param(partial(Gateway.invalidate_sessions, resumable=True), id="resumable session"),
    pytest.param(partial(Gateway.close_connections, code=1000), id="clean close"),
    pytest.param(partial(Gateway.close_connections, code=4000), id="unknown error"),
]


def cards(wire: Wire, channel: Channel) -> list[str]:
    """Return the titles of the cards in a channel."""
    titles = ("Old Town Road", "Heroes")
    return [title for text in wire.texts(channel) for title in titles if title in text]


@pytest.mark.parametrize("end", RESUMABLE)
async def test_session_that_is_interrupted_during_an_answer_answers_once(
    wire: Wire, end: EndConnection
) -> None:
    wire.stub.gateway.resume_overlap = 2
    with wire.slow_chart() as (started, proceed):
        async with wire.bot():
            wire.actions.post(wire.music, wire.ada, LINK)
            await wire.with_timeout(started.wait())
            await end(wire.stub.gateway)
            wire.actions.post(wire.music, wire.ada, OTHER_LINK)
            proceed.set()
            await wire.stub.wait_for_messages(wire.music, 2)
            await wire.stub.wait_for_sessions()
            await wire.drain()
    assert sorted(cards(wire, wire.music)) == ["Heroes", "Old Town Road"]
    assert (
        len(wire.stub.calls_to("POST", MESSAGES)) == 3
    )  # two cards and the reply that drain() causes
    assert wire.stub.gateway.resume_count == 1
    assert len(wire.stub.gateway.identify_payloads) == 1


async def test_vote_during_a_lost_connection_counts(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.gateway.drop_connections()
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_votes(card, "jazz")


async def test_bot_answers_in_a_new_session_after_an_invalid_one(wire: Wire) -> None:
    async with wire.bot():
        before = await wire.card(LINK)
        await wire.stub.gateway.invalidate_sessions()
        await wire.stub.wait_for_sessions()
        await wire.card(OTHER_LINK)
        wire.actions.react(before["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_votes(before, "jazz")
    assert len(wire.stub.gateway.identify_payloads) == 2


async def test_missing_heartbeat_acknowledgements_reconnect_without_losing_events(
    wire: Wire,
) -> None:
    wire.options["heartbeat_timeout"] = 0.1
    wire.stub.gateway.heartbeat_interval = 0.02
    wire.stub.gateway.acknowledges_heartbeats = False
    async with wire.bot():
        await wire.stub.until(lambda: wire.stub.gateway.resume_count)
        wire.stub.gateway.acknowledges_heartbeats = True
        await wire.card(LINK)
    assert cards(wire, wire.music) == ["Old Town Road"]


@pytest.mark.parametrize("restart", [False, True])
async def test_duplicate_message_event_is_answered_once(wire: Wire, *, restart: bool) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        question_id = card["message_reference"]["message_id"]
        if not restart:
            wire.redeliver("MESSAGE_CREATE", question_id)
            await wire.drain()
    if restart:
        async with wire.bot():
            wire.redeliver("MESSAGE_CREATE", question_id)
            await wire.drain()
    assert cards(wire, wire.music) == ["Old Town Road"]
    # No second request, because Discord remembers a nonce for some minutes only.
    assert (
        len(wire.stub.calls_to("POST", MESSAGES)) == 2
    )  # the card and the reply that drain() causes


async def test_unfurled_and_edited_link_is_answered_once(
    wire: Wire,
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        question_id = card["message_reference"]["message_id"]
        wire.actions.unfurl(question_id)
        wire.actions.edit(question_id, f"{LINK} wow")
        wire.actions.unfurl(question_id)
        await wire.drain()
    assert cards(wire, wire.music) == ["Old Town Road"]


async def test_duplicate_command_is_answered_once(wire: Wire) -> None:
    async with wire.bot():
        interaction = wire.actions.command("genre", wire.ada, wire.music, song=LINK)
        await wire.stub.wait_for_responses(interaction)
        wire.redeliver("INTERACTION_CREATE", interaction.id)
        await wire.drain()
    assert cards(wire, wire.music) == ["Old Town Road"]
    assert [call.status for call in wire.stub.calls_to("POST", CALLBACK)] == [200]


async def test_duplicate_menu_choice_counts_once(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        choice = wire.actions.select(card["id"], "genre:1", ["blues"], wire.bob)
        await wire.stub.wait_for_responses(choice)
        await wire.wait_for_votes(card, "blues")
        wire.redeliver("INTERACTION_CREATE", choice.id)
        await wire.drain()
    assert len(wire.stub.responses(choice)) == 1
    assert len(wire.app.votes.ballots) == 1


async def test_votes_on_a_card_of_an_earlier_run_count(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    async with wire.bot():
        # The menu comes first, because an edit of the card would register its view with discord.py.
        choice = wire.actions.select(card["id"], "genre:1", ["blues"], wire.ada)
        (confirmation,) = await wire.stub.wait_for_responses(choice)
        await wire.wait_for_votes(card, "blues")
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_votes(card, "jazz")
    assert "blues" in text_of(confirmation)


@pytest.fixture
def sent_before_close(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record how many replies were sent when the client was closed."""
    counts: list[int] = []
    close = discord.AutoShardedClient.close

    async def count_and_close(client: discord.AutoShardedClient) -> None:
        counts.append(sum(call.status == 200 for call in wire.stub.calls_to("POST", MESSAGES)))
        counts[-1] += sum(call.status == 200 for call in wire.stub.calls_to("PATCH", ORIGINAL))
        await close(client)

    monkeypatch.setattr(discord.AutoShardedClient, "close", count_and_close)
    return counts


async def test_card_in_progress_is_sent_before_the_bot_stops(
    wire: Wire, sent_before_close: list[int]
) -> None:
    with wire.slow_chart() as (started, proceed):
        async with wire.bot() as running:
            wire.actions.post(wire.music, wire.ada, LINK)
            await wire.with_timeout(started.wait())
            running.task.cancel()
            proceed.set()
            await asyncio.wait([running.task])
    assert cards(wire, wire.music) == ["Old Town Road"]
    assert sent_before_close == [1]


async def test_command_in_progress_is_answered_before_the_bot_stops(
    wire: Wire, sent_before_close: list[int]
) -> None:
    with wire.slow_chart() as (started, proceed):
        async with wire.bot() as running:
            interaction = wire.actions.command("genre", wire.ada, wire.music, song=LINK)
            await wire.with_timeout(started.wait())
            running.task.cancel()
            proceed.set()
            await asyncio.wait([running.task])
    (card,) = wire.stub.responses(interaction)
    assert "Old Town Road" in text_of(card)
    assert sent_before_close == [1]
