"""Measures how well tempo, key and loudness are told: `python -m training.sound.measure`.

Prints JSON: figures on synthesised sound, whose truth is known, and for a folder of sound files
what is told of their excerpts beside what is told of all of them.
"""

import argparse
import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from model.sound.decoded import Samples
from model.sound.excerpts import parts
from model.sound.format_table import FORMATS, Library
from model.sound.front_end import RATE
from model.sound.key import key
from model.sound.loudness import loudness
from model.sound.resampling import resample
from model.sound.tempo import Tempo, tempo
from training.sound import signals

ABOUT: Final = """\
Measured by `python -m training.sound.measure` on synthesised sound. Tempo: nine rhythms at 25 tempi
from 50 to 200 beats in a minute, alone, with chords, and with noise 6 dB below as well; `usual` are
those of 65 to 180. Of the sounds, a tempo was `told` of this share; of these it was `exact` within
2 %, or `either` it or the half or double that was told with it was, or up to an `octave` (half or
double) it was. Errors are relative, of those that are exact. Key: progressions in 24 keys and five
tunings, alone, with noise and with drums. Loudness: largest error in LU on sines from 0 to -40 dB,
at 44.1 and 48 kHz (full band) and from 8 kHz up. `Told without one`: the
sounds without a beat for which a tempo was told, and those without a key for which a key was
told; both lists should be empty. Clips: real music, whose tempo and key are not known: what is told
of the excerpts that are listened to, and of the whole."""

SEED: Final = 14

TOLERANCE: Final = 0.02
"""Largest relative error of a tempo that counts as right."""

USUAL: Final = (65.0, 180.0)
"""Range of the tempi that are measured by themselves, as nearly all music has them."""

JITTER_SECONDS: Final = 0.004
"""Standard deviation of a stroke's error, as of a good drummer."""

NOISE_DECIBELS: Final = 6.0
"""By how much the noise is quieter than the noisy sounds."""

CENTS: Final = (-40.0, -20.0, 0.0, 20.0, 40.0)
"""Tunings of the chords."""

LEVELS: Final = (0.0, -10.0, -20.0, -30.0, -40.0)
"""Levels of the sines whose loudness is measured, in dB of full scale."""

RATES: Final = (8000, 16_000, 22_050, 44_100, 48_000)

SINE_HZ: Final = 997.0
SINE_LUFS: Final = -3.01
"""The sine of full scale in one channel that BS.1770-4 gives the loudness of."""

SUFFIXES: Final = frozenset(
    suffix for one in FORMATS if one.library is Library.SOUNDFILE for suffix in one.suffixes
)
"""Ends of the names of the files of a folder that are measured."""


@dataclass(frozen=True, slots=True)
class TempoFigures:
    """How well the tempo of sounds with a beat is told.

    Attributes:
        sounds: Number of sounds.
        told: Share of them whose tempo is told.
        exact: Share of these of which it is within TOLERANCE.
        either: The same, or half or double was told as well and is.
        octave: The same, or half or double of what was told is.
        median_error: Median relative error of those that are exact.
        largest_error: The largest.
    """

    sounds: int
    told: float
    exact: float
    either: float
    octave: float
    median_error: float
    largest_error: float


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """How well keys are told: the number of sounds, the share told, the share of these right."""

    sounds: int
    told: float
    right: float


def excerpts_of(sound: Samples, rate: int) -> list[Samples]:
    """Return what is heard of a sound: all of a short one, excerpts of a longer one."""
    return [sound[start : start + length] for start, length in parts(len(sound), rate)]


def measure_tempo(rng: np.random.Generator) -> dict[str, TempoFigures]:
    """Measure rhythms alone, with chords, and with chords and noise, at all tempi."""
    found: dict[str, list[tuple[float, Tempo | None]]] = {}
    for rhythm in signals.RHYTHMS:
        for bpm in signals.TEMPI:
            alone = signals.drums(rhythm, bpm, rng, JITTER_SECONDS)
            music = alone + signals.chords(int(rng.integers(12)), "minor", rng, bpm=bpm)
            noisy = signals.noisy(music, NOISE_DECIBELS, rng)
            for name, sound in (("alone", alone), ("chords", music), ("noisy", noisy)):
                told = tempo([sound], RATE)
                usual = ("usual",) if USUAL[0] <= bpm <= USUAL[1] else ()
                for kind in ("all", name, rhythm.name, *usual):
                    found.setdefault(kind, []).append((bpm, told))
    return {kind: tempo_figures(pairs) for kind, pairs in found.items()}


