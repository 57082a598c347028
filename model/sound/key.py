"""Key of a sound, as a guess: its pitch classes, compared with those of each key."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.decoded import Samples
from model.sound.onsets import spectra

MAJOR_KEYS: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_KEYS: Final = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
"""Tonics of the keys from C up, each by the name with fewer sharps or flats."""

MAJOR: Final = (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0)
MINOR: Final = (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0)
"""How usual each pitch class is, from the tonic up: David Temperley, "What's Key for Key? The
Krumhansl-Schmuckler Key-Finding Algorithm Reconsidered", Music Perception 17 (1999)."""

FRAME_SECONDS: Final = 0.256
"""Length of the frames; the tones of a scale are told apart from 65 Hz up."""

LOWEST_HZ: Final = 65.0
HIGHEST_HZ: Final = 2100.0
"""Range of the tones that count."""

AUDIBLE: Final = 0.03
"""Smallest magnitude of a tone, relative to the loudest one of its frame."""

A4_HZ: Final = 440.0

SILENT: Final = 1e-5
"""Magnitudes below count as silence: -100 dB."""

CLEAR: Final = 0.6
"""Smallest correlation with the best key's profile at which it is told."""

APART: Final = 0.05
"""Smallest distance of the correlations with the best two keys at which the best is told."""

Numbers = npt.NDArray[np.float32]
Table = npt.NDArray[np.float64]


def key(excerpts: Sequence[Samples], rate: int) -> str | None:
    """Return the key of a sound, such as `A minor`; None if it cannot be told.

    Args:
        excerpts: Pieces of the sound, of one channel.
        rate: Samples in a second.
    """
    pitches, weights = tones(excerpts, rate)
    if not weights.sum() > 0:
        return None
    chroma = chroma_of(pitches, weights)
    scores = fits(chroma)
    order = np.argsort(scores)[::-1]
    if scores[order[0]] < CLEAR or scores[order[0]] - scores[order[1]] < APART:
        return None
    return name(int(order[0]))


def tones(excerpts: Sequence[Samples], rate: int) -> tuple[Table, Table]:
    """Return pitch (in semitones above A4) and weight of the tones in all frames.

    A tone is a local maximum of the spectrum; a parabola through the logarithms of it and its
    neighbours tells its frequency more finely. Its weight is the root of its magnitude relative to
    the loudest in its frame, so that neither loud frames nor the bass decide alone.
    """
    found: list[tuple[Table, Table]] = []
    frame = round(rate * FRAME_SECONDS)
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
    weights = np.sqrt(at[frames, bins] / loudest[frames, 0])
    return 12 * np.log2(hertz / A4_HZ), weights.astype(np.float64)


def tuning(pitches: Table, weights: Table) -> float:
    """Return by how many semitones (-0.5 to 0.5) the tones lie above those of A4 = 440 Hz."""
    mean = (weights * np.exp(2j * np.pi * pitches)).sum()
    return float(np.angle(mean) / (2 * np.pi))


def chroma_of(pitches: Table, weights: Table) -> Table:
    """Return the weight of the tones of each pitch class, from C up: [12], of sum 1."""
    from_a = pitches - tuning(pitches, weights)
    nearest = np.round(from_a)
    closeness = np.cos(np.pi * (from_a - nearest)) ** 2  # 0 halfway between two tones
    classes = (nearest.astype(int) + 9) % 12
    chroma = np.bincount(classes, weights * closeness, minlength=12)
    return np.asarray(chroma / chroma.sum())


def fits(chroma: Table) -> Table:
    """Return the correlation of a chroma with each key's profile: [24], major keys first."""
    profiles = np.array([np.roll(one, tonic) for one in (MAJOR, MINOR) for tonic in range(12)])
    profiles -= profiles.mean(axis=1, keepdims=True)
    profiles /= np.linalg.norm(profiles, axis=1, keepdims=True)
    centred = chroma - chroma.mean()
    return np.asarray(profiles @ centred / max(float(np.linalg.norm(centred)), 1e-9))


def name(index: int) -> str:
    """Return the name of a key by its place in what `fits` returns."""
    minor, tonic = divmod(index, len(MAJOR_KEYS))
    return f"{MINOR_KEYS[tonic]} minor" if minor else f"{MAJOR_KEYS[tonic]} major"
