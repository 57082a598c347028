"""What is no music is told by its signal: on synthesised sounds, and on files if they are there."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.sound.decoded import Samples
from model.sound.front_end import RATE
from model.sound.heard import NoMusic
from model.sound.music_guard import features_of, is_silent, no_music
from tests.support.tag_vectors import by_network, vectors

SECONDS = 12
FRAMES = SECONDS * RATE
TIMES = np.arange(FRAMES) / RATE

UNSURE: Mapping[str, Mapping[str, float]] = {"msd": {"rock": 0.1}, "mtt": {"guitar": 0.2}}
VOICE: Mapping[str, Mapping[str, float]] = {"msd": {"Hip-Hop": 0.3}, "mtt": {"male voice": 0.2}}
METAL: Mapping[str, Mapping[str, float]] = {"msd": {"metal": 0.8}}


def floats(samples: Any) -> Samples:
    return np.asarray(samples, dtype=np.float32)


def coloured(slope: float, seed: int = 1) -> Samples:
    """Return noise whose power falls with the frequency to the power of `slope`."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(FRAMES))
    frequencies = np.fft.rfftfreq(FRAMES, 1 / RATE)
    frequencies[0] = frequencies[1]
    samples = np.fft.irfft(spectrum / frequencies ** (slope / 2), FRAMES)
    return floats(0.5 * samples / np.abs(samples).max())


def rain() -> Samples:
    rng = np.random.default_rng(2)
    samples = 0.05 * rng.standard_normal(FRAMES)
    for start in rng.integers(0, FRAMES - 300, 3000):
        fading = np.exp(-np.arange(300) / 40) * rng.standard_normal(300)
        samples[start : start + 300] += rng.uniform(0.05, 0.5) * fading
    return floats(samples / np.abs(samples).max())


def hum() -> Samples:
    return floats(sum(0.2 / n * np.sin(2 * np.pi * 50 * n * TIMES) for n in (1, 2, 3, 5)))


def sine() -> Samples:
    return floats(0.4 * np.sin(2 * np.pi * 440 * TIMES))


def sweep() -> Samples:
    return floats(0.4 * np.sin(2 * np.pi * (100 * TIMES + 150 * TIMES**2)))


def clicks() -> Samples:
    samples = np.zeros(FRAMES)
    samples[:: RATE // 2] = 0.9
    return floats(samples)


def song(beat: float = 0.5) -> Samples:
    """Return chords on a beat, each of which is held, with a noise for a drum."""
    rng = np.random.default_rng(3)
    roots = np.array([220.0, 174.6, 261.6, 196.0])[(TIMES // (4 * beat)).astype(int) % 4]
    phases = np.cumsum(roots) * 2 * np.pi / RATE
    chord = sum(np.sin(ratio * phases) for ratio in (1, 1.26, 1.5, 2))
    drum = rng.standard_normal(FRAMES) * np.exp(-20 * (TIMES % beat))
    return floats(0.1 * chord * np.exp(-1.5 * (TIMES % beat)) + 0.1 * drum)


def talk() -> Samples:
    """Return syllables with a gliding pitch and formants, and pauses, as in speech."""
    rng = np.random.default_rng(4)
    parts = [np.zeros(10)]
    while sum(map(len, parts)) < FRAMES:
        for _ in range(int(rng.integers(3, 9))):
            length = int(rng.uniform(0.08, 0.3) * RATE)
            pitch = np.linspace(rng.uniform(95, 150), rng.uniform(80, 135), length)
            phase = 2 * np.pi * np.cumsum(pitch) / RATE
            formants = rng.uniform((300, 900, 2200), (800, 2000, 3000))
            voice = np.zeros(length)
            for number in range(1, 30):
                distance = np.abs(number * pitch.mean() - formants).min()
                voice += np.exp(-((distance / 150) ** 2)) * np.sin(number * phase) / number**0.3
            hiss = rng.standard_normal(int(rng.uniform(0.02, 0.1) * RATE))
            parts += [voice * np.hanning(length), 0.15 * hiss, np.zeros(int(rng.uniform(0, 800)))]
        parts.append(np.zeros(int(rng.uniform(0.2, 0.7) * RATE)))
    samples = np.concatenate(parts)[:FRAMES]
    return floats(0.5 * samples / np.abs(samples).max())


NOISES: Mapping[str, Callable[[], Samples]] = {
    "white": lambda: coloured(0),
    "pink": lambda: coloured(1),
    "brown": lambda: coloured(2),
    "faint": lambda: floats(0.02 * coloured(1)),
    "rain": rain,
    "hum": hum,
    "sine": sine,
    "sweep": sweep,
    "clicks": clicks,
}


@pytest.mark.parametrize("name", sorted(NOISES))
def test_noise_is_no_music(name: str) -> None:
    assert no_music([NOISES[name]()], UNSURE) is NoMusic.NOISE


def test_speech_is_no_music() -> None:
    assert no_music([talk()], VOICE) is NoMusic.SPEECH


def test_speech_is_told_without_the_tags() -> None:
    assert no_music([talk()], {}) is NoMusic.SPEECH


@pytest.mark.parametrize("beat", [0.3, 0.5, 0.8])
def test_chords_on_a_beat_are_music(beat: float) -> None:
    assert no_music([song(beat)], UNSURE) is None


def test_a_tag_that_is_sure_speaks_for_music() -> None:
    assert no_music([talk()], {"msd": {"jazz": 0.8}}) is None


def test_distortion_is_like_noise_but_is_music() -> None:
    assert no_music([coloured(1)], METAL) is None


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(FRAMES),
        np.full(FRAMES, 0.3),
        np.full(FRAMES, np.nan),
        1e-4 * coloured(0),
        np.zeros(0),
        np.zeros(1),
    ],
    ids=["zeros", "offset", "nan", "hiss", "none", "one"],
)
def test_silence_is_told_first(samples: Samples) -> None:
    assert is_silent([floats(samples)])
    assert no_music([floats(samples)], METAL) is NoMusic.SILENCE


def test_excerpts_that_are_silent_do_not_count() -> None:
    silent = floats(np.zeros(FRAMES))
    assert no_music([silent, song(), silent], UNSURE) is None
    assert no_music([silent, talk(), silent], VOICE) is NoMusic.SPEECH


@pytest.mark.parametrize("seconds", [0.001, 0.5, 1.9])
def test_of_a_very_short_sound_only_silence_is_told(seconds: float) -> None:
    assert no_music([coloured(0)[: int(seconds * RATE)]], UNSURE) is None


def test_noise_lacks_what_music_has() -> None:
    noise, music = features_of([coloured(0)]), features_of([song()])
    assert music.persistence > 0.3
    assert music.pulse > 0.4
    assert noise.persistence < 0.05
    assert noise.pulse < 0.1
    assert noise.roughness < music.roughness


@settings(max_examples=30, deadline=None)
@given(
    arrays(np.float32, st.integers(0, 3 * RATE), elements=st.floats(width=32)),
    vectors,
)
def test_any_samples_and_tags_are_judged(
    samples: Samples, vector: dict[tuple[str, str], float]
) -> None:
    assert no_music([samples], by_network(vector)) in {None, *NoMusic}
