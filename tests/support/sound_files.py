"""Writes sound files in every format, from synthesised tones."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import soundfile

from model.sound.decoded import Decoded, Samples
from model.sound.decoding import decode
from model.sound.limits import LIMITS, Limits

TITLE: Final = "Tïtle"
ARTIST: Final = "Ärtist"


@dataclass(frozen=True)
class Kind:
    """A kind of file: what writes it, and what it is called when it is recognised."""

    name: str
    writer: str
    coding: str
    rate: int = 44_100
    recognised: str = ""
    has_tags: bool = True
    lossless: bool = True

    @property
    def format(self) -> str:
        return self.recognised or self.name.partition(".")[2]


WITH_SOUNDFILE: Final = (
    Kind("a.mp3", "MP3", "MPEG_LAYER_III", lossless=False),
    Kind("a.ogg", "OGG", "VORBIS", lossless=False),
    Kind("a.opus", "OGG", "OPUS", rate=48_000, lossless=False),
    Kind("a.wav", "WAV", "PCM_16"),
    Kind("u8.wav", "WAV", "PCM_U8"),
    Kind("24.wav", "WAV", "PCM_24"),
    Kind("32.wav", "WAV", "PCM_32"),
    Kind("float.wav", "WAV", "FLOAT"),
    Kind("double.wav", "WAV", "DOUBLE"),
    Kind("extensible.wav", "WAVEX", "PCM_16", has_tags=False),
    Kind("rf64.wav", "RF64", "PCM_16"),
    Kind("a.flac", "FLAC", "PCM_16"),
    Kind("24.flac", "FLAC", "PCM_24"),
    Kind("a.aiff", "AIFF", "PCM_16"),
    Kind("float.aiff", "AIFF", "FLOAT"),
    Kind("a.caf", "CAF", "ALAC_16", has_tags=False),
    Kind("a.au", "AU", "PCM_16", has_tags=False),
    Kind("a.w64", "W64", "PCM_16", has_tags=False),
)
WITH_AV: Final = (
    Kind("a.m4a", "ipod", "aac", lossless=False),
    Kind("alac.m4a", "ipod", "alac"),
    Kind("a.mp4", "mp4", "aac", lossless=False),
    Kind("a.mov", "mov", "aac", lossless=False, has_tags=False),
    Kind("a.aac", "adts", "aac", has_tags=False, lossless=False),
    Kind("a.webm", "webm", "libopus", rate=48_000, lossless=False),
    Kind("a.mka", "matroska", "flac"),
)
KINDS: Final = (*WITH_SOUNDFILE, *WITH_AV)


def kind(name: str) -> Kind:
    """Return the kind of this name."""
    return next(one for one in KINDS if one.name == name)


def tone(
    seconds: float,
    rate: int = 44_100,
    channels: int = 2,
    hertz: float = 441.0,
    level: float = 0.5,
) -> Samples:
    """Return a sine; [frames, channels]."""
    time = np.arange(round(seconds * rate)) / rate
    one = (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)
    return np.repeat(one[:, None], channels, axis=1)


def write(path: Path, samples: Samples, of: Kind, rate: int | None = None) -> Path:
    """Write a file of a kind, with title and artist if it has them."""
    if of in WITH_AV:
        tags = {"title": TITLE, "artist": ARTIST} if of.has_tags else {}
        return write_av(path, samples, of, tags)
    rate, channels = rate or of.rate, samples.shape[1]
    with soundfile.SoundFile(path, "w", rate, channels, of.coding, format=of.writer) as file:
        if of.has_tags:
            file.title, file.artist = TITLE, ARTIST
        # The encoder of Vorbis crashes when it gets minutes at once.
        for start in range(0, len(samples), rate):
            file.write(samples[start : start + rate])
    return path


def write_av(path: Path, samples: Samples, of: Kind, tags: Mapping[str, str]) -> Path:
    """Write a file with FFmpeg's encoders."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[samples.shape[1]]
    with av.open(path, "w", format=of.writer) as container:
        container.metadata.update(tags)
        stream: Any = container.add_stream(of.coding, rate=of.rate)
        stream.layout = layout
        stream.format = {"aac": "fltp", "alac": "s16p", "libopus": "flt", "flac": "s16"}[of.coding]
        for start in range(0, len(samples), 1024):
            block = samples[start : start + 1024]
            frame = av.AudioFrame.from_ndarray(
                _as(stream.format, block), format=stream.format.name, layout=layout
            )
            frame.sample_rate, frame.pts, frame.time_base = of.rate, start, Fraction(1, of.rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _as(form: Any, block: Samples) -> Any:
    values = (block * 32767).astype(np.int16) if form.name.startswith("s16") else block
    return np.ascontiguousarray(values.T if form.is_planar else values.reshape(1, -1))


def heard(path: Path, limits: Limits = LIMITS) -> Decoded:
    """Return what is decoded of a file."""
    with path.open("rb") as file:
        return Decoded.from_bytes(decode(file, limits))


def level(samples: Samples) -> float:
    """Return the level of a sine of which these are the samples."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    return float(np.sqrt(2 * np.mean(np.square(middle, dtype=np.float64))))


def strongest_hertz(samples: Samples, rate: int) -> float:
    """Return the frequency of the strongest partial."""
    spectrum = np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples))))
    return float(spectrum.argmax()) * rate / len(samples)
