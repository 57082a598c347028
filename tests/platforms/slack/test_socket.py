"""Socket Mode: starting, losing the line, stopping."""

import asyncio
import logging

import pytest

from bot.domain.errors import ConfigurationError
from bot.texts import slack as own
from tests.platforms.slack.running import OTHER, Wire, stop, words
from tests.stubs.slack import faults
from tests.support.fake_app import LINK


async def test_the_operator_is_told_once_it_is_connected(wire: Wire) -> None:
    async with wire.bot() as running:
        assert running.lines == [own.CONNECTED]


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_a_token_that_slack_refuses_ends_the_start(wire: Wire, wrong: str) -> None:
    running = wire.start(wire.credentials(**{wrong: "xoxb-hush-wrong"}))
    with pytest.raises(ConfigurationError, match=r"invalid_auth.*docs/slack.md") as refused:
        await wire.soon(running.task)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
@pytest.mark.parametrize("token", ["hush\nhush", "hush \N{SNOWMAN}"])
async def test_a_token_that_cannot_be_sent_ends_the_start(
    wire: Wire, wrong: str, token: str
) -> None:
    running = wire.start(wire.credentials(**{wrong: token}))
    with pytest.raises(ConfigurationError) as refused:
        await wire.soon(running.task)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "fault",
    [faults.broken(503), faults.broken(502), faults.hang_up(), faults.refused("internal_error")],
    ids=["503", "502", "cut", "internal error"],
)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.usefixtures("no_patience")
async def test_a_slack_that_is_away_is_waited_for(
    wire: Wire, method: str, fault: faults.Fault
) -> None:
    wire.stub.fail(method, fault, times=6)
    async with wire.bot():
        await wire.card(LINK)


async def test_an_event_that_was_under_way_when_the_line_broke_is_answered_once(
    wire: Wire,
) -> None:
    async with wire.bot():
        wire.stub.deliveries.cut(in_the_middle=True)
        wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.sent(wire.music)
        await wire.fence()
    assert len(wire.stub.messages(wire.music)) == 2  # the card, and the answer to the fence


async def test_when_slack_asks_for_it_the_line_is_renewed(wire: Wire) -> None:
    async with wire.bot():
        (first,) = wire.stub.deliveries.sockets
        await wire.stub.deliveries.refresh()
        await wire.stub.until(
            lambda: wire.stub.deliveries.sockets and first not in wire.stub.deliveries.sockets
        )
        await wire.card(LINK)


async def test_an_outage_is_survived_and_what_was_written_meanwhile_is_answered(
    wire: Wire,
) -> None:
    async with wire.bot():
        wire.stub.down = True
        wire.stub.deliveries.cut()
        wire.people.post(wire.music, wire.ada, LINK)
        wire.stub.down = False
        (card,) = await wire.stub.sent(wire.music)
    assert "Old Town Road" in words(card)


async def test_a_card_that_is_being_made_arrives_before_the_bot_stops(wire: Wire) -> None:
    async with wire.bot() as running:
        with wire.slow_answer() as (begun, go_on):
            wire.people.post(wire.music, wire.ada, LINK)
            await wire.soon(begun.wait())
            stopping = asyncio.create_task(stop(running))
            await wire.stub.until(lambda: not wire.stub.deliveries.sockets)
            go_on.set()
            await wire.soon(stopping)
    assert len(wire.stub.messages(wire.music)) == 1
    assert len(wire.stub.state.files) == 1


async def test_an_app_that_is_removed_answers_no_more_and_says_why(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot():
        wire.team.revoked = True
        ts, _ = wire.people.post(wire.music, wire.ada, LINK)
        await wire.stub.called("chat.postMessage")
        wire.team.revoked = False
        await wire.card(OTHER)
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert f"message {ts}: not sent: account_inactive" in lines
