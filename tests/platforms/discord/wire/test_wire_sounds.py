"""Sound files over the wire: fetched from the server, and whoever waits for a turn is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import texts
from bot.domain.emoji import GENRES
from bot.domain.jobs import Job
from tests.platforms.discord.wire.running import Wire, text_of
from tests.platforms.discord.wire.slow_album import SEND, displayed
from tests.stubs.discord.objects import File, Json, Permission
from tests.stubs.discord.rest import MESSAGE
from tests.support.fake_listener import DAMAGED, MUSIC
from tests.support.killed_process import KilledProcess

pytestmark = pytest.mark.usefixtures("short_delays")

SONG = File("song *1*.mp3", MUSIC)
CARD = texts.sound_title(None)
WAITING = texts.waiting_to_listen(r"song \*1\*.mp3", 3)


def drop(wire: Wire, *files: File) -> str:
    """Let ada post files; return the message's id."""
    return wire.actions.post(wire.music, wire.ada, "", files=files)


async def test_file_is_answered_and_its_card_counts_votes(wire: Wire) -> None:
    async with wire.bot():
        drop(wire, SONG)
        (card,) = await wire.stub.wait_for_messages(wire.music)
        assert CARD in text_of(card)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_text(card, "1 says jazz.")
        assert "classic rock" in text_of(wire.current(card))


async def test_file_that_was_deleted_before_it_is_fetched_gets_a_sentence(wire: Wire) -> None:
    async with wire.bot():
        question = drop(wire, SONG)
        (file,) = wire.stub.state.messages[question]["attachments"]
        del wire.stub.state.files[file["id"]]
        (sentence,) = await wire.stub.wait_for_messages(wire.music)
    assert CARD not in text_of(sentence)


async def test_line_for_whoever_waits_becomes_the_card(wire: Wire, killed: KilledProcess) -> None:
    async with wire.bot():
        with wire.app.listener.blocked():
            drop(wire, SONG)
            message = await displayed(wire, WAITING)
            wire.app.listener.gate.set()
            await wire.with_timeout(killed.finished.wait())
    assert CARD in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_line_for_whoever_waits_becomes_a_sentence(wire: Wire, killed: KilledProcess) -> None:
    async with wire.bot():
        with wire.app.listener.blocked():
            drop(wire, File(SONG.name, DAMAGED))
            message = await displayed(wire, WAITING)
            wire.app.listener.gate.set()
            await wire.with_timeout(killed.finished.wait())
    assert CARD not in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_deleting_the_question_ends_the_wait(wire: Wire, killed: KilledProcess) -> None:
    async with wire.bot():
        with wire.app.listener.blocked():
            question = drop(wire, SONG)
            await displayed(wire, WAITING)
            wire.actions.delete(question)
            await wire.with_timeout(wire.app.listener.cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
            await wire.stub.until(lambda: not wire.stub.messages(wire.music))
    assert wire.app.predictions.cards == {}


@asynccontextmanager
async def interrupted(wire: Wire) -> AsyncIterator[tuple[Json, Job]]:
    """Stop a bot whose file waits; yield the line that says so, and the job that is left."""
    wire.stop_seconds = 0.01
    with wire.app.listener.blocked():
        async with wire.bot():
            drop(wire, SONG)
            message = await displayed(wire, WAITING)
    (row,) = wire.app.inbox.rows.values()
    wire.app.wait(seconds=1)
    yield message, row.stored.job


async def test_next_process_reads_the_message_and_turns_the_line_into_the_card(
    wire: Wire, killed: KilledProcess
) -> None:
    async with interrupted(wire) as (message, job), wire.bot():
        await wire.with_timeout(killed.finished.wait())
        assert wire.stub.calls_to("GET", MESSAGE)[0].parameters["message_id"] == job.id
    assert CARD in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_next_process_finds_the_line_whose_id_was_not_stored(
    wire: Wire, killed: KilledProcess
) -> None:
    async with interrupted(wire) as (message, _):
        wire.app.messages.stored.clear()
        async with wire.bot():
            await wire.with_timeout(killed.finished.wait())
    assert CARD in text_of(wire.current(message))
    assert len(wire.stub.calls_to(*SEND)) == 1


async def test_next_process_says_that_it_cannot_read_the_message(
    wire: Wire, killed: KilledProcess
) -> None:
    async with interrupted(wire) as (message, _):
        wire.actions.deny(wire.music, Permission.READ_MESSAGE_HISTORY)
        async with wire.bot():
            await wire.with_timeout(killed.finished.wait())
    assert CARD in text_of(wire.current(message))
    assert wire.app.predictions.cards == {}
