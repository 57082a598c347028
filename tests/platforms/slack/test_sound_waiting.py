"""While a file waits for its turn, a message in its thread says so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import texts
from bot.platforms.slack import progress
from tests.platforms.slack.dropped import TITLE, card_of, drop
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack.objects import Json
from tests.support.fake_listener import MUSIC
from tests.support.killed_process import KilledProcess

WAITING = texts.waiting_to_listen("song 1.mp3", 3)


@pytest.fixture(autouse=True)
def no_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Display progress at once and at short intervals."""
    for name in ("DELAY", "INTERVAL", "CHECK_INTERVAL"):
        monkeypatch.setattr(progress, name, 0.01)


@pytest.fixture
def killed(scene: Scene) -> KilledProcess:
    return KilledProcess(scene.app)


async def displayed(scene: Scene) -> Json:
    """Wait for the message about the waiting and return it."""
    (message,) = await scene.stub.wait_for_messages(scene.music)
    assert text_of(message) == WAITING
    return message


async def test_whoever_waits_is_told_until_the_card_is_there(scene: Scene) -> None:
    async with scene.bot():
        with scene.app.listener.blocked():
            ts = await drop(scene, MUSIC)
            waiting = await displayed(scene)
            scene.app.listener.gate.set()
            await scene.stub.wait_for_calls("chat.delete")
    assert waiting["thread_ts"] == ts
    (card,) = scene.stub.messages(scene.music)
    assert TITLE in text_of(card)


async def test_deleting_the_message_ends_the_waiting(scene: Scene, killed: KilledProcess) -> None:
    async with scene.bot():
        with scene.app.listener.blocked():
            ts = await drop(scene, MUSIC)
            await displayed(scene)
            scene.actions.delete(scene.music, ts)
            await scene.within_timeout(scene.app.listener.cancelled.wait())
            await scene.within_timeout(killed.finished.wait())
    assert scene.stub.messages(scene.music) == []
    assert scene.app.predictions.cards == {}


@asynccontextmanager
async def interrupted(scene: Scene) -> AsyncIterator[Json]:
    """Stop a bot while a file waits, and yield the message that says so."""
    scene.stop_seconds = 0.05
    with scene.app.listener.blocked():
        async with scene.bot():
            await drop(scene, MUSIC)
            message = await displayed(scene)
            await scene.stub.until(
                lambda: (scene.place(), message["ts"]) in scene.app.messages.stored
            )
    yield message


async def test_next_process_listens_and_removes_the_line(
    scene: Scene, killed: KilledProcess
) -> None:
    async with interrupted(scene) as message, scene.bot():
        await scene.within_timeout(killed.finished.wait())
    assert scene.current(message) is None
    (card,) = scene.stub.messages(scene.music)
    assert TITLE in text_of(card)


async def test_quick_card_has_no_line(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 3600)
    scene.app.listener.before = 3
    async with scene.bot():
        await drop(scene, MUSIC)
        await card_of(scene)
    assert scene.stub.calls_to("chat.delete") == []
