"""Key of a sound, as a guess: its pitch classes, compared with those of each key."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.decoded import Samples
from model.sound.onsets import frame_length, spectra

KEYS: Final = (
    *("C major", "Db major", "D major", "Eb major", "E major", "F major"),
    *("F# major", "G major", "Ab major", "A major", "Bb major", "B major"),
    *("C minor", "C# minor", "D minor", "Eb minor", "E minor", "F minor"),
    *("F# minor", "G minor", "G# minor", "A minor", "Bb minor", "B minor"),
)
"""The keys, from C up, each by the name with fewer sharps or flats."""

MAJOR: Final = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR: Final = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""Shares of the pitch classes in pieces of known key, from the tonic up: Joshua Albrecht and Daniel
Shanahan, "The Use of Large Corpora to Train a New Type of Key-Finding Algorithm", Music Perception
31 (2013). Better here than the profiles of Krumhansl and Kessler or of Temperley."""

FRAME_SECONDS: Final = 0.256
"""Length of the frames; the tones of a scale are distinguished from 65 Hz up."""

LOWEST_HZ: Final = 65.0
HIGHEST_HZ: Final = 2100.0
"""Range of the tones that count."""

AUDIBLE: Final = 0.1
"""Smallest magnitude of a tone, relative to the loudest one of its frame."""

HARMONICS: Final = {1: 1.0, 3: 0.25, 5: 0.09}
"""Weights with which a tone counts as that harmonic of a lower one; the 2nd and 4th are of the same
pitch class as the 1st. Without, the fifth above the tonic is taken for the tonic."""

A4_HZ: Final = 440.0

SILENT: Final = 1e-5
"""Magnitudes below count as silence: -100 dB."""

MIN_TUNING: Final = 0.15
"""Smallest agreement of the tones on one tuning, in 0-1, at which a key is told; noise and most
drums are below, and music above .2."""

MIN_CORRELATION: Final = 0.88
"""Smallest correlation with the best key's profile at which it is told; drums alone reach .85."""

MIN_LEAD: Final = 0.08
"""Smallest distance of the correlations with the best two keys at which the best is told: 9 in 10
are then right, of synthesised chords and of scores by Bach to Joplin played by a synthesiser."""

SEMITONES: Final = 12
A4_FROM_C: Final = 9

Numbers = npt.NDArray[np.float32]
Table = npt.NDArray[np.float64]


def key(excerpts: Sequence[Samples], rate: int) -> str | None:
    """Return the key of a sound, such as `A minor`; None if it cannot be told.

    Args:
        excerpts: Pieces of the sound, of one channel.
        rate: Samples in a second.
    """
    pitches, weights = tones(excerpts, rate)
    if not weights.sum() > 0 or abs(_in_tune(pitches, weights)) < MIN_TUNING:
        return None
    chroma = chroma_of(pitches, weights)
    scores = fits(chroma)
    order = np.argsort(scores)[::-1]
    if scores[order[0]] < MIN_CORRELATION or scores[order[0]] - scores[order[1]] < MIN_LEAD:
        return None
    return KEYS[int(order[0])]


def tones(excerpts: Sequence[Samples], rate: int) -> tuple[Table, Table]:
    """Return pitch (in semitones above A4) and weight of the tones in all frames.

    A tone is a local maximum of the spectrum; a parabola through the logarithms of it and its
    neighbours tells its frequency more finely. Its weight is its magnitude relative to the loudest
    in its frame, so that loud frames do not decide alone.
    """
    found: list[tuple[Table, Table]] = []
    frame = frame_length(rate, FRAME_SECONDS)
    low, high = (round(hz * frame / rate) for hz in (LOWEST_HZ, min(HIGHEST_HZ, rate / 2 - 100)))
    for excerpt in excerpts:
        magnitudes = spectra(excerpt, frame, frame // 2)[:, low - 1 : high + 2]
        if magnitudes.size:
            found.append(_peaks(magnitudes, low, rate / frame))
    if not found:
        return np.zeros(0), np.zeros(0)
    pitches, weights = zip(*found, strict=True)
    return np.concatenate(pitches), np.concatenate(weights)


def _peaks(magnitudes: Numbers, low: int, spacing: float) -> tuple[Table, Table]:
    loudest = magnitudes.max(axis=1, keepdims=True)
    before, at, after = magnitudes[:, :-2], magnitudes[:, 1:-1], magnitudes[:, 2:]
    is_peak = (at > before) & (at >= after) & (at > AUDIBLE * loudest) & (at > SILENT)
    frames, bins = np.nonzero(is_peak)
    logs = np.log(np.maximum([one[frames, bins] for one in (before, at, after)], SILENT))
    shift = 0.5 * (logs[0] - logs[2]) / np.minimum(logs[0] - 2 * logs[1] + logs[2], -1e-6)
    hertz = (low + bins + np.clip(shift, -0.5, 0.5)) * spacing
    weights = at[frames, bins] / loudest[frames, 0]
    return SEMITONES * np.log2(hertz / A4_HZ), weights.astype(np.float64)


def tuning(pitches: Table, weights: Table) -> float:
    """Return by how many semitones (-0.5 to 0.5) the tones lie above those of A4 = 440 Hz."""
    return float(np.angle(_in_tune(pitches, weights)) / (2 * np.pi))


def _in_tune(pitches: Table, weights: Table) -> complex:
    """Return the mean position of the tones within their semitones, on the unit circle."""
    return complex((weights * np.exp(2j * np.pi * pitches)).sum() / weights.sum())


def chroma_of(pitches: Table, weights: Table) -> Table:
    """Return the weight of the tones of each pitch class, from C up: [SEMITONES], of sum 1."""
    tuned = pitches - tuning(pitches, weights)
    chroma = np.zeros(SEMITONES)
    for harmonic, share in HARMONICS.items():
        lower = tuned - SEMITONES * np.log2(harmonic)
        nearest = np.round(lower)
        closeness = np.cos(np.pi * (lower - nearest)) ** 2  # 0 halfway between two tones
        classes = (nearest.astype(int) + A4_FROM_C) % SEMITONES
        chroma += np.bincount(classes, share * weights * closeness, minlength=SEMITONES)
    return np.asarray(chroma / chroma.sum())


def fits(chroma: Table) -> Table:
    """Return the correlation of a chroma with the profile of each key of KEYS."""
    profiles = np.array(
        [np.roll(one, tonic) for one in (MAJOR, MINOR) for tonic in range(SEMITONES)]
    )
    profiles -= profiles.mean(axis=1, keepdims=True)
    profiles /= np.linalg.norm(profiles, axis=1, keepdims=True)
    centred = chroma - chroma.mean()
    return np.asarray(profiles @ centred / max(float(np.linalg.norm(centred)), 1e-9))
