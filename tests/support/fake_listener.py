"""A listener that hears what a file's first line says, and uploads of such files."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from bot.domain.errors import NotAudio, SoundUnavailable
from bot.domain.sound_ports import HeardSound, Waiting
from model.sound.errors import Problem
from model.sound.heard import Heard, NoMusic
from model.verdicts import Verdict

MUSIC = b"music"
SPEECH = b"speech"
DAMAGED = b"damaged"
BUSY = b"busy"
"""First lines of files; any other is no sound."""

GENRES: Mapping[str, float] = {"rock": 0.6, "metal": 0.25, "pop": 0.15}


def heard(**fields: Any) -> Heard:
    """Return valid values, with those of `fields`."""
    values: dict[str, Any] = {
        "tags": {"classic rock": 0.7, "guitar": 0.5, "70s": 0.3},
        "genres": GENRES,
        "verdict": Verdict.EITHER,
        "no_music": None,
        "seconds": 30.0,
        "duration": 215.0,
        "tempo": 120.5,
        "other_tempo": None,
        "loudness": -9.5,
        "key": "A minor",
        "embedding": bytes(200),
        "model": "musicnn",
        "model_version": "1",
    }
    return Heard(**{**values, **fields})


class FakeListener:
    """Implements the port `Listener`.

    Attributes:
        groups: Those that asked, in order.
        before: Sounds that are said to be heard first; with 0, nothing is said.
        gate: Sounds wait until it is set, as it is at first.
        arrived: Set when a sound has come to the gate.
        cancelled: Set when one is cancelled there.
        title: The title in the tags of every file.
        artist: The artist.
    """

    def __init__(self) -> None:
        self.groups: list[str] = []
        self.before = 0
        self.gate, self.arrived, self.cancelled = (asyncio.Event() for _ in range(3))
        self.gate.set()
        self.title, self.artist = "A Song", "A Band"

    @contextmanager
    def blocked(self, before: int = 3) -> Iterator[None]:
        """Let sounds wait behind `before` others until the gate is set, or the block ends."""
        self.before = before
        self.gate.clear()
        try:
            yield
        finally:
            self.before = 0
            self.gate.set()

    async def listen(
        self, sound: BinaryIO, group: str, waiting: Waiting | None = None
    ) -> HeardSound:
        self.groups.append(group)
        if waiting and self.before:
            await waiting(self.before)
        self.arrived.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        assert not sound.closed
        sound.seek(0)
        match sound.readline().strip():
            case b"music":
                return HeardSound(heard(), self.title, self.artist)
            case b"speech":
                found = heard(genres={}, verdict=Verdict.UNSURE, no_music=NoMusic.SPEECH)
                return HeardSound(found, "", "")
            case b"damaged":
                raise NotAudio(Problem.DAMAGED, "mp3")
            case b"busy":
                raise SoundUnavailable("listening", "too many sounds wait")
        raise NotAudio(Problem.NOT_SOUND)


@dataclass
class FakeUpload:
    """A file with these bytes; `error` is raised when it is fetched."""

    content: bytes = MUSIC
    name: str = "song.mp3"
    is_message_content: bool = True
    size: int | None = None
    error: Exception | None = field(default=None)

    async def fetch(self, target: BinaryIO) -> None:
        if self.error:
            raise self.error
        target.write(self.content)
        target.flush()
