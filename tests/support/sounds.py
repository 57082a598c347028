"""Invented sounds for benchmarks: chords over a beat, with some noise."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

RATE = 44_100
CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))
"""MIDI pitches of the chords, two beats each."""


def song(seconds: float, bpm: float = 120.0, seed: int = 1) -> npt.NDArray[np.float32]:
    """Return a stereo sound, float32 [frames, 2]."""
    generator = np.random.default_rng(seed)
    count = round(seconds * RATE)
    time = np.arange(count) / RATE
    beat = time * bpm / 60
    sound = generator.normal(0, 0.01, count)
    for number, chord in enumerate(CHORDS):
        on = (beat // 2 % len(CHORDS)) == number
        for pitch in chord:
            sound[on] += 0.1 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time[on])
    sound += 0.4 * np.exp(-(beat % 1) * 12) * generator.normal(0, 1, count)
    return np.stack([sound, np.roll(sound, 200)], axis=1).astype(np.float32).clip(-1, 1)


def write(path: Path, seconds: float, seed: int = 1) -> Path:
    """Write a song to a file, in the format of its extension; return its path."""
    soundfile.write(path, song(seconds, seed=seed), RATE)
    return path
