"""The message that says how far a collection is: it becomes the summary, or disappears."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.domain.jobs import PlannedReply
from bot.domain.tracks import MeasuredTrack, Track
from bot.platforms.slack import progress
from tests.platforms.slack.scene import SEND, Scene, text_of
from tests.platforms.slack.test_collections import ALBUM_LINK, UPLOADED
from tests.stubs.slack import faults
from tests.stubs.slack.objects import Json
from tests.stubs.slack.server import RESPOND
from tests.support.blocked_features import blocked_features
from tests.support.fake_app import LINK
from tests.support.fake_collections import ALBUM, collection
from tests.support.killed_process import KilledProcess

READING = "Reading the album: 0 of 2 songs…"
UPDATE = "chat.update"


@pytest.fixture(autouse=True)
def no_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Display progress at once and at short intervals."""
    for name in ("DELAY", "INTERVAL", "CHECK_INTERVAL"):
        monkeypatch.setattr(progress, name, 0.01)


@pytest.fixture
def killed(scene: Scene) -> KilledProcess:
    return KilledProcess(scene.app)


async def displayed(scene: Scene) -> Json:
    """Wait for the message with the progress and return it."""
    (message,) = await scene.stub.wait_for_messages(scene.music)
    assert text_of(message) == READING
    return message


async def test_progress_is_displayed_and_replaced_by_the_summary(scene: Scene) -> None:
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            ts, _ = scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            assert message["thread_ts"] == ts
            proceed.set()
            await scene.stub.wait_for_calls(UPLOADED)
    assert "7 EP" in text_of(scene.current(message) or {})
    assert len(scene.stub.calls_to(SEND)) == 1
    assert len(scene.stub.state.files) == 1


