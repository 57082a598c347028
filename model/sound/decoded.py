"""Decoded sound, and its form in bytes between two processes."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

EXCERPT_SECONDS: Final = 10.0
"""Length of each excerpt of a sound that is longer than WHOLE_SECONDS."""

EXCERPT_PLACES: Final = (0.25, 0.5, 0.75)
"""Where the middles of the excerpts lie, as shares of the sound's length."""

WHOLE_SECONDS: Final = 30.0
"""A sound up to this length is heard whole."""

MAX_RATE: Final = 48_000
"""Samples in a second of decoded sound; more are resampled."""

MAX_CHANNELS: Final = 2
"""Channels of decoded sound; more are averaged to one."""

HEAD: Final = struct.Struct(">I")
"""Length of the JSON that precedes the samples."""

CANCELLED: Final = 1e-3
"""Power of the mean of channels, as a share of the first one's, below which they cancel."""

Samples = npt.NDArray[np.float32]
"""Samples of full scale 1; [frames, channels], or [frames] of one channel."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What is heard of a sound.

    Attributes:
        excerpts: The whole sound, or an excerpt at each of EXCERPT_PLACES; float32 [frames,
            channels], not empty.
        rate: Samples in a second, at most MAX_RATE.
        duration: Length of the whole sound in seconds.
        format: Name of the file's format, such as `mp3`.
        title: Title in the file's own tags; empty without.
        artist: Artist in the file's own tags; empty without.
    """

    excerpts: Sequence[Samples]
    rate: int
    duration: float
    format: str = ""
    title: str = ""
    artist: str = ""

    @property
    def seconds(self) -> float:
        """Length of the excerpts together."""
        return sum(len(excerpt) for excerpt in self.excerpts) / self.rate

    def mono(self) -> list[Samples]:
        """Return the mean of each excerpt's channels, or the first one if they cancel each other.

        A mean, because a downmix that keeps the power makes sound in both channels 3 dB louder.
        """
        return [_one_channel(excerpt) for excerpt in self.excerpts]

    def to_bytes(self) -> bytes:
        """Return the form that `from_bytes` reads."""
        head = {
            "shapes": [excerpt.shape for excerpt in self.excerpts],
            "rate": self.rate,
            "duration": self.duration,
            "format": self.format,
            "title": self.title,
            "artist": self.artist,
        }
        text = json.dumps(head).encode()
        parts = (np.ascontiguousarray(one, dtype="<f4").tobytes() for one in self.excerpts)
        return b"".join((HEAD.pack(len(text)), text, *parts))

    @classmethod
    def from_bytes(cls, data: bytes | bytearray) -> Self:
        """Read the form that `to_bytes` returns; raise ValueError, KeyError or struct.error."""
        (length,) = HEAD.unpack_from(data)
        head = json.loads(data[HEAD.size : HEAD.size + length])
        offset, excerpts = HEAD.size + length, []
        for frames, channels in head.pop("shapes"):
            count = frames * channels
            excerpt = np.frombuffer(data, dtype="<f4", count=count, offset=offset)
            excerpts.append(excerpt.reshape(frames, channels))
            offset += count * excerpt.itemsize
        return cls(excerpts=tuple(excerpts), **head)


def _one_channel(excerpt: Samples) -> Samples:
    mean: Samples = excerpt.mean(axis=1, dtype=np.float32)
    power = float(np.square(excerpt[:, 0]).mean())
    return mean if float(np.square(mean).mean()) > CANCELLED * power else excerpt[:, 0].copy()
