"""A listener that hears what a file's first line says, and uploads of such files."""

from collections.abc import Mapping
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
QUEUED = b"queued"
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
    """Implements the port `Listener`; `groups` are those that asked, in order."""

    def __init__(self) -> None:
        self.groups: list[str] = []

    async def listen(
        self, sound: BinaryIO, group: str, waiting: Waiting | None = None
    ) -> HeardSound:
        self.groups.append(group)
        sound.seek(0)
        first = sound.readline().strip()
        match first:
            case b"music" | b"queued":
                if first == QUEUED and waiting:
                    await waiting(3)
                return HeardSound(heard(), "A Song", "A Band")
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
    error: Exception | None = field(default=None)

    async def fetch(self, target: BinaryIO) -> None:
        if self.error:
            raise self.error
        target.write(self.content)
