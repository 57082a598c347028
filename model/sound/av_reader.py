"""Decodes with PyAV, whose wheels have FFmpeg's libraries (extra `audio`)."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import av

# PyAV imports these when it opens a file, and then it is too late.
import av.audio.stream
import av.subtitles.codeccontext
import av.subtitles.stream
import av.video.stream
import numpy as np

from model.sound.decoded import Samples
from model.sound.errors import NotAudio, Problem
from model.sound.format_table import BY_NAME

PREROLL_SECONDS: Final = 0.2
"""Decoded before a position and dropped, as a packet may need its predecessors."""


class AvReader:
    """A sound file as FFmpeg reads it.

    Args:
        file: The file.
        format_name: The format's name in `format_table`.

    Raises NotAudio.
    """

    def __init__(self, file: BinaryIO, format_name: str) -> None:
        self._file = file
        self._name = format_name
        self._container = self._open()
        first = next(self._frames(), None)
        if first is None:
            raise NotAudio(Problem.DAMAGED, format_name)
        # The file's header may state half the rate (HE-AAC).
        self.rate: int = first.sample_rate
        self._channels = first.layout.nb_channels
        self._origin = self._position(first) or 0
        self.frames = self._stated_frames()
        tags = {**self._stream.metadata, **self._container.metadata}
        named = {key.lower(): value for key, value in tags.items()}
        self.title: str = named.get("title", "")
        self.artist: str = named.get("artist", "")

    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield the samples from a frame on, in blocks of [frames, channels]."""
        self._container.close()
        self._container = self._open()
        seconds = start / self.rate - PREROLL_SECONDS
        position = 0
        try:
            if seconds > 0 and self.frames:
                origin = self._origin / self.rate
                offset = int((seconds + origin) / self._stream.time_base)
                self._container.seek(offset, stream=self._stream)
                position = -1
        except (av.FFmpegError, OverflowError):
            return
        for frame in self._frames():
            if (frame.sample_rate, frame.layout.nb_channels) != (self.rate, self._channels):
                continue
            if position < 0:
                stated = self._position(frame)
                if stated is None:
                    return
                position = stated - self._origin
            block = samples(frame)
            if position + len(block) > start:
                yield block[max(0, start - position) :]
            position += len(block)

    @property
    def _stream(self) -> Any:
        return self._container.streams.audio[0]

    def _open(self) -> Any:
        self._file.seek(0)
        try:
            # No other demuxer is tried, as some open further files.
            demuxer = BY_NAME[self._name].demuxer
            container = av.open(self._file, format=demuxer, metadata_errors="replace")
            if not container.streams.audio:
                raise NotAudio(Problem.NOT_SOUND, self._name)
            container.streams.audio[0].codec_context.thread_count = 1
        except (av.FFmpegError, ValueError) as error:
            raise NotAudio(Problem.DAMAGED, self._name) from error
        return container

    def _frames(self) -> Iterator[Any]:
        """Yield the frames from the container's position on, without those that are damaged."""
        try:
            for packet in self._container.demux(self._stream):
                try:
                    frames = packet.decode()
                except av.FFmpegError:
                    continue
                yield from frames
        except av.FFmpegError:
            return

    def _position(self, frame: Any) -> int | None:
        """Return the number of a frame's first sample, as the file states it."""
        if frame.pts is None or frame.time_base is None:
            return None
        return int(frame.pts * frame.time_base * self.rate + 0.5)

    def _stated_frames(self) -> int | None:
        if self._name == "aac":  # it has no header; FFmpeg guesses from the size
            return None
        seconds = self._stream.duration and self._stream.duration * self._stream.time_base
        seconds = seconds or (self._container.duration or 0) / av.time_base
        return int(seconds * self.rate) if seconds > 0 else None


def samples(frame: Any) -> Samples:
    """Return the samples of a frame of FFmpeg with full scale 1; [frames, channels]."""
    values: np.ndarray[Any, np.dtype[Any]] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    values = values.T if frame.format.is_planar else values.reshape(-1, channels)
    if values.dtype.kind == "f":
        return values.astype(np.float32)
    if values.dtype == np.uint8:
        return (values.astype(np.float32) - np.float32(128)) / np.float32(128)
    return values.astype(np.float32) / np.float32(-float(np.iinfo(values.dtype).min))
