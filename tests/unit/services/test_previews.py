"""Previews that cannot be heard: for lack of room, or of a tagger."""

import logging
from collections.abc import Callable
from typing import BinaryIO, Never

import pytest

from bot.concurrency.body_copy import DiskFailed
from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.errors import ModelUnusable
from bot.domain.sound_ports import MAX_PREVIEW_BYTES, Waiting
from bot.domain.tracks import Track
from bot.services.previews import PreviewService
from tests.support.factories import track
from tests.support.fake_listener import MUSIC, FakeListener


class Source:
    """Has a preview of every track."""

    name = "a source"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked = 0

    async def fetch(self, _: Track, target: BinaryIO) -> bool:
        self.asked += 1
        if self.error:
            raise self.error
        target.write(MUSIC)
        target.flush()
        return True


class NoTagger:
    """Cannot load its networks."""

    async def listen(self, sound: BinaryIO, group: str, waiting: Waiting | None = None) -> Never:
        del sound, group, waiting
        raise ModelUnusable("musicnn: msd.onnx is damaged")


async def test_a_preview_is_heard_and_leaves_nothing() -> None:
    files = TemporaryFiles(max_bytes=MAX_PREVIEW_BYTES)
    service = PreviewService([Source()], FakeListener(), files=files)
    for _ in range(2):
        found = await service.hear(track())
        assert found is not None
        assert found.heard.best == "rock"
    assert files.reserved == 0


async def test_without_room_no_preview_is_fetched() -> None:
    source = Source()
    files = TemporaryFiles(max_bytes=MAX_PREVIEW_BYTES)
    service = PreviewService([source], FakeListener(), files=files)
    with files.open(1):
        assert await service.hear(track()) is None
    assert source.asked == 0


@pytest.mark.parametrize(
    ("build", "level", "sentence"),
    [
        pytest.param(
            lambda: PreviewService([Source()], NoTagger()),
            logging.ERROR,
            "musicnn: msd.onnx is damaged",
            id="tagger",
        ),
        pytest.param(
            lambda: PreviewService([Source(DiskFailed("No space left"))], FakeListener()),
            logging.WARNING,
            "No space left",
            id="disk",
        ),
    ],
)
async def test_what_the_operator_must_mend_is_logged(
    build: Callable[[], PreviewService],
    level: int,
    sentence: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await build().hear(track()) is None
    (record,) = caplog.records
    assert record.levelno == level
    assert sentence in record.getMessage()
