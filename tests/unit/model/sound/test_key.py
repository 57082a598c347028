"""Keys of synthesised chords, which are known."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sound.decoded import Samples
from model.sound.front_end import RATE
from model.sound.key import KEYS, key, tones, tuning
from training.sound import signals

CADENCE = {"major": ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))}
CADENCE["minor"] = ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))


def sines(pitches: tuple[int, ...], seconds: float, rate: int = RATE, cents: float = 0) -> Samples:
    time = np.arange(int(seconds * rate)) / rate
    hertz = [440 * 2 ** ((pitch - 9 + cents / 100) / 12) for pitch in pitches]
    waves = np.array([np.sin(2 * np.pi * one * time) for one in hertz], dtype=np.float32)
    total: Samples = waves.sum(axis=0) / np.float32(4)
    return total


def cadence(tonic: int, mode: str, rate: int = RATE, cents: float = 0) -> Samples:
    """Return a cadence that ends on a longer chord of the tonic."""
    lengths = (2.0, 1.0, 1.0, 3.0)
    chords = [
        sines(tuple(tonic + pitch for pitch in chord), length, rate, cents)
        for chord, length in zip(CADENCE[mode], lengths, strict=True)
    ]
    return np.concatenate(chords)


@pytest.mark.parametrize("name", KEYS)
def test_key_of_a_cadence_is_told(name: str) -> None:
    index = KEYS.index(name)
    assert key([cadence(index % 12, name.split()[1])], RATE) == name


@pytest.mark.parametrize("cents", [-45, -20, 20, 45])
def test_tuning_does_not_matter(cents: float) -> None:
    sound = cadence(9, "minor", cents=cents)
    assert key([sound], RATE) == "A minor"
    assert tuning(*tones([sound], RATE)) == pytest.approx(cents / 100, abs=0.03)


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 48_000])
def test_key_does_not_depend_on_the_rate(rate: int) -> None:
    assert key([cadence(3, "major", rate)], rate) == "Eb major"


def test_keys_that_are_not_clear_are_not_told() -> None:
    rng = np.random.default_rng(8)
    counts: Counter[str] = Counter()
    for tonic, mode, truth in signals.of_all_keys():
        found = key([signals.chords(tonic, mode, rng)], RATE)
        counts["none" if found is None else "right" if found == truth else "wrong"] += 1
    assert counts["right"] >= 8
    assert counts["wrong"] <= 1


def test_no_key_is_told_of_noise_and_drums() -> None:
    sounds = signals.without_key(np.random.default_rng(0))
    told = {name: key([sound], RATE) for name, sound in sounds}
    assert told == dict.fromkeys(told)
    assert len(told) > 15


def test_no_key_is_told_of_tones_that_agree_on_no_tuning() -> None:
    """Drums of which the pitches happen to be those of a key."""
    sounds = dict(signals.without_key(np.random.default_rng(114)))
    assert key([sounds["backbeat"]], RATE) is None


def test_no_key_is_told_of_all_tones_alike() -> None:
    assert key([sines(tuple(range(12)), 5)], RATE) is None


@pytest.mark.parametrize("count", [0, 1, 100, 4000])
def test_no_key_is_told_of_a_short_sound(count: int) -> None:
    assert key([cadence(0, "major")[:count]], RATE) is None


def test_no_key_is_told_of_nothing() -> None:
    assert key([], RATE) is None


@given(st.integers(0, 2**32 - 1), st.integers(2000, 48_000), st.floats(0, 3), st.floats(1e-9, 1e6))
@settings(max_examples=30, deadline=None)
def test_any_sound_has_a_key_or_none(seed: int, rate: int, seconds: float, gain: float) -> None:
    samples = np.random.default_rng(seed).normal(0, gain, int(rate * seconds)).astype(np.float32)
    samples[:: max(1, seed % 5000)] = 0
    assert key([samples], rate) in {None, *KEYS}
