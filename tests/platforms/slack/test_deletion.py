"""Deletion of questions, cards, charts and statistics."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from bot.domain.errors import StorageFailed
from tests.platforms.slack.scene import SEND, RunningBot, Scene
from tests.stubs.slack import faults
from tests.support.fake_app import LINK

Direct = Callable[[], None]


async def test_deleting_a_question_deletes_its_card_and_chart(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        deliveries = scene.actions.delete(scene.music, card["thread_ts"])
        assert deliveries[0].payload["event"]["subtype"] == "message_changed"  # a tombstone message
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
    assert scene.stub.state.files == {}


async def test_wastebasket_by_the_asker_deletes_the_card(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None


async def test_wastebasket_deletes_the_chart_without_message_events(
    scene: Scene,
) -> None:
    scene.stub.state.subscribed -= {"message.channels"}
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
    assert scene.stub.state.files == {}


async def test_card_whose_deletion_fails_keeps_its_chart_and_can_be_deleted_later(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.stub.fail("chat.delete", faults.api_error("internal_error"))
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("chat.delete")
        await scene.barrier()
        assert len(scene.stub.state.files) == 1
        scene.actions.unreact(scene.music, card["ts"], scene.ada, "wastebasket")
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None


@pytest.mark.usefixtures("hand_backs")
@pytest.mark.parametrize(
    ("store", "method", "wastebasket"),
    [
        ("events", "first_time", False),
        ("messages", "drop", False),
        ("events", "first_time", True),
        ("messages", "drop", True),
        ("messages", "asked", True),
    ],
)
async def test_card_is_deleted_when_the_database_works_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, store: str, method: str, *, wastebasket: bool
) -> None:
    scene.stub.state.subscribed -= {"message.channels"} if wastebasket else set()
    async with scene.bot():
        card = await scene.paste(LINK)
        fail_once(monkeypatch, getattr(scene.app, store), method)
        if wastebasket:
            scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        else:
            scene.actions.delete(scene.music, card["thread_ts"])
        await scene.stub.wait_for_calls("files.delete")
    assert scene.current(card) is None
    assert scene.stub.state.files == {}


@pytest.mark.usefixtures("hand_backs")
async def test_card_is_deleted_if_its_question_was_deleted_while_the_database_failed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = scene.app.events.known

    async def fail_when_sent(event_id: str) -> bool:
        if scene.stub.calls_to(SEND):
            monkeypatch.setattr(scene.app.events, "known", known)
            scene.app.events.seen.add(event_id)  # by another process, which knew of no answer yet
            raise StorageFailed("locked")
        return await known(event_id)

    monkeypatch.setattr(scene.app.events, "known", fail_when_sent)
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK)
        await scene.stub.wait_for_calls("chat.delete")
    assert scene.stub.messages(scene.music)[1:] == []


def fail_once(monkeypatch: pytest.MonkeyPatch, store: object, method: str) -> None:
    """Let the next call of a store's method fail."""
    work = getattr(store, method)

    async def failing(*_: Any, **__: Any) -> None:
        monkeypatch.setattr(store, method, work)
        raise StorageFailed("locked")

    monkeypatch.setattr(store, method, failing)


async def test_card_of_a_shortcut_is_deleted_with_its_message(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.bob, LINK)
    async with scene.bot():
        scene.shortcut(scene.music, written)
        await scene.stub.wait_for_calls("reactions.add", 4)
        scene.actions.delete(scene.music, written["ts"])
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []


async def test_wastebasket_deletes_statistics_with_their_chart(scene: Scene) -> None:
    async with scene.bot():
        await scene.paste(LINK)
        scene.actions.command(scene.music, scene.ada, "stats")
        _, statistics = await scene.stub.wait_for_messages(scene.music, 2)
        await scene.stub.wait_for_calls("files.completeUploadExternal", 2)
        scene.actions.react(scene.music, statistics["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert len(scene.stub.messages(scene.music)) == 1  # the card
    assert len(scene.stub.state.files) == 1


async def test_wastebasket_by_another_user_is_ignored(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        deliveries = scene.actions.react(scene.music, card["ts"], scene.bob, "wastebasket")
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert scene.current(card)


async def test_card_of_a_command_is_deleted_with_its_chart(scene: Scene) -> None:
    async with scene.bot():
        scene.actions.command(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
        scene.actions.react(scene.music, card["ts"], scene.ada, "wastebasket")
        await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.messages(scene.music) == []


async def test_question_deleted_before_its_answer_is_not_answered(
    scene: Scene,
) -> None:
    async with scene.bot():
        with scene.blocked_features() as (started, proceed):
            ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
            proceed.set()
            await scene.barrier()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_chart_uploaded_after_its_card_was_deleted_is_deleted(scene: Scene) -> None:
    async with scene.bot():
        with scene.blocked_chart() as (started, proceed):
            scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            (card,) = scene.stub.messages(scene.music)
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, card["ts"]))
            await scene.barrier()
            proceed.set()
            await scene.stub.wait_for_calls("files.delete")
    assert scene.stub.state.files == {}


async def test_card_deleted_before_its_refresh_is_ignored(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        del scene.stub.state.messages[scene.music.id, card["ts"]]
        assert (
            await scene.response_text(scene.choose(card, scene.bob, "jazz"))
            == "Your vote: jazz. Thank you!"
        )
        (update,) = await scene.stub.wait_for_calls("chat.update")
        await scene.barrier()
    assert update.reply["error"] == "message_not_found"


@asynccontextmanager
async def two_processes(scene: Scene) -> AsyncIterator[tuple[Direct, Direct]]:
    """Run two bots on one database; yield functions that direct events to the one or the other."""
    async with (
        scene.bot(scene.http_credentials()) as one,
        scene.bot(scene.http_credentials()) as other,
    ):
        yield partial(_direct_to, scene, one), partial(_direct_to, scene, other)


def _direct_to(scene: Scene, running: RunningBot) -> None:
    scene.stub.deliveries.processes = [running.address]


async def test_question_whose_deletion_reaches_another_process_is_not_answered(
    scene: Scene,
) -> None:
    first = scene.actions.write(scene.music, scene.bob, "hello")
    async with two_processes(scene) as (direct_to_one, direct_to_other):
        with scene.blocked_features() as (started, proceed):
            direct_to_one()
            ts, _ = scene.actions.post(scene.music, scene.ada, LINK, first["ts"])
            await scene.within_timeout(started.wait())
            direct_to_other()
            await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
            await scene.barrier()
            proceed.set()
    assert len(scene.stub.calls_to(SEND)) == 1  # the barrier's hint


async def test_card_posted_while_another_process_handles_the_deletion_is_deleted(
    scene: Scene,
) -> None:
    remember = scene.app.messages.remember
    posted, proceed = asyncio.Event(), asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> None:
        posted.set()
        await proceed.wait()
        await remember(*args, **kwargs)

    async with two_processes(scene) as (direct_to_one, direct_to_other):
        scene.app.messages.remember = slow  # type: ignore[method-assign] # until the card is posted
        direct_to_one()
        ts, _ = scene.actions.post(scene.music, scene.ada, LINK)
        await scene.within_timeout(posted.wait())
        scene.app.messages.remember = remember  # type: ignore[method-assign] # as it was
        direct_to_other()
        await scene.stub.wait_for_acks(scene.actions.delete(scene.music, ts))
        await scene.barrier()
        proceed.set()
        await scene.stub.wait_for_calls("chat.delete")
    assert len(scene.stub.messages(scene.music)) == 1  # the barrier's hint
    assert scene.stub.state.files == {}
