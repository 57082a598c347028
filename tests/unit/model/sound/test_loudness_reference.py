"""Loudness, compared with pyloudnorm's and with what BS.1770-4 says of a sine."""

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sound.decoded import Samples
from model.sound.loudness import loudness

RATES = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000]


def noise(seconds: float, rate: int, channels: int = 2, seed: int = 0) -> Samples:
    """Return noise whose level changes several times a second, between 0.01 and 0.3."""
    generator = np.random.default_rng(seed)
    frames = int(seconds * rate)
    levels = np.repeat(generator.uniform(0.01, 0.3, int(seconds * 8) + 1), rate // 8 + 1)[:frames]
    return (generator.normal(0, 1, (frames, channels)) * levels[:, None]).astype(np.float32)


def by_pyloudnorm(sound: Samples, rate: int) -> float:
    return float(pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(sound))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2])
def test_it_is_pyloudnorms(rate: int, channels: int) -> None:
    sound = noise(12.0, rate, channels)
    assert loudness([sound], rate) == pytest.approx(by_pyloudnorm(sound, rate), abs=0.01)


@given(tenths=st.integers(5, 70), rate=st.sampled_from(RATES), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_it_is_pyloudnorms_at_every_length(tenths: int, rate: int, seed: int) -> None:
    sound = noise(tenths / 10 + 0.01, rate, seed=seed)  # pyloudnorm counts a last block in part
    found = loudness([sound], rate)
    assert found == pytest.approx(by_pyloudnorm(sound, rate), abs=0.01)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sine_of_full_scale_has_the_loudness_of_the_standard(channels: int) -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(5 * 48_000) / 48_000).astype(np.float32)
    expected = -3.01 + 10 * np.log10(channels)
    found = loudness([np.repeat(sine[:, None], channels, axis=1)], 48_000)
    assert found == pytest.approx(expected, abs=0.01)


def test_a_constant_offset_is_silent() -> None:
    assert loudness([np.full((5 * 48_000, 1), 0.5, np.float32)], 48_000) == pytest.approx(
        by_pyloudnorm(np.full((5 * 48_000, 1), 0.5, np.float32), 48_000), abs=0.01
    )


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.39])
def test_sound_shorter_than_a_block_has_none(seconds: float) -> None:
    assert loudness([np.ones((int(seconds * 48_000), 2), np.float32)], 48_000) is None


def test_silence_has_none() -> None:
    assert loudness([np.zeros((5 * 48_000, 2), np.float32)], 48_000) is None
