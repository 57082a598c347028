"""Log-mel spectrogram, the input of the tagger's networks.

It equals `log10(10000 * librosa.feature.melspectrogram(y=..., sr=16000, n_fft=512, hop_length=256,
n_mels=96) + 1)` of librosa 0.11 within 1e-4. It is written here because librosa brings numba and
scikit-learn, which take seconds to import and 100 MB of memory.

The code that the networks were published with (musicnn 0.1.0) rounds the power to float16 before
the logarithm, where it overflows above 65504; that is left out.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.frames import frames_of, hann

Floats = npt.NDArray[np.float32]

RATE: Final = 16_000
"""Samples in a second of the input."""

WINDOW: Final = 512
"""Samples of a frame, which is as long as its Fourier transform."""

HOP: Final = 256
"""Samples between the beginnings of two frames."""

BANDS: Final = 96
"""Mel bands, from 0 Hz to half of RATE."""

COMPRESSION: Final = 10_000.0
"""Factor of the power before one is added and the logarithm is taken."""

BLOCK: Final = 256
"""Frames that are transformed at a time, which bounds the memory."""

LINEAR_HZ: Final = 200 / 3
"""Width of a mel below BREAK_HZ, in Slaney's Auditory Toolbox (1998)."""

BREAK_HZ: Final = 1000.0
"""Frequency above which the mel scale is logarithmic."""

LOG_STEP: Final = np.log(6.4) / 27
"""Natural logarithm of the ratio of two frequencies one mel apart, above BREAK_HZ."""


def log_mel(samples: Floats) -> Floats:
    """Return the log-mel spectrogram, float32 [1 + samples // HOP, BANDS].

    Frame `i` is centred on sample `i * HOP`; beyond both ends the sound is taken as zero.

    Args:
        samples: Sound at RATE, of one channel, full scale 1; not empty.
    """
    frames = frames_of(np.pad(samples, WINDOW // 2), WINDOW, HOP)
    filters, window = mel_filters(), hann(WINDOW).astype(np.float32)
    bands = np.empty((len(frames), BANDS), np.float32)
    for start in range(0, len(frames), BLOCK):
        spectrum = np.fft.rfft(frames[start : start + BLOCK] * window, axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        np.matmul(power, filters, out=bands[start : start + BLOCK])
    bands *= COMPRESSION
    bands += 1
    return np.log10(bands, out=bands)


@cache
def mel_filters() -> Floats:
    """Return the mel filters, float32 [1 + WINDOW // 2, BANDS].

    They are triangles with equal distances on Slaney's mel scale, each of the area 1 over Hz.
    """
    highest = _mel(RATE / 2)
    edges = _hertz(np.linspace(0, highest, BANDS + 2))
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)[:, np.newaxis]
    rising = (frequencies - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - frequencies) / np.diff(edges)[1:]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * 2 / (edges[2:] - edges[:-2])).astype(np.float32)


def _mel(hertz: float) -> float:
    """Return a frequency above BREAK_HZ in mel."""
    return float(BREAK_HZ / LINEAR_HZ + np.log(hertz / BREAK_HZ) / LOG_STEP)


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    above = BREAK_HZ * np.exp(LOG_STEP * (mels - BREAK_HZ / LINEAR_HZ))
    linear: npt.NDArray[np.float64] = LINEAR_HZ * mels
    return np.where(linear < BREAK_HZ, linear, above)
