"""Socket Mode: starting, losing the line, stopping."""

import asyncio
import logging

import pytest

from bot.domain.errors import ConfigurationError
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import OTHER_LINK, Scene, stop, text_of
from tests.stubs.slack import faults
from tests.support.fake_app import LINK


async def test_the_operator_is_told_once_it_is_connected(scene: Scene) -> None:
    async with scene.bot() as running:
        assert running.lines == [slack_texts.CONNECTED]


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_a_token_that_slack_refuses_ends_the_start(scene: Scene, wrong: str) -> None:
    running = scene.start(scene.credentials(**{wrong: "xoxb-hush-wrong"}))
    with pytest.raises(ConfigurationError, match=r"invalid_auth.*docs/slack.md") as refused:
        await scene.within_timeout(running.task)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
@pytest.mark.parametrize("token", ["hush\nhush", "hush \N{SNOWMAN}"])
async def test_a_token_that_cannot_be_sent_ends_the_start(
    scene: Scene, wrong: str, token: str
) -> None:
    running = scene.start(scene.credentials(**{wrong: token}))
    with pytest.raises(ConfigurationError) as refused:
        await scene.within_timeout(running.task)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "fault",
    [
        faults.http_error(503),
        faults.http_error(502),
        faults.connection_lost(),
        faults.api_error("internal_error"),
    ],
    ids=["503", "502", "cut", "internal error"],
)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.usefixtures("delays")
async def test_a_slack_that_is_away_is_waited_for(
    scene: Scene, method: str, fault: faults.Fault
) -> None:
    scene.stub.fail(method, fault, times=6)
    async with scene.bot():
        await scene.paste(LINK)


async def test_an_event_that_was_under_way_when_the_line_broke_is_answered_once(
    scene: Scene,
) -> None:
    async with scene.bot():
        scene.stub.deliveries.disconnect(mid_frame=True)
        scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_messages(scene.music)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_when_slack_asks_for_it_the_line_is_renewed(scene: Scene) -> None:
    async with scene.bot():
        (first,) = scene.stub.deliveries.sockets
        await scene.stub.deliveries.request_reconnect()
        await scene.stub.until(
            lambda: scene.stub.deliveries.sockets and first not in scene.stub.deliveries.sockets
        )
        await scene.paste(LINK)


async def test_an_outage_is_survived_and_what_was_written_meanwhile_is_answered(
    scene: Scene,
) -> None:
    async with scene.bot():
        scene.stub.down = True
        scene.stub.deliveries.disconnect()
        scene.actions.post(scene.music, scene.ada, LINK)
        scene.stub.down = False
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert "Old Town Road" in text_of(card)


async def test_a_card_that_is_being_made_arrives_before_the_bot_stops(scene: Scene) -> None:
    async with scene.bot() as running:
        with scene.blocked_features() as (started, proceed):
            scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            stopping = asyncio.create_task(stop(running))
            await scene.stub.until(lambda: not scene.stub.deliveries.sockets)
            proceed.set()
            await scene.within_timeout(stopping)
    assert len(scene.stub.messages(scene.music)) == 1
    assert len(scene.stub.state.files) == 1


async def test_an_app_that_is_removed_answers_no_more_and_says_why(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.bot():
        scene.team.revoked = True
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls("chat.postMessage")
        scene.team.revoked = False
        await scene.paste(OTHER_LINK)
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert f"message {ts}: not sent: account_inactive" in lines
