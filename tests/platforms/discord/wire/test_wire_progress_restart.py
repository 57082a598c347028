"""The message with the progress of a process that ended: the next one goes on with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.domain.jobs import Job, PlannedReply
from bot.platforms.discord.transports import ChannelTransport
from bot.platforms.discord.uploads import Sent
from tests.platforms.discord.wire.running import Wire, text_of
from tests.platforms.discord.wire.slow_album import (
    ALBUM_LINK,
    READING,
    SEND,
    displayed,
)
from tests.stubs.discord.objects import Json, Permission
from tests.support.blocked_features import blocked_features
from tests.support.fake_collections import ALBUM, collection
from tests.support.killed_process import KilledProcess

pytestmark = pytest.mark.usefixtures("short_delays")


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


async def test_request_in_progress_does_not_delay_the_stop(
    wire: Wire, killed: KilledProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested = asyncio.Event()

    async def never(*_: object) -> Sent:
        requested.set()
        await asyncio.Event().wait()
        raise AssertionError

    wire.stop_seconds = 0.01
    with blocked_features(wire.app), monkeypatch.context() as hanging:
        hanging.setattr(ChannelTransport, "show_progress", never)
        async with asyncio.timeout(wire.stub.timeout), wire.bot():
            wire.actions.post(wire.music, wire.ada, ALBUM_LINK)
            await requested.wait()
    async with wire.bot():
        await wire.with_timeout(killed.finished.wait())
    (summary,) = wire.stub.messages(wire.music)
    assert "7 EP" in text_of(summary)


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
