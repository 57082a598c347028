"""Takes what is heard from a sound that is being decoded: excerpts, channels, rate."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import numpy as np
import soxr

from model.sound.decoded import (
    EXCERPT_PLACES,
    EXCERPT_SECONDS,
    MAX_CHANNELS,
    MAX_RATE,
    WHOLE_SECONDS,
    Decoded,
    Samples,
)
from model.sound.errors import NotAudio, Problem
from model.sound.limits import MAX_SOURCE_RATE, MIN_RATE, Limits

BLOCK_FRAMES: Final = 16_384
"""Frames that are decoded at once; of a damaged file, those of the damaged block are lost."""

BLOCK_SAMPLES: Final = 1 << 18
"""Samples of all channels that are decoded at once."""

MIN_DAMAGED_SECONDS: Final = 1.0
"""Length of sound in a damaged file from which it counts."""

ENOUGH: Final = 0.98
"""Share of an excerpt's frames with which it counts as whole; MP3 may end a frame early."""

MAX_LEVEL: Final = 4.0
"""Largest sample, 12 dB above full scale; samples of floating point may have any value."""


class Reader(Protocol):
    """A sound file that is open for decoding."""

    @property
    def rate(self) -> int:
        """Samples in a second."""

    @property
    def frames(self) -> int | None:
        """Length of the sound as the file states it; None if it does not."""

    @property
    def title(self) -> str:
        """Title in the file's tags; empty without."""

    @property
    def artist(self) -> str:
        """Artist in the file's tags; empty without."""

    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield the samples from a frame on, in blocks of [frames, channels].

        Ends where the sound ends, or where it cannot be decoded.
        """


def block_frames(channels: int) -> int:
    """Return how many frames of so many channels are decoded at once."""
    return max(1, min(BLOCK_FRAMES, BLOCK_SAMPLES // channels))


def hear(reader: Reader, format_name: str, limits: Limits) -> Decoded:
    """Return what is heard of a sound; raise NotAudio."""
    if not MIN_RATE <= reader.rate <= MAX_SOURCE_RATE:
        raise NotAudio(Problem.DAMAGED, format_name)
    if reader.frames == 0:
        raise NotAudio(Problem.EMPTY, format_name)
    longest = limits.sound_seconds * reader.rate
    frames, excerpts = reader.frames or 0, list[Samples]()
    if frames <= longest:
        excerpts = [_take(reader, *part) for part in parts(frames, reader.rate)]
    elif reader.frames:
        raise NotAudio(Problem.TOO_LONG, format_name)
    if not excerpts or not _is_whole(excerpts, frames, reader.rate):
        # The length is unknown or wrong, or a position cannot be found: from the beginning.
        frames = _count(reader, int(longest))
        if frames > longest:
            raise NotAudio(Problem.TOO_LONG, format_name)
        if frames < (MIN_DAMAGED_SECONDS * reader.rate if reader.frames else 1):
            raise NotAudio(Problem.DAMAGED, format_name)
        excerpts = _take_in_order(reader, parts(frames, reader.rate))
    excerpts = [excerpt for excerpt in excerpts if len(excerpt)]
    if not excerpts:
        raise NotAudio(Problem.DAMAGED, format_name)
    return Decoded(
        excerpts=excerpts,
        rate=min(reader.rate, MAX_RATE),
        duration=frames / reader.rate,
        format=format_name,
        title=reader.title,
        artist=reader.artist,
    )


def parts(frames: int, rate: int) -> list[tuple[int, int]]:
    """Return the first frame and the number of frames of each part that is heard."""
    if frames <= WHOLE_SECONDS * rate:
        return [(0, frames)] if frames else []
    length = round(EXCERPT_SECONDS * rate)
    return [(round(place * frames - length / 2), length) for place in EXCERPT_PLACES]


def _is_whole(excerpts: Sequence[Samples], frames: int, rate: int) -> bool:
    heard = min(rate, MAX_RATE) / rate
    return all(
        len(excerpt) >= ENOUGH * length * heard
        for excerpt, (_, length) in zip(excerpts, parts(frames, rate), strict=True)
    )


def _count(reader: Reader, longest: int) -> int:
    """Return the number of frames that can be decoded; `longest` or more if it is more."""
    frames = 0
    for block in reader.blocks(0):
        frames += len(block)
        if frames > longest:
            break
    return frames


def _take(reader: Reader, start: int, length: int) -> Samples:
    """Return a part of a sound; shorter, or empty, if not all can be decoded."""
    part = _Part(reader.rate)
    left = length
    for block in reader.blocks(start):
        part.add(block[:left])
        left -= len(block)
        if left <= 0:
            break
    return part.samples()


def _take_in_order(reader: Reader, wanted: Sequence[tuple[int, int]]) -> list[Samples]:
    """Return parts of a sound, decoding it from its beginning."""
    taken = [_Part(reader.rate) for _ in wanted]
    end = max(start + length for start, length in wanted)
    position = 0
    for block in reader.blocks(0):
        for (start, length), part in zip(wanted, taken, strict=True):
            first, last = max(0, start - position), start + length - position
            if first < len(block) and last > 0:
                part.add(block[first:last])
        position += len(block)
        if position >= end:
            break
    return [part.samples() for part in taken]


class _Part:
    """Part of a sound as it is heard: at most MAX_CHANNELS channels, at most MAX_RATE."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._blocks: list[Samples] = []
        self._resampler: soxr.ResampleStream | None = None

    def add(self, block: Samples) -> None:
        """Append samples as they are in the file."""
        # A not-a-number fails every comparison.
        if not (block.max(initial=0) <= MAX_LEVEL and block.min(initial=0) >= -MAX_LEVEL):
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
            block = np.clip(block, -MAX_LEVEL, MAX_LEVEL)
        if block.shape[1] > MAX_CHANNELS:
            block = block.mean(axis=1, keepdims=True, dtype=np.float32)
        self._blocks.append(self._resampled(block) if self._rate > MAX_RATE else block)

    def samples(self) -> Samples:
        """Return all samples; [frames, channels]."""
        if self._resampler:
            nothing = self._blocks[-1][:0]
            self._blocks.append(self._resampler.resample_chunk(nothing, last=True))
        return np.concatenate(self._blocks) if self._blocks else np.empty((0, 1), np.float32)

    def _resampled(self, block: Samples) -> Samples:
        if self._resampler is None:
            self._resampler = soxr.ResampleStream(self._rate, MAX_RATE, block.shape[1], "float32")
        resampled: Samples = self._resampler.resample_chunk(np.ascontiguousarray(block))
        return resampled