def tempo_figures(pairs: Sequence[tuple[float, Tempo | None]]) -> TempoFigures:
    """Return the figures of true tempi with what was told of the sounds."""
    told = [(bpm, found) for bpm, found in pairs if found]
    errors = [
        error for bpm, found in told if (error := abs(found.bpm / bpm - 1)) <= TOLERANCE
    ]  # fmt: skip
    either = sum(_near(bpm, (found.bpm, found.other or 0.0)) for bpm, found in told)
    octave = sum(_near(bpm, (found.bpm / 2, found.bpm, found.bpm * 2)) for bpm, found in told)
    return TempoFigures(
        sounds=len(pairs),
        told=_share(len(told), len(pairs)),
        exact=_share(len(errors), len(told)),
        either=_share(either, len(told)),
        octave=_share(octave, len(told)),
        median_error=round(statistics.median(errors), 5) if errors else 0.0,
        largest_error=round(max(errors, default=0.0), 5),
    )


def _near(bpm: float, candidates: Sequence[float]) -> bool:
    return any(abs(one / bpm - 1) <= TOLERANCE for one in candidates)


def measure_key(rng: np.random.Generator) -> dict[str, KeyFigures]:
    """Measure progressions in all keys: alone, noisy, and with drums; in several tunings."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    beat = signals.RHYTHMS[1]
    for tonic, mode, truth in signals.of_all_keys():
        for cents in CENTS:
            alone = signals.chords(tonic, mode, rng, cents=cents)
            drums = alone + signals.drums(beat, 120.0, rng, JITTER_SECONDS)
            noisy = signals.noisy(alone, NOISE_DECIBELS, rng)
            for name, sound in (("alone", alone), ("drums", drums), ("noisy", noisy)):
                told = key([sound], RATE)
                for kind in ("all", name, mode):
                    found.setdefault(kind, []).append((truth, told))
    return {kind: key_figures(pairs) for kind, pairs in found.items()}


def key_figures(pairs: Sequence[tuple[str, str | None]]) -> KeyFigures:
    """Return the figures of true keys with what was told of the sounds."""
    told = [(truth, found) for truth, found in pairs if found]
    right = sum(truth == found for truth, found in told)
    return KeyFigures(len(pairs), _share(len(told), len(pairs)), _share(right, len(told)))


def measure_without(rng: np.random.Generator) -> dict[str, list[str]]:
    """Return of which sounds without beat or key one is told all the same."""
    beatless = [title for title, sound in signals.without_beat(rng) if tempo([sound], RATE)]
    keyless = [title for title, sound in signals.without_key(rng) if key([sound], RATE)]
    return {"tempo": beatless, "key": keyless}


def measure_loudness() -> dict[str, float]:
    """Return the largest error in LU on sines, at RATES and LEVELS, in one and two channels."""
    largest = {"full_band": 0.0, "all_rates": 0.0}
    for rate in RATES:
        sine = np.sin(2 * np.pi * SINE_HZ * np.arange(5 * rate) / rate)
        for level in LEVELS:
            for channels in (1, 2):
                sound = np.repeat(sine[:, None] * 10 ** (level / 20), channels, axis=1)
                truth = SINE_LUFS + level + 10 * np.log10(channels)
                error = abs((loudness([sound.astype(np.float32)], rate) or 0.0) - truth)
                largest["all_rates"] = max(largest["all_rates"], round(float(error), 3))
                if rate >= RATES[-2]:
                    largest["full_band"] = max(largest["full_band"], round(float(error), 3))
    return largest


def measure_folder(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what is told of each sound file from its excerpts and from all of it."""
    for path in sorted(one for one in folder.rglob("*") if one.suffix.lower() in SUFFIXES):
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        mono = resample(sound.mean(axis=1), rate, RATE)
        excerpts, whole = excerpts_of(mono, RATE), [mono]
        yield {
            "file": path.name,
            "seconds": round(len(sound) / rate, 1),
            "tempo": _rounded(tempo(excerpts, RATE)),
            "tempo_of_all": _rounded(tempo(whole, RATE)),
            "key": key(excerpts, RATE),
            "key_of_all": key(whole, RATE),
            "loudness": _two(loudness(excerpts_of(sound, rate), rate)),
            "loudness_of_all": _two(loudness([sound], rate)),
        }


def _rounded(found: Tempo | None) -> list[float]:
    return [round(bpm, 1) for bpm in (found.bpm, found.other) if bpm] if found else []


def _two(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def measure(folder: Path | None = None) -> dict[str, Any]:
    """Return all figures, as JSON has them."""
    rng = np.random.default_rng(SEED)
    figures: dict[str, Any] = {
        "about": ABOUT,
        "tempo": {kind: asdict(one) for kind, one in measure_tempo(rng).items()},
        "key": {kind: asdict(one) for kind, one in measure_key(rng).items()},
        "told_without_one": measure_without(rng),
        "loudness_error": measure_loudness(),
    }
    if folder:
        figures["clips"] = list(measure_folder(folder))
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m training.sound.measure", description=__doc__)
    parser.add_argument("--folder", type=Path, help="a folder of sound files")
    figures = measure(parser.parse_args(arguments).folder)
    print(json.dumps(figures, indent=1))  # noqa: T201 - the command's output


if __name__ == "__main__":
    main()
