"""Tells what is no music: silence, noise and speech.

The rules are on features of the signal, and on the tags as evidence for and against. Their
thresholds are in music_guard.toml; docs/sound.md has the rates on sounds that they were set on, and
on others.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.decoded import Samples
from model.sound.frames import frames_of, hann
from model.sound.front_end import RATE
from model.sound.heard import NoMusic
from model.sound.music_thresholds import thresholds
from model.sound.tag_rates import TagProbabilities

MIN_SECONDS: Final = 2.0
"""A shorter sound is only told to be silent or not."""

VOCAL_TAGS: Final = frozenset(
    {
        *("female vocalists", "female vocalist", "male vocalists"),
        *("female", "woman", "female vocal", "female voice", "male", "man", "male vocal"),
        *("male voice", "vocal", "vocals", "singing", "voice"),
    }
)
DISTORTED_TAGS: Final = frozenset({"rock", "hard rock", "punk", "metal", "heavy metal"})
"""Tags of distorted music, whose spectrum is like noise."""

SPEECH_TAGS: Final = VOCAL_TAGS | {"Hip-Hop"}
"""Tags that speech has as well; the networks know no other for it."""

BLOCK: Final = RATE // 100
"""Samples in a block of 10 ms."""

BLOCKS_OF_LOUDEST: Final = 40
"""Blocks of the loudest 400 ms."""

FINE_WINDOW: Final = 2048
FINE_HOP: Final = 512
FINE_BINS: Final = slice(8, 512)
"""Frames of the fine structure, and their bins from 62.5 Hz to 4 kHz."""

SMOOTHING: Final = 31
"""Bins of the moving mean that is taken off the fine structure."""

PAUSE_POWER: Final = 1e-4
"""Power of a frame up to which it counts as a pause, as a share of the loudest frame's: -40 dB."""

BAND_WINDOW: Final = 512
BANDS: Final = (3, 6, 10, 16, 25, 40, 64, 100, 160)
"""Edges of octave-like bands from 94 Hz to 5 kHz, in bins of BAND_WINDOW."""

PULSE_LAGS: Final = slice(20, 150)
"""Lags at which a pulse is looked for, in blocks: 0.2 to 1.5 s."""

FLATNESS_WINDOW: Final = 1024
FLATNESS_HOP: Final = 512
FLATNESS_BINS: Final = slice(4, None)
"""Frames of the flatness, and their bins from 62.5 Hz up."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a sound's signal.

    Attributes:
        level: 95th percentile of the power of 10 ms blocks, in dB of full scale.
        spread: That less the 10th percentile, in dB.
        pauses: Share of the blocks that are 20 dB below `level`.
        long_pauses: Share of the blocks that are 30 dB below `level`.
        persistence: Correlation of the spectrum's fine structure, 0.06-4 kHz, with that 256 ms
            later: how long tones last. 0 for noise.
        roughness: Standard deviation of the fine structure in dB; 4.9 for noise, more for tones.
        modulation: Standard deviation over time of the power of octave-like bands, in dB.
        pulse: Largest autocorrelation of the onsets at a lag of 0.2 to 1.5 s: how regular they are.
        flatness: Mean over time of the decimal logarithm of the spectral flatness.
    """

    level: float
    spread: float
    pauses: float
    long_pauses: float
    persistence: float
    roughness: float
    modulation: float
    pulse: float
    flatness: float


def no_music(excerpts: Sequence[Samples], tags: TagProbabilities) -> NoMusic | None:
    """Return what a sound is instead of music; None if it is music or cannot be told.

    Args:
        excerpts: Parts of the sound, each [frames] of one channel at RATE.
        tags: Probabilities of the tags that the networks gave it.
    """
    heard = [excerpt for excerpt in excerpts if not is_silent([excerpt])]
    if not heard:
        return NoMusic.SILENCE
    judged = [excerpt for excerpt in heard if len(excerpt) >= MIN_SECONDS * RATE]
    if not judged:
        return None
    features = features_of(judged)
    seconds = sum(len(excerpt) for excerpt in judged) / RATE
    if _is_speech(features, seconds, tags):
        return NoMusic.SPEECH
    return NoMusic.NOISE if _is_noise(features, tags) else None


def is_silent(excerpts: Sequence[Samples]) -> bool:
    """Return whether no 400 ms of a sound reach -60 dB of full scale; a constant offset is none."""
    return all(_loudest(_centred(excerpt)) < thresholds().silent_below for excerpt in excerpts)


def features_of(excerpts: Sequence[Samples]) -> Features:
    """Return the features, averaged over excerpts of at least MIN_SECONDS, by their lengths."""
    values = [astuple(_features(_centred(excerpt))) for excerpt in excerpts]
    mean = np.average(values, axis=0, weights=[len(excerpt) for excerpt in excerpts])
    return Features(*mean.tolist())


def _is_speech(features: Features, seconds: float, tags: TagProbabilities) -> bool:
    """Return whether it has pauses, tones that do not last, strong modulation, and no pulse."""
    limits = thresholds().speech
    chance = limits.short_pulse if seconds < limits.long_seconds else 0.0
    music = features.persistence + limits.pulse_weight * (features.pulse - chance)
    voice = _highest(tags, VOCAL_TAGS) > limits.min_vocal_tag
    return bool(
        features.pauses > limits.min_pauses
        and features.modulation > limits.min_modulation
        and (voice or features.modulation > limits.sure_modulation)
        and music < limits.max_music
        and _highest(tags, SPEECH_TAGS, others=True) < limits.max_other_tag
    )