@pytest.fixture
def batches(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """Let the album have two batches of songs; return an event that lets each proceed."""
    scene.app.collections.known = {ALBUM: collection(scene.app.lookup.tracks * 25)}
    measure, gates = scene.app.features.measure, (asyncio.Event(), asyncio.Event())
    waiting = iter(gates)

    async def wait(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        await next(waiting).wait()
        return await measure(tracks)

    monkeypatch.setattr(scene.app.features, "measure", wait)
    return gates


async def test_progress_is_edited_after_each_batch(
    scene: Scene, batches: tuple[asyncio.Event, asyncio.Event]
) -> None:
    first, second = batches
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
        (message,) = await scene.stub.wait_for_messages(scene.music)
        first.set()
        await scene.wait_for_text(message, "Reading the album: 40 of 50 songs…")
        second.set()
        await scene.wait_for_text(message, "7 EP")


async def test_work_stops_when_an_edit_shows_that_the_progress_was_deleted(
    scene: Scene, killed: KilledProcess, batches: tuple[asyncio.Event, asyncio.Event]
) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    first, _ = batches
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, ALBUM_LINK)
        (message,) = await scene.stub.wait_for_messages(scene.music)
        scene.actions.delete(scene.music, message["ts"])
        first.set()
        await scene.within_timeout(killed.finished.wait())
    assert scene.stub.messages(scene.music) == []
    assert scene.app.summaries.summaries == {}


async def test_private_line_is_sent_once_as_slack_allows_five(
    scene: Scene,
    batches: tuple[asyncio.Event, asyncio.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0)
    elsewhere = scene.actions.channel(scene.team, "im", joined=False)
    first, second = batches
    async with scene.bot():
        command = scene.actions.command(elsewhere, scene.ada, ALBUM_LINK)
        await scene.stub.wait_for_responses(command)
        first.set()
        await scene.barrier()  # meanwhile there is something new to say
        second.set()
        _, summary = await scene.stub.wait_for_responses(command, 2)
    assert "7 EP" in text_of(summary)
    assert len(scene.stub.calls_to(RESPOND)) == 2


async def test_quick_summary_has_no_progress(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 3600)
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
        await scene.stub.wait_for_calls(UPLOADED)
    assert len(scene.stub.calls_to(SEND)) == 1
    assert scene.stub.calls_to(UPDATE) == []


async def test_slow_card_has_no_progress(scene: Scene) -> None:
    async with scene.bot():
        with scene.blocked_features() as (started, proceed):
            scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.barrier()
            proceed.set()
            await scene.stub.wait_for_calls("reactions.add", 4)
    assert len(scene.stub.calls_to(SEND)) == 2  # the barrier's hint, and the card


async def test_deleting_the_question_stops_the_work_and_deletes_the_progress(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        with blocked_features(scene.app) as (_, cancelled):
            ts, _ = scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            await displayed(scene)
            scene.actions.delete(scene.music, ts)
            await scene.within_timeout(cancelled.wait())
            await scene.within_timeout(killed.finished.wait())
    assert scene.stub.messages(scene.music) == []
    assert scene.app.summaries.summaries == {}


async def test_question_deleted_before_the_progress_is_posted_leaves_nothing(
    scene: Scene, killed: KilledProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember, posted, proceed = scene.app.messages.remember, asyncio.Event(), asyncio.Event()

    async def slow(*args: object, **kwargs: object) -> None:
        posted.set()
        await proceed.wait()
        await remember(*args, **kwargs)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(scene.app.messages, "remember", slow)
    async with scene.bot():
        with blocked_features(scene.app):
            ts, _ = scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            await scene.within_timeout(posted.wait())
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
            proceed.set()
            await scene.stub.wait_for_calls("chat.delete")
            await scene.within_timeout(killed.finished.wait())
    assert scene.stub.messages(scene.music) == []


async def test_wastebasket_on_the_progress_stops_the_work(
    scene: Scene, killed: KilledProcess
) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        with blocked_features(scene.app) as (_, cancelled):
            scene.actions.command(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            scene.actions.react(scene.music, message["ts"], scene.ada, "wastebasket")
            await scene.within_timeout(cancelled.wait())
            await scene.within_timeout(killed.finished.wait())
    assert len(scene.stub.calls_to(SEND)) == 1
    assert scene.stub.messages(scene.music) == []


async def test_progress_is_deleted_if_the_album_cannot_be_answered(
    scene: Scene, killed: KilledProcess
) -> None:
    scene.app.features.known = {}
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            await displayed(scene)
            proceed.set()
            await scene.within_timeout(killed.finished.wait())
    (sentence,) = scene.stub.messages(scene.music)
    assert "7 EP" in text_of(sentence)
    assert text_of(sentence) != READING


@asynccontextmanager
async def interrupted(scene: Scene) -> AsyncIterator[Json]:
    """Stop a bot that displays progress, and yield that message."""
    scene.stop_seconds = 0.05
    with blocked_features(scene.app):
        async with scene.bot():
            scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            await scene.stub.until(
                lambda: (scene.place(), message["ts"]) in scene.app.messages.stored
            )
    yield message


async def test_next_process_turns_the_progress_into_the_summary(scene: Scene) -> None:
    async with interrupted(scene) as message, scene.bot():
        await scene.stub.wait_for_calls(UPLOADED)
    assert "7 EP" in text_of(scene.current(message) or {})
    assert len(scene.stub.calls_to(SEND)) == 1


async def test_next_process_finds_progress_that_was_not_recorded(
    scene: Scene, killed: KilledProcess
) -> None:
    async with interrupted(scene) as message:
        scene.app.messages.stored.clear()
        (row,) = scene.app.inbox.rows.values()
        await killed.leave(row.stored.job)
        del scene.app.inbox.rows[row.stored.id]
        async with scene.bot():
            await scene.stub.wait_for_calls(UPLOADED)
    assert "7 EP" in text_of(scene.current(message) or {})
    assert len(scene.stub.calls_to(SEND)) == 1


async def test_next_process_deletes_the_progress_if_it_cannot_answer(
    scene: Scene, killed: KilledProcess
) -> None:
    async with interrupted(scene) as message:
        scene.app.features.known = {}
        async with scene.bot():
            await scene.within_timeout(killed.finished.wait())
    assert scene.current(message) is None
    assert len(scene.stub.messages(scene.music)) == 1  # the sentence


@pytest.mark.parametrize(
    ("edited", "recorded"), [(False, True), (True, True), (False, False), (True, False)]
)
async def test_planned_summary_takes_the_place_of_the_progress_after_a_kill(
    scene: Scene, killed: KilledProcess, *, edited: bool, recorded: bool
) -> None:
    """The process was killed before, or after, it had edited the message."""
    async with interrupted(scene) as message:
        (row,) = scene.app.inbox.rows.values()
        progress_record = dict(scene.app.messages.stored)
        reading = dict(scene.current(message) or {})
        async with scene.bot():
            await scene.within_timeout(killed.finished.wait())
        await killed.leave(row.stored.job, PlannedReply(summary_id=1))
        scene.app.messages.stored |= progress_record if recorded else {}
        if not edited:
            scene.stub.state.messages[scene.music.id, message["ts"]] |= reading
        scene.stub.state.files.clear()
        async with scene.bot():
            await scene.within_timeout(killed.finished.wait())
    assert "7 EP" in text_of(scene.current(message) or {})
    assert len(scene.stub.calls_to(SEND)) == 1
    assert len(scene.stub.state.files) == 1
    assert list(scene.app.summaries.summaries) == [1]


@pytest.mark.usefixtures("delays", "hand_backs")
async def test_summary_is_edited_in_when_slack_answers_again(scene: Scene) -> None:
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            scene.stub.fail(UPDATE, faults.api_error("internal_error"), times=3)
            proceed.set()
            await scene.stub.wait_for_calls(UPLOADED)
    assert "7 EP" in text_of(scene.current(message) or {})
    assert len(scene.stub.calls_to(SEND)) == 1


async def test_summary_is_posted_where_messages_may_not_be_edited(
    scene: Scene, killed: KilledProcess
) -> None:
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            scene.stub.fail(UPDATE, faults.api_error("edit_window_closed"))
            proceed.set()
            await scene.within_timeout(killed.finished.wait())
    assert scene.current(message) is None
    (summary,) = scene.stub.messages(scene.music)
    assert "7 EP" in text_of(summary)


async def test_progress_deleted_by_a_moderator_is_not_replaced(
    scene: Scene, killed: KilledProcess
) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            command = scene.actions.command(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            scene.actions.delete(scene.music, message["ts"])
            proceed.set()
            await scene.within_timeout(killed.finished.wait())
    assert scene.stub.messages(scene.music) == []
    assert scene.stub.responses(command) == []


async def test_progress_is_a_private_line_in_a_channel_without_the_app(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, "im", joined=False)
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            command = scene.actions.command(elsewhere, scene.ada, ALBUM_LINK)
            (line,) = await scene.stub.wait_for_responses(command)
            proceed.set()
            _, summary = await scene.stub.wait_for_responses(command, 2)
    assert (text_of(line), line["response_type"]) == (READING, "ephemeral")
    assert "7 EP" in text_of(summary)
    assert len(scene.stub.calls_to(RESPOND)) == 2  # of five that Slack allows


async def test_progress_that_cannot_be_posted_does_not_prevent_the_summary(scene: Scene) -> None:
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            scene.stub.fail(SEND, faults.api_error("internal_error"))
            scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            await scene.stub.wait_for_calls(SEND)
            proceed.set()
            await scene.stub.wait_for_calls(UPLOADED)
    (summary,) = scene.stub.messages(scene.music)
    assert "7 EP" in text_of(summary)


async def test_progress_whose_confirmation_is_lost_becomes_the_summary(scene: Scene) -> None:
    async with scene.bot():
        with blocked_features(scene.app) as (proceed, _):
            scene.stub.fail(SEND, faults.connection_lost(processed=True))
            scene.actions.post(scene.music, scene.ada, ALBUM_LINK)
            message = await displayed(scene)
            proceed.set()
            await scene.wait_for_text(message, "7 EP")
    assert scene.stub.messages(scene.music) == [scene.current(message)]
