"""Deliveries that cannot be stored come again; jobs of a killed process are finished once."""

import json
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from bot import texts
from bot.domain.errors import StorageFailed
from bot.domain.jobs import JobKind, PlannedReply, StoredJob
from bot.platforms.slack import emoji_names
from bot.platforms.slack.posting import MAX_HISTORY_PAGES
from tests.platforms.slack.scene import (
    SEND,
    Scene,
    text_of,
)
from tests.stubs.slack import faults
from tests.stubs.slack.server import RESPOND
from tests.stubs.slack.state import PAGE_SIZE
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess

THREAD = "conversations.replies"


@pytest.fixture
def killed(scene: Scene) -> KilledProcess:
    return KilledProcess(scene.app)


async def test_event_is_refused_while_it_cannot_be_stored_and_answered_when_it_comes_again(
    scene: Scene,
) -> None:
    async with scene.bot(scene.http_credentials()):
        scene.app.inbox.locked = True
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.until(lambda: all(one.status for one in deliveries))
        assert {delivery.status for delivery in deliveries} == {503}
        assert scene.stub.calls_to(SEND) == []
        scene.app.inbox.locked = False
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_event_is_refused_if_the_bot_fails_to_store_it_by_a_fault_of_its_own(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(*_: object) -> None:
        raise TypeError

    async with scene.bot(scene.http_credentials()):
        with monkeypatch.context() as failing:
            failing.setattr(scene.app.inbox, "add", faulty)
            _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.stub.until(lambda: all(one.status for one in deliveries))
        assert {delivery.status for delivery in deliveries} == {503}
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_messages(scene.music)


async def test_vote_that_is_not_acknowledged_on_a_websocket_counts_when_it_comes_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.stub.deliveries.ack_timeout = 0.2
    add, refused = scene.app.inbox.add, False

    async def refuse_once(*arguments: Any) -> Sequence[StoredJob | None]:
        nonlocal refused
        if not refused:
            refused = True
            raise StorageFailed("locked")
        return await add(*arguments)

    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.deliveries.retry_delays = (0.01,) * 3
        monkeypatch.setattr(scene.app.inbox, "add", refuse_once)
        jazz = emoji_names.GENRES["jazz"]
        (vote,) = scene.actions.react(scene.music, card["ts"], scene.bob, jazz)
        await scene.wait_for_text(card, "1 says jazz.")
    assert vote.attempts == 2
    assert scene.app.votes.counted() == [(1, "jazz")]


async def test_command_that_cannot_be_stored_gets_a_sentence_and_is_not_run(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        scene.app.inbox.locked = True
        command = scene.actions.command(scene.music, scene.ada, f"/genre {LINK}")
        await scene.stub.wait_for_acks([command])
        scene.app.inbox.locked = False
        await scene.barrier()
    assert texts.TRY_AGAIN in text_of(json.loads(command.reply))
    assert len(scene.stub.messages(scene.music)) == 1  # the barrier's hint


async def test_card_that_was_posted_but_not_recorded_is_found_by_its_block_id(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
        scene.actions.react(scene.music, card["ts"], scene.bob, emoji_names.GENRES["jazz"])
        await scene.wait_for_text(card, "1 says jazz.")
    assert len(scene.stub.calls_to(SEND)) == 1
    assert scene.app.votes.counted() == [(1, "jazz")]


async def test_card_of_a_command_is_found_behind_many_later_messages(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_messages(scene.music)
        await scene.within_timeout(killed.finished.wait())
    for number in range(2 * PAGE_SIZE):
        scene.actions.write(scene.music, scene.bob, f"later message {number}")
    await killed.leave(killed.job(JobKind.COMMAND), PlannedReply(1))
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert len(scene.app.messages.stored) == 2  # the card and its chart


@pytest.mark.parametrize("command", [True, False])
async def test_card_is_not_posted_again_where_too_many_later_messages_hide_it(
    scene: Scene, killed: KilledProcess, caplog: pytest.LogCaptureFixture, *, command: bool
) -> None:
    async with scene.bot():
        if command:
            scene.actions.command(scene.music, scene.ada, LINK)
            (card,) = await scene.stub.wait_for_messages(scene.music)
        else:
            card = await scene.paste(LINK)
        await scene.within_timeout(killed.finished.wait())
    del scene.stub.state.messages[scene.music.id, card["ts"]]
    for number in range(MAX_HISTORY_PAGES * PAGE_SIZE + 1):
        scene.actions.write(scene.music, scene.bob, f"{number}", card.get("thread_ts"))
    await killed.leave(killed.jobs[-1], PlannedReply(1))
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert "perhaps answered already" in caplog.text


async def test_card_that_was_not_posted_is_posted_once(scene: Scene, killed: KilledProcess) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        del scene.stub.state.messages[scene.music.id, card["ts"]]
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    async with scene.bot():
        (again,) = await scene.stub.wait_for_messages(scene.music)
        await scene.within_timeout(killed.finished.wait())
    assert again["ts"] != card["ts"]
    assert again["blocks"][0]["block_id"] == card["blocks"][0]["block_id"]
    assert len(scene.app.predictions.cards) == 1


async def test_recorded_card_is_not_posted_and_not_looked_for_again(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        await scene.paste(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1), recorded=2)  # with its chart
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert scene.stub.calls_to(THREAD) == []
    assert len(scene.stub.state.files) == 1


async def test_chart_that_was_not_uploaded_is_uploaded_to_the_recorded_card(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.stub.state.files.clear()
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1), recorded=1)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert len(scene.stub.state.files) == 1


async def test_card_is_not_posted_again_where_the_history_cannot_be_read(
    scene: Scene, killed: KilledProcess, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.bot():
        await scene.paste(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    scene.stub.fail(THREAD, faults.api_error("missing_scope"))
    with caplog.at_level(logging.WARNING):
        async with scene.bot():
            await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert "perhaps answered already" in caplog.text


async def test_vote_on_a_card_that_was_posted_but_not_recorded_counts(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
    await killed.leave(killed.job(JobKind.MESSAGE), PlannedReply(1))
    scene.actions.react(scene.music, card["ts"], scene.bob, emoji_names.GENRES["jazz"])
    async with scene.bot():
        await scene.wait_for_text(card, "1 says jazz.")
    assert scene.app.votes.counted() == [(1, "jazz")]
    assert len(scene.stub.calls_to(SEND)) == 1


async def test_press_of_a_button_that_was_acknowledged_counts_after_a_kill(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.agree(card, scene.bob)
        await scene.wait_for_text(card, "1 says country.")
    counted = scene.app.votes.counted()
    scene.app.votes.ballots.clear()
    scene.app.votes.seen.clear()
    await killed.leave(killed.job(JobKind.CHOICE), recorded=2)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert scene.app.votes.counted() == counted != []


async def test_press_of_a_button_that_was_counted_is_not_reversed_after_a_kill(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.agree(card, scene.bob)
        await scene.wait_for_text(card, "1 says country.")
    counted = scene.app.votes.counted()
    await killed.leave(killed.job(JobKind.CHOICE), recorded=2)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert scene.app.votes.counted() == counted != []


@pytest.mark.parametrize("text", ["help", "settings", "forget-me", "settings nonsense"])
async def test_sentence_that_may_have_been_sent_is_not_sent_again(
    scene: Scene, killed: KilledProcess, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    async with scene.bot():
        command = scene.actions.command(scene.music, scene.ada, text)
        await scene.stub.wait_for_responses(command)
        await scene.within_timeout(killed.finished.wait())
    await killed.leave(killed.job(JobKind.COMMAND))
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(RESPOND)) == 1
    assert "perhaps answered already" in caplog.text


async def test_choice_that_was_not_recorded_counts_and_its_receipt_is_not_repeated(
    scene: Scene, killed: KilledProcess, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        await scene.within_timeout(killed.finished.wait())
    scene.app.votes.ballots.clear()
    scene.app.votes.seen.clear()
    await killed.leave(killed.job(JobKind.CHOICE), recorded=2)
    async with scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert scene.app.votes.counted() == [(1, "jazz")]
    assert len(scene.stub.calls_to(RESPOND)) == 1
    assert "perhaps answered already" in caplog.text
