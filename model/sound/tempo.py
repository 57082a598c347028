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
from model.sound.onsets import hop_length, onset_strength

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

MIN_ONSET_DEVIATION: Final = 0.06
"""Smallest standard deviation of the onset strength of a sound with a beat. Beats between the tones
of a drone make .03, drums and chords .1 to .5."""

DOUBT: Final = 0.7
"""Smallest score of half or double the tempo, relative to the best, at which it is told as well. In
.98 of the synthesised rhythms of 65 to 180 beats one of both is then right."""

SILENT: Final = 1e-10
"""Mean square of samples of a sound that counts as silent: -100 dB."""

SHORTEST_SECONDS: Final = 3.0
"""Shorter sounds have too few beats."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo.

    Attributes:
        bpm: Beats in a minute.
        other: Half or double of it, if that is nearly as likely.
    """

    bpm: float
    other: float | None = None


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """The autocorrelation of the onset strength.

    Attributes:
        values: Values from lag 0, which is 1, to LONGEST_SECONDS.
        lags_per_minute: Lags in a minute.
    """

    values: Numbers
    lags_per_minute: float

    def at(self, tempi: Numbers, multiples: Sequence[int] = MULTIPLES) -> Numbers:
        """Return the mean at multiples of each tempo's beat, as far as the values go."""
        lags = np.multiply.outer(np.asarray(multiples), self.lags_per_minute / tempi)
        read = np.interp(lags, np.arange(len(self.values)), self.values, right=np.nan)
        return np.asarray(np.nanmean(read, axis=0))

    def scores(self, tempi: Numbers) -> Numbers:
        """Return how well each tempo explains the sound, times how usual it is."""
        octaves = np.log2(tempi / USUAL)
        return np.maximum(self.at(tempi), 0) * np.exp(-0.5 * np.square(octaves / SPREAD_OCTAVES))


def tempo(excerpts: Sequence[Samples], rate: int) -> Tempo | None:
    """Return the tempo of a sound; None if it has no beat that can be told.

    Args:
        excerpts: Pieces of the sound, of one channel.
        rate: Samples in a second.
    """
    curve = autocorrelation(excerpts, rate)
    if curve is None:
        return None
    count = int(np.log(HIGHEST / LOWEST) / np.log1p(STEP))
    tempi: Numbers = LOWEST * np.power(1 + STEP, np.arange(count))
    scores = curve.scores(tempi)
    best = int(scores.argmax())
    own, *rivals = curve.at(tempi[best] * np.array((1.0, *RIVALS)))
    if own < CLEAR or max(rivals) > own:
        return None
    bpm = _refined(curve, float(tempi[best]))
    return Tempo(bpm, _other(curve, bpm, float(scores[best])))


def autocorrelation(excerpts: Sequence[Samples], rate: int) -> Autocorrelation | None:
    """Return the autocorrelation of the onset strength, summed over the excerpts.

    None for silence, for sound without clear onsets, and if no excerpt is long enough.
    """
    per_minute = 60 * rate / hop_length(rate)
    lags = round(LONGEST_SECONDS * per_minute / 60)
    total = np.zeros(lags)
    long_enough = [one for one in excerpts if len(one) >= SHORTEST_SECONDS * rate]
    power = max((float(np.square(one).mean()) for one in long_enough), default=0.0)
    for excerpt in long_enough if power > SILENT else ():
        onsets = onset_strength(excerpt, rate, power)
        if onsets.std() < MIN_ONSET_DEVIATION:
            continue
        size = 2 * len(onsets)
        products = np.fft.irfft(np.abs(np.fft.rfft(onsets, size)) ** 2)[: min(lags, len(onsets))]
        # Fewer pairs are that far apart; more than twofold, the chance in them would be enlarged.
        pairs = np.maximum(1 - np.arange(len(products)) / len(onsets), 0.5)
        total[: len(products)] += products / pairs
    return Autocorrelation(total / total[0], per_minute) if total[0] > 0 else None


def _refined(curve: Autocorrelation, bpm: float) -> float:
    """Return the tempo near `bpm` at which the curve is highest at all its multiples.

    Farther multiples tell it more finely; a parabola through the highest three values more so.
    """
    near: Numbers = bpm * np.power(1 + STEP / 4, np.arange(-16, 17))
    count = int((len(curve.values) - 1) * near.min() / curve.lags_per_minute)
    values = curve.at(near, range(1, count + 1))
    peak = int(np.clip(values.argmax(), 1, len(near) - 2))
    before, at, after = values[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(near[peak] * (1 + STEP / 4) ** min(1.0, max(-1.0, shift)))


def _other(curve: Autocorrelation, bpm: float, score: float) -> float | None:
    """Return half or double the tempo, the better one, if it explains the sound nearly as well."""
    others = np.array([one for one in (bpm / 2, bpm * 2) if LOWEST <= one <= HIGHEST])
    if not len(others):
        return None
    scores = curve.scores(others)
    best = int(scores.argmax())
    return float(others[best]) if scores[best] >= DOUBT * score else None
