"""Synthesised sound of which tempo and key are known, for measuring how well they are told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.front_end import RATE
from model.sound.key import KEYS

SECONDS: Final = 30.0

TEMPI: Final = tuple(float(bpm) for bpm in np.round(np.geomspace(50, 200, 25), 1))
"""Beats in a minute of the synthesised rhythms."""

A4_HZ: Final = 440.0
A4_FROM_C: Final = 9
SEMITONES: Final = 12

TONES: Final = 512
"""Synthesised tones that are kept."""

Signal = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A pattern of drums that is repeated: for each drum, the beats at which it is struck.

    Attributes:
        name: Its name in the figures.
        beats: Beats in a repetition.
        kick: Strokes of the bass drum.
        snare: Strokes of the snare drum.
        hat: Strokes of the hi-hat.
    """

    name: str
    beats: int
    kick: Sequence[float] = ()
    snare: Sequence[float] = ()
    hat: Sequence[float] = ()


EIGHTHS: Final = tuple(np.arange(0, 4, 0.5))
SIXTEENTHS: Final = tuple(np.arange(0, 4, 0.25))

RHYTHMS: Final = (
    Rhythm("clicks", 1, hat=(0,)),
    Rhythm("rock", 4, kick=(0, 2, 2.5), snare=(1, 3), hat=EIGHTHS),
    Rhythm("four on the floor", 4, kick=(0, 1, 2, 3), snare=(1, 3), hat=(0.5, 1.5, 2.5, 3.5)),
    Rhythm("backbeat", 4, kick=(0, 1.75, 2.5), snare=(1, 3), hat=SIXTEENTHS),
    Rhythm("one drop", 4, kick=(2,), snare=(2,), hat=(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)),
    Rhythm("son clave", 4, kick=(0, 2), snare=(0, 0.75, 1.5, 2.5, 3), hat=(0, 1, 2, 3)),
    Rhythm("dembow", 4, kick=(0, 1, 2, 3), snare=(0.75, 1.5, 2.75, 3.5)),
    Rhythm("swing", 4, kick=(0, 2), snare=(1, 3), hat=(0, 1, 1.667, 2, 3, 3.667)),
    Rhythm("waltz", 3, kick=(0,), snare=(1, 2), hat=(0, 1, 2)),
)

PROGRESSIONS: Final = {
    "major": ((0, 5, 7, 0), (0, 9, 5, 7), (0, 7, 9, 5), (2, 7, 0, 0)),
    "minor": ((0, 5, 7, 0), (0, 8, 3, 10), (0, 10, 8, 7), (0, 5, 10, 3)),
}
"""Roots of chords, in semitones above the tonic; the chords are those of the scale."""

SCALES: Final = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}


def drums(rhythm: Rhythm, bpm: float, rng: np.random.Generator, jitter: float = 0.0) -> Signal:
    """Return a rhythm at a tempo; each stroke is off by a normal error of `jitter` seconds."""
    sound = np.zeros(int(SECONDS * RATE), dtype=np.float32)
    beat = 60 / bpm
    for strokes, sample in (
        (rhythm.kick, _kick()),
        (rhythm.snare, _snare(rng)),
        (rhythm.hat, _hat(rng)),
    ):
        for bar in np.arange(0, SECONDS / beat, rhythm.beats):
            for stroke in strokes:
                at = (bar + stroke) * beat + rng.normal(0, jitter)
                _add(sound, sample * np.float32(rng.uniform(0.7, 1.0)), at)
    return sound


def chords(
    tonic: int,
    mode: str,
    rng: np.random.Generator,
    *,
    bpm: float = 120.0,
    cents: float = 0.0,
    tones: int = 6,
) -> Signal:
    """Return a progression in a key: a chord of four beats each, a bass and a melody.

    Args:
        tonic: Pitch class of the tonic, 0 for C.
        mode: `major` or `minor`.
        rng: Chooses the progression and the melody.
        bpm: Beats in a minute.
        cents: How far the tones lie above those of A4 = 440 Hz, in hundredths of a semitone.
        tones: Harmonics of each tone.
    """
    sound = np.zeros(int(SECONDS * RATE), dtype=np.float32)
    beat, scale = 60 / bpm, SCALES[mode]
    progression = PROGRESSIONS[mode][rng.integers(len(PROGRESSIONS[mode]))]
    for number in range(int(SECONDS / beat / 4) + 1):
        degree = scale.index(progression[number % len(progression)])
        third, fifth = (scale[(degree + step) % 7] for step in (2, 4))
        if mode == "minor" and scale[degree] == scale[4]:
            third = 11  # the dominant of a minor key is a major chord
        triad = (scale[degree], third, fifth)
        for pitch in triad:
            hertz = _hertz(tonic + pitch, 4, cents)
            _add(sound, 0.2 * _tone(hertz, 4 * beat, tones), number * 4 * beat)
        bass = _hertz(tonic + scale[degree], 2, cents)
        _add(sound, 0.3 * _tone(bass, 4 * beat, tones), number * 4 * beat)
        for step in range(4):
            pitch = rng.choice(triad) if step % 2 == 0 else rng.choice(scale)
            hertz = _hertz(tonic + int(pitch), 5, cents)
            _add(sound, 0.2 * _tone(hertz, beat, tones), (number * 4 + step) * beat)
    return sound


