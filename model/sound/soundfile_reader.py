"""Decodes with soundfile, whose wheels have libsndfile and the libraries of its formats."""

import os
from collections.abc import Iterator
from typing import Final

import soundfile

from model.sound.decoded import Samples
from model.sound.errors import NotAudio, Problem
from model.sound.excerpts import block_frames

UNSUPPORTED_ENCODING: Final = 4
"""SF_ERR_UNSUPPORTED_ENCODING of `sndfile.h`."""

PREROLL_SECONDS: Final = 0.5
"""Decoded before a position and dropped: a frame of MP3 refers to up to 511 bytes before it."""

UNKNOWN: Final = 1 << 62
"""Length from which it means that it is unknown, as in a FLAC file that was streamed."""


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """A file whose reads only read: soundfile seeks after each, and libmpg123 loses its state."""

    def seekable(self) -> bool:
        return False


class SoundfileReader:
    """A sound file as libsndfile reads it.

    Args:
        descriptor: The file, which must be seekable.
        format_name: The format's name, for the error.

    Raises NotAudio.
    """

    def __init__(self, descriptor: int, format_name: str) -> None:
        self._descriptor = descriptor
        self._name = format_name
        self._file = self._open()
        self.rate: int = self._file.samplerate
        self.frames: int | None = self._file.frames if 0 <= self._file.frames < UNKNOWN else None
        self.title: str = self._file.title
        self.artist: str = self._file.artist

    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield the samples from a frame on, in blocks of [frames, channels]."""
        length = block_frames(self._file.channels)
        begin = max(0, start - int(PREROLL_SECONDS * self.rate))
        skip = start - begin
        try:
            self._file.seek(begin)
            while len(block := self._file.read(length, dtype="float32", always_2d=True)):
                yield block[skip:]
                skip = max(0, skip - len(block))
        except soundfile.LibsndfileError:
            # The decoder of FLAC stays in its state of error.
            self._file.close()
            self._file = self._open()

    def _open(self) -> _Forward:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        try:
            return _Forward(self._descriptor, closefd=False)
        except soundfile.LibsndfileError as error:
            is_other = error.code == UNSUPPORTED_ENCODING
            problem = Problem.NOT_SOUND if is_other else Problem.DAMAGED
            raise NotAudio(problem, self._name) from error
