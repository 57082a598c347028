"""Sound at another rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sound.resampling import resample


def tone(rate: int, hertz: float = 440.0) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.sin(2 * np.pi * hertz * np.arange(rate) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_tone_stays_the_same_tone(rate: int) -> None:
    found = resample(tone(rate), rate, 16_000)
    assert found.dtype == np.float32
    middle = slice(1_000, 15_000)  # at the ends, it is filtered together with silence
    assert np.abs(found[middle] - tone(16_000)[middle]).max() < 1e-3


def test_what_is_above_half_the_rate_is_removed() -> None:
    found = resample(tone(44_100, hertz=12_000), 44_100, 16_000)
    assert np.abs(found[1_000:15_000]).max() < 1e-3


def test_the_same_rate_changes_nothing() -> None:
    samples = tone(16_000)
    assert resample(samples, 16_000, 16_000) is samples


@given(samples=st.integers(1, 400), rate=st.sampled_from([8_000, 11_025, 44_100, 48_000]))
def test_the_length_is_that_of_the_sound(samples: int, rate: int) -> None:
    found = resample(np.zeros(samples, np.float32), rate, 16_000)
    assert abs(len(found) - samples * 16_000 / rate) <= 1
