"""Files of a message: failures of this computer's own disk."""

import tempfile

import pytest

from bot import texts
from bot.concurrency.body_copy import DiskFailed
from bot.domain.errors import SoundUnavailable
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import FakeUpload

MESSAGE = Message(Place("discord", "1", "2"), "3", "ann", "")


async def test_a_disk_that_fails_is_not_blamed_on_the_service(
    caplog: pytest.LogCaptureFixture,
) -> None:
    upload = FakeUpload(error=DiskFailed("OSError: No space left on device"))
    (reply,) = await FakeApp().services.listen.answer([upload], MESSAGE)
    sentence = texts.failure(SoundUnavailable("listening", ""), "song.mp3")
    assert reply == Notice(NoticeKind.UNAVAILABLE, sentence)
    assert "listening: the disk cannot be used: OSError: No space left" in caplog.text


async def test_a_file_that_cannot_be_made_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_folder(**_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryFile", no_folder)
    (reply,) = await FakeApp().services.listen.answer([FakeUpload()], MESSAGE)
    assert isinstance(reply, Notice)
    assert "I can't listen to “song.mp3” right now" in reply.text
