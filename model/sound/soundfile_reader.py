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

UNKNOWN: Final = 1 << 62
"""Length from which it means that it is unknown, as in a FLAC file that was streamed."""


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
        self.frames: int | None = self._file.frames if self._file.frames < UNKNOWN else None
        self.title: str = self._file.title
        self.artist: str = self._file.artist

    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield the samples from a frame on, in blocks of [frames, channels]."""
        length = block_frames(self._file.channels)
        try:
            self._file.seek(start)
            while len(block := self._file.read(length, dtype="float32", always_2d=True)):
                yield block
        except soundfile.LibsndfileError:
            # The decoder of FLAC stays in its state of error.
            self._file.close()
            self._file = self._open()

    def _open(self) -> soundfile.SoundFile:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        try:
            return soundfile.SoundFile(self._descriptor, closefd=False)
        except soundfile.LibsndfileError as error:
            is_other = error.code == UNSUPPORTED_ENCODING
            problem = Problem.NOT_SOUND if is_other else Problem.DAMAGED
            raise NotAudio(problem, self._name) from error
