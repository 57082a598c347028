"""Loudness of signals of which ITU-R BS.1770-4 says the loudness."""

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sound.decoded import Samples
from model.sound.loudness import loudness

RATES = [8000, 16_000, 22_050, 32_000, 44_100, 48_000]


def sine(rate: int, decibels: float = 0.0, seconds: float = 5.0, channels: int = 1) -> Samples:
    time = np.arange(int(seconds * rate)) / rate
    wave = 10 ** (decibels / 20) * np.sin(2 * np.pi * 997 * time)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("decibels", [0.0, -20.0, -40.0])
def test_sine_of_997_hz_has_the_loudness_that_the_standard_gives(
    rate: int, decibels: float
) -> None:
    assert loudness([sine(rate, decibels)], rate) == pytest.approx(decibels - 3.01, abs=0.05)


def test_two_channels_are_3_lu_louder_than_one() -> None:
    assert loudness([sine(48_000, -20, channels=2)], 48_000) == pytest.approx(-20.0, abs=0.01)


def test_bass_counts_less_and_treble_more() -> None:
    time = np.arange(5 * 48_000) / 48_000
    low, high = (
        loudness([np.sin(2 * np.pi * hertz * time)[:, None].astype(np.float32)], 48_000)
        for hertz in (40, 4000)
    )
    assert low is not None
    assert high is not None
    assert low < -6 < -3.01 + 3 < high


def test_quiet_passages_do_not_count() -> None:
    """A relative gate of -10 LU: the quiet excerpt is 20 LU below."""
    rate = 16_000
    both = loudness([sine(rate, -10), sine(rate, -40)], rate)
    assert both == pytest.approx(-13.0, abs=0.1)


def test_excerpts_are_weighted_by_their_power() -> None:
    rate = 16_000
    mean = 10 * np.log10((10**-1.0 + 10**-1.6) / 2) - 3.01
    assert loudness([sine(rate, -10), sine(rate, -16)], rate) == pytest.approx(mean, abs=0.05)


def test_one_excerpt_is_what_pyloudnorm_says() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (3 * 44_100, 2)).astype(np.float32)
    meter = pyloudnorm.Meter(44_100, filter_class="DeMan")
    assert loudness([noise], 44_100) == pytest.approx(meter.integrated_loudness(noise), abs=1e-6)


@pytest.mark.parametrize(
    "excerpts",
    [
        [],
        [np.zeros((0, 1), dtype=np.float32)],
        [np.zeros((16_000, 2), dtype=np.float32)],
        [sine(16_000, -90)],
        [sine(16_000, seconds=0.39)],
    ],
    ids=["nothing", "empty", "silence", "below the absolute gate", "shorter than a block"],
)
@pytest.mark.filterwarnings("error")
def test_no_loudness_is_told(excerpts: list[Samples]) -> None:
    assert loudness(excerpts, 16_000) is None


def test_the_excerpt_is_not_changed() -> None:
    sound = sine(16_000)
    before = sound.copy()
    loudness([sound], 16_000)
    assert np.array_equal(sound, before)


@given(st.integers(0, 2**32 - 1), st.sampled_from(RATES), st.floats(0, 2), st.floats(-120, 20))
@settings(max_examples=30, deadline=None)
def test_twice_the_amplitude_is_6_lu_more(
    seed: int, rate: int, seconds: float, decibels: float
) -> None:
    noise = np.random.default_rng(seed).normal(0, 1, (int(rate * seconds), 2))
    quiet = (noise * 10 ** (decibels / 20)).astype(np.float32)
    one, two = loudness([quiet], rate), loudness([2 * quiet], rate)
    if one is not None and one > -69:
        assert two == pytest.approx(one + 6.02, abs=0.3)
