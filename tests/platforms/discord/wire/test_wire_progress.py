"""The message that says how far a collection is: it becomes the first reply, or disappears."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.domain.emoji import DELETE, GENRES
from bot.domain.jobs import Job, PlannedReply
from bot.domain.music_services import MusicService
from bot.domain.places import Message, Place
from bot.domain.replies import Reply
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.platforms.discord.failures import INVALID_FORM_BODY, NO_MESSAGE_HISTORY, UNKNOWN_MESSAGE
from bot.platforms.discord.progress import Timing
from tests.platforms.discord.wire.running import Wire, text_of
from tests.stubs.discord import faults
from tests.stubs.discord.faults import Fault
from tests.stubs.discord.objects import Json, Permission
from tests.stubs.discord.rest import MESSAGE, MESSAGES
from tests.support.blocked_features import blocked_features
from tests.support.fake_app import LINK
from tests.support.fake_collections import ALBUM, collection
from tests.support.killed_process import KilledProcess

ALBUM_LINK = "https://www.deezer.com/album/101"
READING = "Reading the album: 0 of 2 songs…"
SEND = ("POST", MESSAGES)
EDIT = ("PATCH", MESSAGE)


def refused(code: int, status: int = 400) -> Fault:
    return Fault(status, {"message": "refused", "code": code})


@pytest.fixture(autouse=True)
def short_delays(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Display progress at once, and let `until` look again after a message is recorded."""
    wire.progress_timing = Timing(0.01, 0.01, 0.01)
    remember = wire.app.messages.remember

    async def remember_and_notify(*arguments: Any, **options: Any) -> None:
        await remember(*arguments, **options)
        wire.stub.changes.notify()

    monkeypatch.setattr(wire.app.messages, "remember", remember_and_notify)


@pytest.fixture
def killed(wire: Wire) -> KilledProcess:
    return KilledProcess(wire.app)


async def displayed(wire: Wire, text: str = READING) -> Json:
    """Return the bot's only message, when it displays the progress and is recorded."""
    (message,) = await wire.stub.wait_for_messages(wire.music)
    assert text_of(message).strip() == text
    await wire.stub.until(lambda: is_recorded(wire, message))
    return message


def is_recorded(wire: Wire, message: Json) -> bool:
    return any(message_id == message["id"] for _, message_id in wire.app.messages.stored)


async def test_progress_becomes_the_summary(wire: Wire, killed: KilledProcess) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            question = wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            assert message["message_reference"]["message_id"] == question
            assert wire.stub.calls_to(*SEND)[0].payload["allowed_mentions"] == {"parse": []}
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
        summary = wire.current(message)
        assert "7 EP" in text_of(summary)
        assert READING not in text_of(summary)
        assert wire.stub.file_contents(summary) == [b"7 EP dark"]
        assert len(wire.stub.calls_to(*SEND)) == 1
        wire.actions.delete(question)
        await wire.stub.wait_for_calls("DELETE", MESSAGE)
    assert wire.stub.messages(wire.music) == []


async def test_progress_is_edited_after_each_batch(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.app.collections.known = {ALBUM: collection(wire.app.lookup.tracks * 25)}
    measure, batches, proceed = wire.app.features.measure, 0, asyncio.Event()

    async def second_waits(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        nonlocal batches
        batches += 1
        await wire.stub.wait_for_messages(wire.music)  # the first report is displayed
        if batches == 2:
            await proceed.wait()
        return await measure(tracks)

    monkeypatch.setattr(wire.app.features, "measure", second_waits)
    async with wire.bot():
        wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
        (message,) = await wire.stub.wait_for_messages(wire.music)
        await wire.wait_for_text(message, "Reading the album: 40 of 50 songs…")
        proceed.set()
        await wire.wait_for_text(message, "7 EP")


async def test_quick_summary_has_no_progress(wire: Wire, killed: KilledProcess) -> None:
    wire.progress_timing = Timing(3600, 3600, 0.01)
    async with wire.bot():
        wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
        await wire.with_timeout(killed.finished.wait())
    assert len(wire.stub.calls_to(*SEND)) == 1
    assert wire.stub.calls_to(*EDIT) == []


async def test_slow_card_has_no_progress(wire: Wire, killed: KilledProcess) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, LINK)
            await wire.drain()
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert len(wire.stub.calls_to(*SEND)) == 2  # the reply that drain() causes, and the card


async def test_card_before_the_summary_takes_the_place_of_the_progress(wire: Wire) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, f"{LINK} {ALBUM_LINK}")
            message = await displayed(wire)
            proceed.set()
            card, summary = await wire.stub.wait_for_messages(wire.music, 2)
        assert card["id"] == message["id"]
        assert "7 EP" in text_of(summary)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_text(card, "You say: jazz (1).")


