"""The message that says how far a collection is: it becomes the first reply, or disappears."""

import asyncio
from typing import Any

import pytest

from bot.domain.emoji import DELETE, GENRES
from bot.domain.music_services import MusicService
from bot.domain.places import Message, Place
from bot.domain.replies import Reply
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.platforms.discord.progress import Timing
from bot.texts.discord import ASK
from tests.platforms.discord.wire.running import Wire, text_of
from tests.platforms.discord.wire.slow_album import (
    ALBUM_LINK,
    EDIT,
    READING,
    SEND,
    displayed,
    is_recorded,
    second_batch_blocked,
)
from tests.stubs.discord.rest import MESSAGE
from tests.support.blocked_features import blocked_features
from tests.support.fake_app import LINK
from tests.support.fake_collections import collection
from tests.support.killed_process import KilledProcess

pytestmark = pytest.mark.usefixtures("short_delays")


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


async def test_progress_is_edited_after_each_batch(wire: Wire) -> None:
    async with wire.bot():
        with second_batch_blocked(wire) as (proceed, _):
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
        await wire.wait_for_text(card, "1 says jazz.")


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


async def test_question_deleted_before_the_progress_is_displayed_stops_the_work(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.progress_timing = Timing(3600, 3600, 0.01)
    async with wire.bot():
        with blocked_features(wire.app) as (_, cancelled):
            wire.actions.delete(wire.actions.post(wire.music, wire.ada, ALBUM_LINK))
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.calls_to(*SEND) == []


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
            command = wire.actions.context_menu(ASK, pasted, wire.ada)
            await wire.stub.wait_for_responses(command)
            wire.actions.delete(pasted)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert wire.stub.responses(command) == []


async def test_response_disappears_if_its_message_is_deleted_before_progress_is_displayed(
    wire: Wire, killed: KilledProcess
) -> None:
    wire.progress_timing = Timing(3600, 3600, 0.01)
    pasted = wire.actions.post(wire.music, wire.bob, "no link")
    wire.stub.state.messages[pasted]["content"] = ALBUM_LINK
    started = asyncio.Event()
    async with wire.bot():
        with blocked_features(wire.app, started) as (_, cancelled):
            command = wire.actions.context_menu(ASK, pasted, wire.ada)
            await wire.stub.until(lambda: command.messages)
            await wire.with_timeout(started.wait())
            wire.actions.delete(pasted)
            await wire.with_timeout(cancelled.wait())
            await wire.with_timeout(killed.finished.wait())
    assert command.messages[0] not in wire.stub.state.messages