def _is_noise(features: Features, tags: TagProbabilities) -> bool:
    """Return whether it is steady, a single tone, a few clicks, or has neither tones nor pulse."""
    limits = thresholds()
    steady, tone, clicks, toneless = limits.steady, limits.tone, limits.clicks, limits.toneless
    return bool(
        (features.modulation < steady.max_modulation and features.spread < steady.max_spread)
        or (features.spread < tone.max_spread and features.flatness < tone.max_flatness)
        or features.level < limits.silent_below
        or (
            features.long_pauses > clicks.min_long_pauses
            and features.persistence < clicks.max_persistence
        )
        or (
            features.persistence < toneless.max_persistence
            and features.roughness < toneless.max_roughness
            and features.pulse < toneless.max_pulse
            and _highest(tags, DISTORTED_TAGS) < toneless.max_distorted_tag
        )
    )


def _highest(tags: TagProbabilities, names: frozenset[str], *, others: bool = False) -> float:
    """Return the highest probability of the named tags, or of all others; 0 without any."""
    found = (
        value
        for network in tags.values()
        for tag, value in network.items()
        if (tag in names) is not others and np.isfinite(value)
    )
    return max(found, default=0.0)


def _centred(excerpt: Samples) -> FloatArray:
    samples = np.nan_to_num(np.asarray(excerpt, dtype=np.float64), posinf=0.0, neginf=0.0)
    return samples - samples.mean() if len(samples) else samples


def _block_levels(samples: FloatArray) -> FloatArray:
    """Return the power of each block of 10 ms in dB of full scale, at least -100."""
    if not len(samples):
        return np.array([-100.0])
    starts = np.arange(0, len(samples), BLOCK)
    power = np.add.reduceat(samples**2, starts) / np.diff(np.append(starts, len(samples)))
    return np.asarray(10 * np.log10(power + 1e-10))


def _loudest(samples: FloatArray) -> float:
    """Return the power of the loudest 400 ms in dB of full scale, at least -100."""
    power = 10 ** (_block_levels(samples) / 10)
    sums = np.convolve(power, np.ones(BLOCKS_OF_LOUDEST)) / BLOCKS_OF_LOUDEST
    return float(10 * np.log10(sums.max()))


def _features(samples: FloatArray) -> Features:
    levels = _block_levels(samples)
    level = float(np.percentile(levels, 95))
    persistence, roughness = _fine_structure(samples)
    modulation, pulse = _movement(samples)
    return Features(
        level=level,
        spread=level - float(np.percentile(levels, 10)),
        pauses=float((levels < level - 20).mean()),
        long_pauses=float((levels < level - 30).mean()),
        persistence=persistence,
        roughness=roughness,
        modulation=modulation,
        pulse=pulse,
        flatness=_flatness(samples),
    )


def _power(samples: FloatArray, window: int, hop: int, bins: slice) -> FloatArray:
    """Return the power spectrum [frames, bins] in Hann windows."""
    # The thresholds were set with symmetric windows.
    windowed = frames_of(samples, window, hop) * hann(window, symmetric=True)
    return np.asarray(np.abs(np.fft.rfft(windowed, axis=1)[:, bins]) ** 2)


def _fine_structure(samples: FloatArray) -> tuple[float, float]:
    """Return persistence and roughness."""
    power = _power(samples, FINE_WINDOW, FINE_HOP, FINE_BINS)
    logarithm = 10 * np.log10(power + 1e-9 * power.max() + 1e-12)
    padded = np.pad(logarithm, ((0, 0), (SMOOTHING // 2 + 1, SMOOTHING // 2)), mode="symmetric")
    sums = np.cumsum(padded, axis=1)
    fine = logarithm - (sums[:, SMOOTHING:] - sums[:, :-SMOOTHING]) / SMOOTHING
    fine = np.maximum(fine, -10)
    total = power.sum(axis=1)
    fine[total <= PAUSE_POWER * total.max()] = 0
    lag = RATE // 4 // FINE_HOP + 1
    before, after = fine[:-lag], fine[lag:]
    both = (before.any(axis=1) & after.any(axis=1))[:, None]
    scale = np.sqrt((both * before**2).sum() * (both * after**2).sum())
    persistence = float((before * after).sum() / scale) if scale > 0 else 0.0
    heard = fine.any(axis=1)
    return persistence, float(np.sqrt((fine[heard] ** 2).mean())) if heard.any() else 0.0


def _movement(samples: FloatArray) -> tuple[float, float]:
    """Return modulation and pulse."""
    power = _power(samples, BAND_WINDOW, BLOCK, slice(BANDS[0], BANDS[-1]))
    bands = np.add.reduceat(power, np.array(BANDS[:-1]) - BANDS[0], axis=1)
    levels = 10 * np.log10(bands + 1e-7 * bands.max() + 1e-12)
    onsets = np.maximum(np.diff(levels, axis=0), 0).sum(axis=1)
    onsets -= onsets.mean()
    spectrum = np.abs(np.fft.rfft(onsets, 2 * len(onsets))) ** 2
    correlation = np.fft.irfft(spectrum)[: len(onsets)]
    pulse = correlation[PULSE_LAGS].max() / correlation[0] if correlation[0] > 0 else 0.0
    return float((levels - levels.mean(axis=0)).std()), float(pulse)


def _flatness(samples: FloatArray) -> float:
    power = _power(samples, FLATNESS_WINDOW, FLATNESS_HOP, FLATNESS_BINS) + 1e-12
    return float(np.mean(np.log10(np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1))))