async def test_sentence_takes_the_place_of_the_progress(wire: Wire, killed: KilledProcess) -> None:
    wire.app.features.known = {}
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert "none of my sources knows how it sounds" in text_of(wire.current(message))
    assert READING not in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_progress_is_deleted_if_there_is_nothing_to_say(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.app.features.known = {}
    ref = SubjectRef(SubjectKind.PLAYLIST, "PL0123456789ABCDEF", MusicService.YOUTUBE)
    wire.app.collections.known = {ref: collection(wire.app.lookup.tracks, ref=ref)}
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            address = f"https://www.youtube.com/playlist?list={ref.id}"
            wire.actions.post(wire.music, wire.ada, address)
            await displayed(wire, READING.replace("album", "playlist"))
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.messages(wire.music) == []


async def test_deleting_the_question_stops_the_work_and_deletes_the_progress(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (_, cancelled):
            question = wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await displayed(wire)
            wire.actions.delete(question)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
            await wire.stub.until(lambda: not wire.stub.messages(wire.music))
        await wire.drain()
    assert len(wire.stub.messages(wire.music)) == 1  # the reply that drain() causes
    assert wire.app.summaries.summaries == {}


async def test_question_deleted_while_the_progress_is_sent_leaves_nothing(
    wire: Wire, killed: KilledProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember, sent, proceed = wire.app.messages.remember, asyncio.Event(), asyncio.Event()

    async def slow(*arguments: Any, **options: Any) -> None:
        sent.set()
        await proceed.wait()
        await remember(*arguments, **options)

    monkeypatch.setattr(wire.app.messages, "remember", slow)
    async with wire.bot():
        with blocked_features(wire.app):
            question = wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await wire.with_timeout(sent.wait())
            wire.actions.delete(question)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
            await wire.stub.until(lambda: not wire.stub.messages(wire.music))


async def test_question_deleted_while_the_summary_replaces_the_progress_leaves_nothing(
    wire: Wire, killed: KilledProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have received the deletion, which finds no answer then."""
    cards = wire.app.services.cards
    on_sent, place = cards.on_sent, Place("discord", wire.guild.id, wire.music.id)

    async def after_deletion(message: Message, message_id: str, reply: Reply) -> None:
        await cards.on_deleted(place, question)
        await on_sent(message, message_id, reply)

    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            question = wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await displayed(wire)
            monkeypatch.setattr(cards, "on_sent", after_deletion)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.messages(wire.music) == []


async def test_wastebasket_on_the_progress_stops_the_work(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (_, cancelled):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            wire.actions.react(message["id"], wire.ada, DELETE)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.messages(wire.music) == []
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_progress_whose_deletion_is_noticed_by_an_edit_is_not_sent_again(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await displayed(wire)
            wire.stub.fail(*EDIT, refused(UNKNOWN_MESSAGE, 404))
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_command_displays_progress_in_its_response(wire: Wire) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            command = wire.actions.command("genre", wire.ada, wire.music, song=ALBUM_LINK)
            (response,) = await wire.stub.wait_for_responses(command)
            assert text_of(response).strip() == READING
            proceed.set()
            await wire.wait_for_text(response, "7 EP")
    assert READING not in text_of(wire.current(response))
    assert wire.stub.file_contents(wire.current(response)) == [b"7 EP dark"]
    assert command.messages == [response["id"]]


async def test_notice_in_reply_to_a_command_is_private_after_its_progress(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.app.features.known = {}
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            command = wire.actions.command("genre", wire.ada, wire.music, song=ALBUM_LINK)
            await wire.stub.wait_for_responses(command)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.messages(wire.music) == []
    (notice,) = wire.stub.responses(command)
    assert "none of my sources" in text_of(notice)


async def test_wastebasket_on_the_progress_of_a_command_stops_the_work(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (_, cancelled):
            command = wire.actions.command("genre", wire.ada, wire.music, song=ALBUM_LINK)
            (response,) = await wire.stub.wait_for_responses(command)
            await wire.stub.until(lambda: is_recorded(wire, response))
            wire.actions.react(response["id"], wire.ada, DELETE)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.responses(command) == []


async def test_command_on_a_message_that_is_deleted_is_not_answered(
    wire: Wire, killed: KilledProcess
) -> None:
    pasted = wire.actions.post(wire.music, wire.bob, "no link")
    wire.stub.state.messages[pasted]["content"] = ALBUM_LINK
    async with wire.bot():
        with blocked_features(wire.app) as (_, cancelled):
            command = wire.actions.context_menu("What does this sound like?", pasted, wire.ada)
            await wire.stub.wait_for_responses(command)
            wire.actions.delete(pasted)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.responses(command) == []


@asynccontextmanager
async def interrupted(wire: Wire) -> AsyncIterator[tuple[Json, Job]]:
    """Stop a bot that displays progress; yield that message and the job that is left."""
    wire.stop_seconds = 0.01
    with blocked_features(wire.app):
        async with wire.bot():
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
    (row,) = wire.app.inbox.rows.values()
    wire.app.wait(seconds=1)
    yield message, row.stored.job


async def test_next_process_turns_the_progress_into_the_summary(
    wire: Wire, killed: KilledProcess
) -> None:
    async with interrupted(wire) as (message, _), wire.bot():
        await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_next_process_goes_on_with_the_progress(wire: Wire) -> None:
    async with interrupted(wire) as (message, _):
        wire.app.collections.known = {ALBUM: collection(wire.app.lookup.tracks[:1])}
        with blocked_features(wire.app) as (proceed, _):
            async with wire.bot():
                await wire.wait_for_text(message, "Reading the album: 0 of 1 song…")
                proceed.set()
                await wire.wait_for_text(message, "7 EP")
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_next_process_finds_progress_that_was_not_recorded(
    wire: Wire, killed: KilledProcess
) -> None:
    async with interrupted(wire) as (message, _):
        wire.app.messages.stored.clear()
        async with wire.bot():
            await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_next_process_deletes_the_progress_of_a_question_that_was_deleted_meanwhile(
    wire: Wire, killed: KilledProcess
) -> None:
    async with interrupted(wire) as (message, _):
        wire.actions.delete(message["message_reference"]["message_id"])
        async with wire.bot():
            await wire.with_timeout(killed.finished.wait())
            await wire.stub.until(lambda: not wire.stub.messages(wire.music))


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("hidden", [False, True])
async def test_planned_summary_takes_the_place_of_the_progress_after_a_kill(
    wire: Wire, killed: KilledProcess, *, edited: bool, hidden: bool
) -> None:
    """The process was killed before, or after, it had edited the message."""
    async with interrupted(wire) as (message, job):
        recorded = dict(wire.app.messages.stored)
        async with wire.bot():
            await wire.with_timeout(killed.finished.wait())
        asked = len(wire.app.collections.asked)
        await killed.leave(job, PlannedReply(summary_id=1))
        wire.app.messages.stored |= recorded
        wire.app.wait(minutes=5)
        if not edited:
            reading = {"content": READING, "components": [], "flags": 0, "attachments": []}
            wire.stub.state.messages[message["id"]] |= reading
        if hidden:
            wire.actions.deny(wire.music, Permission.READ_MESSAGE_HISTORY)
        async with wire.bot():
            await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1
    assert len(wire.app.collections.asked) == asked
    assert [id_ for _, id_ in wire.app.messages.stored] == [message["id"]]


async def test_summary_is_plain_text_where_layouts_are_refused(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            wire.stub.fail(*EDIT, refused(INVALID_FORM_BODY), times=2)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in wire.current(message)["content"]
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_progress_that_cannot_be_sent_does_not_prevent_the_summary(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.stub.fail(*SEND, refused(50001, 403))
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await wire.stub.wait_for_calls(*SEND)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    (summary,) = wire.stub.messages(wire.music)
    assert "7 EP" in text_of(summary)
    assert len(wire.stub.calls_to(*SEND)) == 2


async def test_progress_whose_confirmation_is_lost_becomes_the_summary(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.progress_timing = Timing(0.01, 3600, 0.01)
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.stub.fail(*SEND, faults.connection_lost(processed=True))
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            (message,) = await wire.stub.wait_for_messages(wire.music)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert [one["id"] for one in wire.stub.messages(wire.music)] == [message["id"]]
    assert "7 EP" in text_of(wire.current(message))


async def test_progress_has_no_reference_where_the_history_is_forbidden(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.app.collections.known = {ALBUM: collection(wire.app.lookup.tracks * 25)}
    wire.stub.fail(*SEND, refused(NO_MESSAGE_HISTORY))
    measure, batches, proceed = wire.app.features.measure, 0, asyncio.Event()

    async def wait(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        nonlocal batches
        batches += 1
        await wire.stub.wait_for_calls(*SEND)
        if batches == 2:
            await proceed.wait()
        return await measure(tracks)

    monkeypatch.setattr(wire.app.features, "measure", wait)
    async with wire.bot():
        wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
        (message,) = await wire.stub.wait_for_messages(wire.music)
        assert message.get("message_reference") is None
        proceed.set()
        await wire.wait_for_text(message, "7 EP")


@pytest.mark.usefixtures("recorded_sleeps")
async def test_summary_replaces_the_progress_after_an_outage(
    wire: Wire, killed: KilledProcess
) -> None:
    async with wire.bot():
        with blocked_features(wire.app) as (proceed, _):
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            message = await displayed(wire)
            wire.stub.fail(*EDIT, faults.http_error(), times=6)
            proceed.set()
            await wire.with_timeout(killed.finished.wait())
    assert "7 EP" in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1
