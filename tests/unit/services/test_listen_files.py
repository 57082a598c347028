"""Files of a message: failures of this computer's own disk."""

import asyncio
import tempfile

import pytest

from bot import texts
from bot.concurrency.body_copy import DiskFailed
from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.cards import Card
from bot.domain.errors import SoundUnavailable
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind
from bot.services.listen import ListenService
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import MUSIC, FakeListener, FakeUpload
from tests.support.fake_stores import FakePredictionStore

MESSAGE = Message(Place("discord", "1", "2"), "3", "ann", "")


async def test_a_disk_that_fails_is_not_blamed_on_the_service(
    caplog: pytest.LogCaptureFixture,
) -> None:
    upload = FakeUpload(error=DiskFailed("OSError: No space left on device"))
    (reply,) = await FakeApp().services.listen.answer([upload], MESSAGE)
    sentence = texts.failure(SoundUnavailable("listening", ""), "song.mp3")
    assert reply == Notice(NoticeKind.UNAVAILABLE, sentence)
    assert "listening: the disk cannot be used: OSError: No space left" in caplog.text


@pytest.mark.parametrize(
    ("size", "answer"),
    [(100, Card), (101, Notice), (1 << 40, Notice), (None, Notice)],
    ids=["as much as is left", "a byte too many", "endless", "not known"],
)
async def test_a_file_is_fetched_only_if_there_is_room_for_it(
    size: int | None, answer: type[Card | Notice], caplog: pytest.LogCaptureFixture
) -> None:
    files = TemporaryFiles(max_bytes=200)
    service = ListenService(FakeListener(), FakePredictionStore(), files)
    with files.open(100):
        (reply,) = await service.answer([FakeUpload(size=size)], MESSAGE)
    assert isinstance(reply, answer)
    if isinstance(reply, Notice):
        assert "I can't listen to “song.mp3” right now. Please try again" in reply.text
        assert "listening: too many sounds wait" in caplog.text
    assert files.reserved == 0


async def test_a_file_counts_while_it_waits() -> None:
    files, listener = TemporaryFiles(max_bytes=200), FakeListener()
    service = ListenService(listener, FakePredictionStore(), files)
    listener.gate.clear()
    content = MUSIC + b"\n" + bytes(100)
    waiting = asyncio.create_task(service.answer([FakeUpload(content, size=200)], MESSAGE))
    await listener.arrived.wait()
    assert files.reserved == len(content)
    (reply,) = await service.answer([FakeUpload(size=100)], MESSAGE)
    assert isinstance(reply, Notice)
    listener.gate.set()
    (reply,) = await waiting
    assert isinstance(reply, Card)


async def test_a_file_that_cannot_be_made_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_folder(**_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_folder)
    (reply,) = await FakeApp().services.listen.answer([FakeUpload()], MESSAGE)
    assert isinstance(reply, Notice)
    assert "I can't listen to “song.mp3” right now" in reply.text
