"""Tempo of synthesised rhythms, whose beats are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sound.decoded import Samples
from model.sound.front_end import RATE
from model.sound.tempo import tempo
from training.sound import signals
from training.sound.signals import RHYTHMS

ROCK = RHYTHMS[1]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def excerpts(sound: Samples) -> list[Samples]:
    return np.split(sound, 3)


def clicks(bpm: float, rate: int) -> Samples:
    sound = np.zeros(20 * rate, dtype=np.float32)
    for beat in np.arange(0, 20, 60 / bpm):
        sound[round(beat * rate) : round((beat + 0.01) * rate)] = 0.5
    return sound


@pytest.mark.parametrize("bpm", [100.0, 120.0, 133.3])
@pytest.mark.parametrize("rhythm", RHYTHMS, ids=lambda rhythm: rhythm.name)
def test_tempo_of_a_rhythm_or_half_or_double_is_told(
    rng: np.random.Generator, rhythm: signals.Rhythm, bpm: float
) -> None:
    found = tempo(excerpts(signals.drums(rhythm, bpm, rng, 0.004)), RATE)
    assert found is not None
    assert any(told == pytest.approx(bpm, rel=0.006) for told in (found.bpm, found.other))


def test_noise_and_chords_do_not_hide_the_beat(rng: np.random.Generator) -> None:
    music = signals.drums(ROCK, 120.0, rng) + signals.chords(9, "minor", rng)
    found = tempo(excerpts(signals.noisy(music, 6, rng)), RATE)
    assert found is not None
    assert found.bpm == pytest.approx(120.0, rel=0.006)


def test_doubt_between_a_tempo_and_its_double_is_told(rng: np.random.Generator) -> None:
    found = tempo(excerpts(signals.drums(ROCK, 170.0, rng)), RATE)
    assert found is not None
    assert sorted([found.bpm, found.other or 0]) == pytest.approx([85.0, 170.0], rel=0.006)


def test_an_unlikely_half_is_not_told() -> None:
    found = tempo([clicks(120.0, RATE)], RATE)
    assert found is not None
    assert found.bpm == pytest.approx(120.0, rel=0.006)
    assert found.other is None


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100, 48_000])
def test_tempo_does_not_depend_on_the_rate(rate: int) -> None:
    found = tempo([clicks(111.0, rate)], rate)
    assert found is not None
    assert found.bpm == pytest.approx(111.0, rel=0.003)


@pytest.mark.parametrize("gain", [1e-3, 1.0, 8.0])
def test_tempo_does_not_depend_on_the_level(gain: float) -> None:
    assert tempo([clicks(120.0, RATE) * np.float32(gain)], RATE) is not None


def test_no_tempo_is_told_without_a_beat(rng: np.random.Generator) -> None:
    told = {name: tempo(excerpts(sound), RATE) for name, sound in signals.without_beat(rng)}
    assert told == dict.fromkeys(told)
    assert len(told) > 8


def test_a_tempo_that_explains_the_sound_less_than_a_rival_is_not_told(
    rng: np.random.Generator,
) -> None:
    """Sixteenths at 75 beats: three of them make a beat of 100, which is the more usual tempo."""
    backbeat = next(rhythm for rhythm in RHYTHMS if rhythm.name == "backbeat")
    found = tempo([signals.drums(backbeat, 75.0, rng)], RATE)
    assert found is None or found.bpm != pytest.approx(100.0, rel=0.02)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0, 2.9])
def test_no_tempo_is_told_of_a_short_sound(seconds: float) -> None:
    assert tempo([clicks(120.0, RATE)[: int(seconds * RATE)]], RATE) is None


def test_short_excerpts_are_left_out() -> None:
    sound = clicks(120.0, RATE)
    assert tempo([sound, sound[:100], sound[:0]], RATE) == tempo([sound], RATE)


def test_no_tempo_is_told_of_nothing() -> None:
    assert tempo([], RATE) is None


@given(st.integers(0, 2**32 - 1), st.integers(2000, 48_000), st.floats(0, 4), st.floats(1e-6, 1e3))
@settings(max_examples=30, deadline=None)
def test_any_sound_has_a_tempo_in_range_or_none(
    seed: int, rate: int, seconds: float, gain: float
) -> None:
    samples = np.random.default_rng(seed).normal(0, gain, int(rate * seconds)).astype(np.float32)
    samples[:: max(1, seed % 5000)] = 0
    found = tempo([samples], rate)
    assert found is None or 44 < found.bpm < 222
