"""The port `Listener`: what listens in processes of its own, and the fake of it."""

import asyncio
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import pytest
import soundfile

from bot.domain.errors import NotAudio
from bot.domain.sound_ports import Listener
from bot.listening.listener import SoundListener
from model.genres import WIDE
from model.sound.errors import Problem
from model.sound.heard import NoMusic
from tests.support import fake_listener, sounds
from tests.support.fake_listener import FakeListener


@dataclass
class Adapter:
    """A listener, and the files that are what a test calls them."""

    listener: Listener
    files: Mapping[str, bytes]


def wav(seconds: float, loudness: float) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sounds.song(seconds) * loudness, sounds.RATE, format="WAV")
    return file.getvalue()


@pytest.fixture(scope="module", params=["processes", "fake"])
def adapter(request: pytest.FixtureRequest) -> Iterator[Adapter]:
    if request.param == "fake":
        yield Adapter(
            FakeListener(),
            {
                "music": fake_listener.MUSIC,
                "no music": fake_listener.SPEECH,
                "damaged": fake_listener.DAMAGED,
                "other": b"something else",
            },
        )
        return
    music = wav(6, 1.0)
    files = {
        "music": music,
        "no music": wav(6, 0.0),
        "damaged": b"fLaC" + bytes(5000),
        "other": b"some text",
    }
    listener = SoundListener()
    yield Adapter(listener, files)
    asyncio.run(listener.close())


@contextmanager
def opened(content: bytes) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        yield file


async def test_music_has_genres_and_tags(adapter: Adapter) -> None:
    with opened(adapter.files["music"]) as sound:
        heard = (await adapter.listener.listen(sound, "ann")).heard
    assert heard.is_music
    assert set(heard.genres) <= set(WIDE)
    assert sum(heard.genres.values()) == pytest.approx(1)
    assert list(heard.genres.values()) == sorted(heard.genres.values(), reverse=True)
    assert heard.tags
    assert heard.embedding
    assert 0 < heard.seconds <= heard.duration


async def test_what_is_no_music_has_no_genres(adapter: Adapter) -> None:
    with opened(adapter.files["no music"]) as sound:
        heard = (await adapter.listener.listen(sound, "ann")).heard
    assert heard.no_music in list(NoMusic)
    assert not heard.genres


@pytest.mark.parametrize(
    ("name", "problem"), [("damaged", Problem.DAMAGED), ("other", Problem.NOT_SOUND)]
)
async def test_what_cannot_be_heard_is_refused(
    adapter: Adapter, name: str, problem: Problem
) -> None:
    with opened(adapter.files[name]) as sound:
        with pytest.raises(NotAudio) as refused:
            await adapter.listener.listen(sound, "ann")
        assert refused.value.problem is problem
        assert not sound.closed
