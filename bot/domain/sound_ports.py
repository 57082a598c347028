"""Interfaces of what has sound and of what listens to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol

from bot.domain.tracks import AudioFeatures, Track
from model.sound.heard import Heard

MAX_UPLOAD_BYTES: Final = 64 << 20
"""Bytes of a file that is sent to the bot."""

MAX_UPLOADS: Final = 5
"""Files of one message that are listened to; a sentence says how many are left."""

Waiting = Callable[[int], Awaitable[None]]
"""Called with the number of sounds that are heard before this one, when it has to wait."""


MAX_PREVIEW_BYTES: Final = 5 << 20
"""Bytes of a preview; Deezer's have about 480,000, as 30 s of MP3."""


class Upload(Protocol):
    """A sound file that a person sent."""

    @property
    def name(self) -> str:
        """The file's name, for the person who sent it; empty if it has none."""

    @property
    def is_message_content(self) -> bool:
        """Whether it is part of a message in a chat: nothing of it is kept but the answer."""

    @property
    def size(self) -> int | None:
        """Its bytes, as the service that has it says; None if that is not known."""

    async def fetch(self, target: BinaryIO) -> None:
        """Write the file to `target`, in pieces, and flush it.

        `bot.concurrency.body_copy.DiskFailed` passes through where `target` cannot be written.

        Raises:
            NotAudio: It is longer than MAX_UPLOAD_BYTES, or gone.
            Unavailable: The service that has it cannot be reached.
        """


@dataclass(frozen=True, slots=True)
class HeardSound:
    """What was heard in a file.

    Attributes:
        heard: What was heard.
        title: Title in the file's own tags; empty without.
        artist: Artist in the file's own tags; empty without.
    """

    heard: Heard
    title: str
    artist: str


class Listener(Protocol):
    """Listens to sounds, a few at a time, off the event loop."""

    async def listen(
        self, sound: BinaryIO, group: str, waiting: Waiting | None = None
    ) -> HeardSound:
        """Return what is heard in a file, which is open for reading.

        Sounds wait for their turn in a fair queue: one of each group, then the second of each.

        Args:
            sound: A file with a descriptor.
            group: Who asks.
            waiting: Awaited when the sound has to wait, and when it moves up.

        Raises:
            NotAudio: It cannot be listened to.
            ModelUnusable: The tagger cannot be used.
            SoundUnavailable: Too many sounds wait, or the process that listens failed.
        """


class PreviewSource(Protocol):
    """Source of short previews of tracks.

    Methods raise Unavailable, and let `bot.concurrency.body_copy.DiskFailed` pass.
    """

    @property
    def name(self) -> str:
        """The source's name."""

    async def fetch(self, track: Track, target: BinaryIO) -> bool:
        """Write the preview of a track to `target`, and flush it; return False if it has none.

        Its address is asked for just before, as it soon expires, and is stored nowhere.
        """


class SoundAnalysis(Protocol):
    """Outside service that measures audio features of a sound. Raises Unavailable."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def analyse(self, sound: BinaryIO) -> AudioFeatures | None:
        """Return the features of a sound, valid by `model.schema`; None if it cannot tell."""
