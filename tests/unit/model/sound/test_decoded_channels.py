"""Channels of decoded sound are averaged, without losing sound that they cancel."""

import numpy as np

from model.sound.decoded import Decoded

RATE = 16_000
SINE = np.sin(np.arange(RATE) / 5).astype(np.float32)


def mono(*channels: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> float:
    (found,) = Decoded((np.stack(channels, axis=1),), RATE, 1.0).mono()
    return float(np.abs(found).max())


def test_channels_are_averaged() -> None:
    assert np.isclose(mono(SINE, SINE), 1, atol=0.01)
    assert np.isclose(mono(SINE, np.zeros_like(SINE)), 0.5, atol=0.01)


def test_channels_that_cancel_are_not_silence() -> None:
    assert np.isclose(mono(SINE, -SINE), 1, atol=0.01)


def test_silence_stays_silent() -> None:
    assert mono(np.zeros_like(SINE), np.zeros_like(SINE)) == 0
