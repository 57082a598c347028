"""Replies are posted exactly once, with retries while Slack is unavailable."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot import texts
from tests.platforms.slack.scene import (
    OFFERED_REACTIONS,
    OTHER_LINK,
    REACT,
    SEND,
    Scene,
    reactions_of,
    text_of,
)
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Json
from tests.stubs.slack.server import RESPOND
from tests.stubs.slack.state import PAGE_SIZE
from tests.support.fake_app import LINK

THREAD = "conversations.replies"
HISTORY = "conversations.history"


def cards(scene: Scene) -> list[Json]:
    """Return the cards in the channel."""
    return [one for one in scene.stub.messages(scene.music) if "Old Town Road" in text_of(one)]


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the bot's warnings and errors in the log."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and record.name.startswith("bot")
    ]


@pytest.mark.parametrize(("after", "waited"), [(9, 9), ("soon", 1), (0, 1)])
async def test_short_rate_limit_is_waited_out(
    scene: Scene, delays: list[float], after: float | str, waited: float
) -> None:
    scene.stub.fail(SEND, faults.rate_limited(after))
    async with scene.bot():
        card = await scene.paste(LINK)
    assert delays == [waited]
    assert cards(scene) == [card]


@pytest.mark.parametrize("seconds", [10, 61, 119])
async def test_card_is_posted_once_after_a_rate_limit_during_which_its_job_holds_no_place(
    scene: Scene, delays: list[float], hand_backs: list[float], seconds: float
) -> None:
    scene.stub.fail(SEND, faults.rate_limited(seconds))
    async with scene.bot():
        card = await scene.paste(LINK)
    assert hand_backs == [seconds]
    assert delays == []
    assert cards(scene) == [card]


@pytest.mark.usefixtures("delays")
async def test_command_is_answered_once_after_a_rate_limit(
    scene: Scene, hand_backs: list[float]
) -> None:
    scene.stub.fail(SEND, faults.rate_limited(30))
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(REACT, OFFERED_REACTIONS)
    assert hand_backs == [30]
    assert len(cards(scene)) == 1


async def test_longer_rate_limit_fails_and_is_logged(
    scene: Scene, delays: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    scene.stub.fail(SEND, faults.rate_limited(3600))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(SEND)
        await scene.barrier()
    assert warnings_of(caplog) == [f"message {ts}: not sent: ratelimited"]
    assert delays == []


async def test_card_is_posted_when_slack_is_reachable_again(
    scene: Scene, delays: list[float], hand_backs: list[float]
) -> None:
    scene.stub.fail(SEND, faults.http_error(502), times=6)
    async with scene.bot():
        card = await scene.paste(LINK)
    assert delays == [1, 3, 1, 3]
    assert hand_backs == [10, 10]
    assert cards(scene) == [card]


@pytest.mark.usefixtures("delays")
async def test_command_gets_an_error_message_if_slack_is_unreachable_for_two_minutes(
    scene: Scene, hand_backs: list[float]
) -> None:
    scene.stub.fail(SEND, faults.http_error(502), times=99)
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.ada, LINK)
        assert await scene.response_text(command) == texts.TRY_AGAIN
    assert 100 < sum(hand_backs) <= 120
    assert cards(scene) == []


@pytest.mark.parametrize("processed", [False, True])
@pytest.mark.parametrize(
    "fault",
    [
        faults.http_error(500),
        faults.http_error(502),
        faults.http_error(503),
        faults.http_error(200, '{"ok":', "application/json"),
        faults.api_error("fatal_error"),
        faults.connection_lost(),
        faults.connection_lost(before_reply=True),
    ],
    ids=["500", "502", "503", "truncated reply", "fatal", "lost during reply", "lost before reply"],
)
@pytest.mark.usefixtures("delays")
async def test_card_with_unknown_outcome_is_posted_exactly_once(
    scene: Scene, fault: faults.Fault, *, processed: bool
) -> None:
    scene.stub.fail(SEND, replace(fault, processed=processed))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(REACT, OFFERED_REACTIONS)
        (card,) = cards(scene)
        assert len(reactions_of(card, scene.team.bot_user)) == OFFERED_REACTIONS
        assert len(scene.stub.state.files) == 1
        await scene.barrier()
        scene.actions.delete(scene.music, ts)
        await scene.stub.wait_for_calls("chat.delete")
    assert cards(scene) == []


@pytest.mark.parametrize("processed", [False, True])
@pytest.mark.usefixtures("delays")
async def test_card_with_unknown_outcome_is_found_in_a_long_thread(
    scene: Scene, *, processed: bool
) -> None:
    ts = scene.actions.write(scene.music, scene.bob, LINK)["ts"]
    for number in range(2 * PAGE_SIZE):
        scene.actions.write(scene.music, scene.ada, f"reply {number}", ts)
    scene.stub.fail(SEND, faults.connection_lost(before_reply=True, processed=processed))
    async with scene.bot():
        scene.shortcut(scene.music, scene.stub.state.messages[scene.music.id, ts])
        await scene.stub.wait_for_calls(REACT, OFFERED_REACTIONS)
    assert len(cards(scene)) == 1
    assert len(scene.stub.calls_to(THREAD)) == 3


@pytest.mark.parametrize("processed", [False, True])
@pytest.mark.usefixtures("delays")
async def test_card_of_a_command_with_unknown_outcome_is_searched_in_the_channel(
    scene: Scene, *, processed: bool
) -> None:
    scene.stub.fail(SEND, faults.connection_lost(before_reply=True, processed=processed))
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(REACT, OFFERED_REACTIONS)
    assert len(cards(scene)) == 1
    assert len(scene.stub.calls_to(HISTORY)) == 1


@pytest.mark.usefixtures("delays")
async def test_card_is_not_sent_again_without_permission_to_read_the_history(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.team.scopes.remove("channels:history")  # so the link arrives as link_shared
    scene.stub.fail(SEND, faults.connection_lost(before_reply=True, processed=True))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(THREAD)
        await scene.barrier()
    assert warnings_of(caplog) == [
        f"message {ts}: not sent: ServerDisconnectedError; perhaps answered already"
    ]
    assert len(cards(scene)) == 1
    assert len(scene.stub.calls_to(THREAD)) == 1


@pytest.mark.usefixtures("delays", "hand_backs")
async def test_card_is_not_sent_again_while_the_history_is_unavailable(scene: Scene) -> None:
    scene.stub.fail(SEND, faults.connection_lost(before_reply=True, processed=True))
    scene.stub.fail(THREAD, faults.http_error(502), times=2)
    async with scene.bot():
        await scene.paste(LINK)
    assert len(cards(scene)) == 1
    assert len(scene.stub.calls_to(SEND)) == 1


@pytest.mark.usefixtures("delays")
async def test_plain_text_with_unknown_outcome_is_not_sent_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.stub.fail(SEND, faults.api_error("invalid_blocks"), times=2)
    scene.stub.fail(SEND, faults.connection_lost(before_reply=True, processed=True))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls(SEND, 3)
        await scene.barrier()
    assert warnings_of(caplog)[2:] == [
        f"message {ts}: not sent: ServerDisconnectedError; perhaps answered already"
    ]
    assert len(scene.stub.messages(scene.music)) == 2  # with the barrier's hint


async def test_waiting_card_does_not_block_others_and_is_dropped_with_its_question(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, proceed = asyncio.Event(), asyncio.Event()

    async def wait(_: float) -> None:
        started.set()
        await proceed.wait()

    monkeypatch.setattr("bot.platforms.slack.posting.sleep", wait)
    scene.stub.fail(SEND, faults.rate_limited(9))
    async with scene.bot():
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.within_timeout(started.wait())
        await scene.paste(OTHER_LINK)
        await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
        await scene.barrier()
        before = len(scene.stub.calls_to(SEND))
        proceed.set()
        await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == before + 1  # the barrier's hint


async def test_response_url_waits_for_a_rate_limit(scene: Scene, delays: list[float]) -> None:
    scene.stub.fail(RESPOND, faults.rate_limited(3))
    async with scene.bot():
        text = await scene.response_text(
            scene.actions.command(scene.music, scene.ada, "nothing of the sort")
        )
    assert text
    assert [3 <= seconds < 4 for seconds in delays] == [True]


@pytest.mark.parametrize("status", [404, 500])
async def test_rejected_response_is_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    scene.stub.fail(RESPOND, faults.http_error(status))
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.ada, "help")
        await scene.stub.wait_for_calls(RESPOND)
        await scene.stub.wait_for_acks([command])
        await scene.barrier()
    assert warnings_of(caplog) == [f"response_url: reply not accepted: status {status}"]


@pytest.mark.usefixtures("delays")
async def test_rejected_card_is_followed_by_an_error_message(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    scene.stub.fail(RESPOND, faults.http_error(500))
    async with scene.bot():
        command = scene.actions.command(elsewhere, scene.ada, LINK)
        assert await scene.response_text(command) == texts.TRY_AGAIN


async def test_choice_counts_although_its_confirmation_fails(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail(RESPOND, faults.http_error(404))
        scene.choose(card, scene.bob, "jazz")
        await scene.wait_for_text(card, "1 says jazz.")
