"""The spectrogram, compared with librosa's."""

import time
import tracemalloc

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sound.front_end import BANDS, HOP, RATE, WINDOW, Floats, log_mel, mel_filters

TOLERANCE = 1e-4


def noise(samples: int, level: float = 0.1, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(0, level, samples).astype(np.float32)


def tone(hertz: float, seconds: float = 2.0) -> Floats:
    return np.sin(2 * np.pi * hertz * np.arange(seconds * RATE) / RATE).astype(np.float32)


def by_librosa(samples: Floats) -> Floats:
    power = librosa.feature.melspectrogram(
        y=samples, sr=RATE, n_fft=WINDOW, hop_length=HOP, n_mels=BANDS
    )
    expected: Floats = np.log10(10_000 * power + 1).T
    return expected


@pytest.mark.parametrize(
    "samples",
    [noise(30 * RATE), noise(RATE + 77, 1.0), tone(440.0), tone(7990.0), tone(20.0), noise(WINDOW)],
    ids=["noise", "loud", "a", "high", "low", "one window"],
)
def test_it_is_librosas(samples: Floats) -> None:
    assert np.abs(log_mel(samples) - by_librosa(samples)).max() < TOLERANCE


@given(length=st.integers(WINDOW, 6 * WINDOW), level=st.floats(0, 1), seed=st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_it_is_librosas_at_every_length(length: int, level: float, seed: int) -> None:
    samples = noise(length, level, seed)
    ours, theirs = log_mel(samples), by_librosa(samples)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < TOLERANCE


def test_the_filters_are_librosas() -> None:
    expected = librosa.filters.mel(sr=RATE, n_fft=WINDOW, n_mels=BANDS).T
    assert np.abs(mel_filters() - expected).max() < 1e-7


@pytest.mark.parametrize("samples", [0, 1, HOP, WINDOW - 1])
def test_sound_shorter_than_a_window_has_a_spectrogram(samples: int) -> None:
    spectrogram = log_mel(np.ones(samples, np.float32))
    assert spectrogram.shape == (1 + samples // HOP, BANDS)
    assert np.isfinite(spectrogram).all()


def test_silence_is_zero() -> None:
    assert not log_mel(np.zeros(RATE, np.float32)).any()


def test_it_is_fast_and_needs_little_memory() -> None:
    samples = noise(30 * RATE)
    log_mel(samples)
    times = []
    for _ in range(5):
        start = time.process_time()
        log_mel(samples)
        times.append(time.process_time() - start)
    # make bench has the time on a quiet machine; a loop over samples would take ten times as long.
    assert min(times) < 0.4
    tracemalloc.start()
    try:
        result = log_mel(samples)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < result.nbytes + samples.nbytes + (4 << 20)
