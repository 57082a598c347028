"""Changes the rate of sound, by the library soxr."""

import numpy as np
import soxr

from model.sound.decoded import Samples


def resample(samples: Samples, rate: int, target: int) -> Samples:
    """Return the same sound at another rate; float32, of the same number of channels.

    Args:
        samples: Sound, [frames] or [frames, channels]; not empty.
        rate: Its samples in a second.
        target: Samples in a second of the result.
    """
    if rate == target:
        return samples
    resampled = soxr.resample(samples, rate, target, quality=soxr.HQ)
    return np.asarray(resampled, dtype=np.float32)