def noisy(sound: Signal, decibels: float, rng: np.random.Generator) -> Signal:
    """Return a sound with white noise that is `decibels` quieter."""
    level = float(np.sqrt(np.square(sound).mean())) * 10 ** (-decibels / 20)
    return sound + rng.normal(0, level, len(sound)).astype(np.float32)


def without_beat(rng: np.random.Generator) -> Iterator[tuple[str, Signal]]:
    """Yield sounds that have no beat, with their names."""
    yield from _noises(rng)
    drone = sum(_tone(hertz, SECONDS, 8, decay=0) for hertz in (110.0, 165.2, 220.7))
    yield "drone", np.asarray(0.2 * drone, dtype=np.float32)


def without_key(rng: np.random.Generator) -> Iterator[tuple[str, Signal]]:
    """Yield sounds that have no key, with their names."""
    yield from _noises(rng)
    for rhythm in RHYTHMS:
        yield rhythm.name, drums(rhythm, 120.0, rng)


def _noises(rng: np.random.Generator) -> Iterator[tuple[str, Signal]]:
    """Yield sounds that have neither beat nor key."""
    count = int(SECONDS * RATE)
    yield "silence", np.zeros(count, dtype=np.float32)
    white = rng.normal(0, 0.1, count)
    yield "white noise", white.astype(np.float32)
    spectrum = np.fft.rfft(white) / np.sqrt(np.maximum(np.arange(count // 2 + 1), 20))
    pink = np.fft.irfft(spectrum)
    yield "pink noise", (0.1 * pink / pink.std()).astype(np.float32)
    seconds = np.arange(SECONDS + 1)
    wind = np.interp(np.arange(count) / RATE, seconds, rng.uniform(0, 1, len(seconds)))
    yield "wind", (0.1 * wind * pink / pink.std()).astype(np.float32)
    for title, mean in (("few drops", 0.5), ("drops", 0.15), ("rain", 0.02)):
        sound = np.zeros(count, dtype=np.float32)
        for at in np.cumsum(rng.exponential(mean, int(SECONDS / mean))):
            _add(sound, _hat(rng) * np.float32(rng.uniform(0.1, 1)), float(at))
        yield title, sound
    yield "syllables", _syllables(rng)


def of_all_keys() -> Iterator[tuple[int, str, str]]:
    """Yield tonic, mode and name of the 24 keys."""
    for index, key in enumerate(KEYS):
        yield index % SEMITONES, key.split()[1], key


def _syllables(rng: np.random.Generator) -> Signal:
    """Return gliding tones of irregular length with pauses, as in speech."""
    sound = np.zeros(int(SECONDS * RATE), dtype=np.float32)
    at = 0.0
    while at < SECONDS:
        length = float(rng.uniform(0.08, 0.35))
        time = np.arange(int(length * RATE)) / RATE
        hertz = rng.uniform(90, 180) * (1 + rng.uniform(-0.4, 0.4) * time / length)
        phase = 2 * np.pi * np.cumsum(hertz) / RATE
        vowel = sum(np.sin(k * phase) * rng.uniform(0, 1) / k for k in range(1, 15))
        _add(sound, (0.2 * vowel * np.hanning(len(time))).astype(np.float32), at)
        at += length + float(rng.exponential(0.1))
    return sound


def _hertz(pitch: int, octave: int, cents: float) -> float:
    semitones = pitch - A4_FROM_C + SEMITONES * (octave - 4) + cents / 100
    return float(A4_HZ * 2 ** (semitones / SEMITONES))


@lru_cache(TONES)
def _tone(hertz: float, seconds: float, harmonics: int, decay: float = 2.0) -> Signal:
    """Return a tone whose harmonics fall by 6 dB an octave, fading by `decay` a second (1/e)."""
    time = np.arange(int(seconds * RATE)) / RATE
    audible = [k for k in range(1, harmonics + 1) if k * hertz < RATE / 2]
    wave = sum(np.sin(2 * np.pi * k * hertz * time) / k for k in audible)
    attack = np.minimum(1, time / 0.01) * np.minimum(1, (seconds - time) / 0.02)
    return np.asarray(wave * attack * np.exp(-decay * time), dtype=np.float32)


def _kick() -> Signal:
    time = np.arange(int(0.25 * RATE)) / RATE
    phase = 2 * np.pi * (50 * time - 10 * np.exp(-30 * time) / 3)
    return np.asarray(0.8 * np.sin(phase) * np.exp(-15 * time), dtype=np.float32)


def _snare(rng: np.random.Generator) -> Signal:
    time = np.arange(int(0.2 * RATE)) / RATE
    noise = rng.normal(0, 0.3, len(time)) + 0.4 * np.sin(2 * np.pi * 190 * time)
    return np.asarray(noise * np.exp(-22 * time), dtype=np.float32)


def _hat(rng: np.random.Generator) -> Signal:
    time = np.arange(int(0.06 * RATE)) / RATE
    noise = np.diff(rng.normal(0, 0.2, len(time) + 1))
    return np.asarray(noise * np.exp(-70 * time), dtype=np.float32)


def _add(sound: Signal, part: Signal, at: float) -> None:
    """Add a part to a sound at a time in seconds, as far as it lies within."""
    start = max(0, round(at * RATE))
    end = min(len(sound), start + len(part))
    if start < end:
        sound[start:end] += part[: end - start]
