"""Frames of a sound, and the windows that they are multiplied by before they are transformed."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt


def frames_of(samples: npt.NDArray[Any], length: int, hop: int) -> npt.NDArray[Any]:
    """Return the whole frames of a sound, [frames, length]; a view that cannot be written.

    Args:
        samples: One channel, of at least `length` samples.
        length: Samples in a frame.
        hop: Samples between the beginnings of two frames.
    """
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]


@cache
def hann(length: int, *, symmetric: bool = False) -> npt.NDArray[np.float64]:
    """Return a Hann window.

    By default it is periodic, as is usual for spectra and as in librosa; a symmetric one ends at 0.
    """
    window = np.hanning(length) if symmetric else np.hanning(length + 1)[:-1]
    window.flags.writeable = False
    return window
