"""Socket Mode: start, lost connections, stop."""

import asyncio
import logging

import pytest

from bot.domain.errors import ConfigurationError
from bot.texts import slack as slack_texts
from tests.platforms.slack.scene import OTHER_LINK, Scene, stop, text_of
from tests.stubs.slack import faults
from tests.support.fake_app import LINK


async def test_operator_is_notified_when_connected(scene: Scene) -> None:
    async with scene.bot() as running:
        assert running.lines == [slack_texts.CONNECTED]


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_refused_token_is_a_configuration_error(scene: Scene, wrong: str) -> None:
    running = scene.start(scene.credentials(**{wrong: "xoxb-hush-wrong"}))
    with pytest.raises(ConfigurationError, match=r"invalid_auth.*docs/slack.md") as refused:
        await scene.within_timeout(running.task)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
@pytest.mark.parametrize("token", ["hush\nhush", "hush \N{SNOWMAN}"])
async def test_malformed_token_is_a_configuration_error(
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
    ids=["503", "502", "lost connection", "internal error"],
)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.usefixtures("delays")
async def test_start_is_retried_while_slack_is_unavailable(
    scene: Scene, method: str, fault: faults.Fault
) -> None:
    scene.stub.fail(method, fault, times=6)
    async with scene.bot():
        await scene.paste(LINK)


async def test_event_interrupted_by_a_lost_connection_is_answered_once(
    scene: Scene,
) -> None:
    async with scene.bot():
        scene.stub.deliveries.disconnect(mid_frame=True)
        scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_messages(scene.music)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_connection_is_renewed_when_slack_requests_it(scene: Scene) -> None:
    async with scene.bot():
        (first,) = scene.stub.deliveries.sockets
        await scene.stub.deliveries.request_reconnect()
        await scene.stub.until(
            lambda: scene.stub.deliveries.sockets and first not in scene.stub.deliveries.sockets
        )
        await scene.paste(LINK)


async def test_messages_during_an_outage_are_answered_afterwards(
    scene: Scene,
) -> None:
    async with scene.bot():
        scene.stub.down = True
        scene.stub.deliveries.disconnect()
        scene.actions.post(scene.music, scene.ada, LINK)
        scene.stub.down = False
        (card,) = await scene.stub.wait_for_messages(scene.music)
    assert "Old Town Road" in text_of(card)


async def test_card_in_progress_is_sent_before_the_bot_stops(scene: Scene) -> None:
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


async def test_revoked_token_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    async with scene.bot():
        scene.team.revoked = True
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls("chat.postMessage")
        scene.team.revoked = False
        await scene.paste(OTHER_LINK)
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert f"message {ts}: not sent: account_inactive" in lines
