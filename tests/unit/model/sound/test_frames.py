"""Frames and windows."""

import librosa
import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from model.sound.frames import frames_of, hann


@given(st.integers(1, 60), st.integers(1, 40), st.integers(0, 200))
def test_frames_are_the_whole_ones(length: int, hop: int, more: int) -> None:
    samples = np.arange(length + more)
    expected = [samples[start : start + length] for start in range(0, more + 1, hop)]
    assert np.array_equal(frames_of(samples, length, hop), expected)


@pytest.mark.parametrize("length", [4, 512, 1024, 2048])
def test_windows_are_those_of_other_libraries(length: int) -> None:
    assert hann(length) == pytest.approx(librosa.filters.get_window("hann", length), abs=1e-12)
    symmetric = scipy.signal.get_window("hann", length, fftbins=False)
    assert hann(length, symmetric=True) == pytest.approx(symmetric, abs=1e-12)
