"""Tempo: beats in a minute, with half or double of it where that is nearly as likely.

The autocorrelation of the onset strength, at a beat's length and its multiples, weighted by how
usual a tempo is. Our own: libraries for beats need PyTorch, a compiler, or librosa with numba.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.decoded import Samples
from model.sound.onsets import HOP_SECONDS, onset_strength

LOWEST: Final = 45.0
HIGHEST: Final = 220.0
"""Beats in a minute that are looked for."""

USUAL: Final = 120.0
SPREAD_OCTAVES: Final = 0.9
"""Centre and standard deviation of the weights of tempi, log-normal."""

STEP: Final = 0.002
"""Relative distance of two tempi that are compared."""

MULTIPLES: Final = (1, 2, 3, 4)
"""Multiples of a beat at which the autocorrelation is read to find the beat."""

LONGEST_SECONDS: Final = 6.0
"""Longest lag of the autocorrelation."""

CLEAR: Final = 0.1
"""Smallest mean autocorrelation at the multiples of a beat, relative to that at 0, to tell it."""

RIVALS: Final = (2 / 3, 3 / 4, 4 / 3, 3 / 2)
"""Multiples of a tempo that are told from it by the weights alone: if one explains the sound better
without them, the tempo is not told."""

FAINTEST: Final = 0.06
"""Smallest standard deviation of the onset strength of a sound with a beat. Beats between the tones
of a drone make .03, drums and chords .1 to .5."""

DOUBT: Final = 0.7
"""Smallest score of half or double the tempo, relative to the best, at which it is also told. One of
both is then right in .98 of the synthesised rhythms of 65 to 180 beats."""

SILENT: Final = 1e-10
"""Mean square of samples of a sound that counts as silent: -100 dB."""

SHORTEST_SECONDS: Final = 3.0
"""Shorter sounds have too few beats."""

Curve = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo.

    Attributes:
        bpm: Beats in a minute.
        other: Half or double of it, if that is nearly as likely.
    """

    bpm: float
    other: float | None = None


def tempo(excerpts: Sequence[Samples], rate: int) -> Tempo | None:
    """Return the tempo of a sound; None if it has no beat that can be told.

    Args:
        excerpts: Pieces of the sound, of one channel.
        rate: Samples in a second.
    """
    curve = autocorrelation(excerpts, rate)
    if curve is None:
        return None
    candidates = LOWEST * (1 + STEP) ** np.arange(np.log(HIGHEST / LOWEST) // np.log1p(STEP))
    scores = _scores(curve, candidates)
    if not len(scores):
        return None
    best = int(scores.argmax())
    beats = 60 / HOP_SECONDS / (candidates[best] * np.array((1.0, *RIVALS)))
    own, *rivals = _at_multiples(curve, beats, MULTIPLES)
    if own < CLEAR or max(rivals) > own:
        return None
    bpm = _refined(curve, float(candidates[best]))
    return Tempo(bpm, _other(curve, bpm, float(scores[best])))


def autocorrelation(excerpts: Sequence[Samples], rate: int) -> Curve | None:
    """Return the autocorrelation of the onset strength, by lags of HOP_SECONDS; 1 at lag 0.

    None for silence, for sound without clear onsets, and if no excerpt is long enough.
    """
    lags = round(LONGEST_SECONDS / HOP_SECONDS)
    total = np.zeros(lags)
    long_enough = [one for one in excerpts if len(one) >= SHORTEST_SECONDS * rate]
    power = max((float(np.square(one).mean()) for one in long_enough), default=0.0)
    for excerpt in long_enough if power > SILENT else ():
        onsets = onset_strength(excerpt, rate, power)
        if onsets.std() < FAINTEST:
            continue
        size = 2 * len(onsets)
        products = np.fft.irfft(np.abs(np.fft.rfft(onsets, size)) ** 2)[: min(lags, len(onsets))]
        # Fewer pairs are that far apart; more than twofold, the chance in them would be enlarged.
        pairs = np.maximum(1 - np.arange(len(products)) / len(onsets), 0.5)
        total[: len(products)] += products / pairs
    return total / total[0] if total[0] > 0 else None


def _scores(curve: Curve, candidates: Curve) -> Curve:
    """Return how well each tempo explains the curve, times how usual it is."""
    beats = 60 / candidates / HOP_SECONDS
    octaves = np.log2(candidates / USUAL)
    usual = np.exp(-0.5 * np.square(octaves / SPREAD_OCTAVES))
    return np.maximum(_at_multiples(curve, beats, MULTIPLES), 0) * usual


def _at_multiples(curve: Curve, beats: Curve, multiples: Sequence[int]) -> Curve:
    """Return the mean of the curve at multiples of each lag, as far as the curve goes."""
    lags = np.multiply.outer(np.asarray(multiples), beats)
    values = np.interp(lags, np.arange(len(curve)), curve, right=np.nan)
    return np.asarray(np.nanmean(values, axis=0))


def _refined(curve: Curve, bpm: float) -> float:
    """Return the tempo near `bpm` at which the curve is highest at all its multiples.

    Farther multiples tell it more finely; a parabola through the highest three values more so.
    """
    near = bpm * (1 + STEP / 4) ** np.arange(-16, 17)
    beats = 60 / near / HOP_SECONDS
    multiples = range(1, int((len(curve) - 1) / beats.max()) + 1)
    values = _at_multiples(curve, beats, multiples)
    peak = int(np.clip(values.argmax(), 1, len(near) - 2))
    before, at, after = values[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(near[peak] * (1 + STEP / 4) ** np.clip(shift, -1, 1))


def _other(curve: Curve, bpm: float, score: float) -> float | None:
    """Return half or double the tempo, the better one, if it explains the curve nearly as well."""
    others = np.array([one for one in (bpm / 2, bpm * 2) if LOWEST <= one <= HIGHEST])
    if not len(others):
        return None
    scores = _scores(curve, others)
    best = int(scores.argmax())
    return float(others[best]) if scores[best] >= DOUBT * score else None
