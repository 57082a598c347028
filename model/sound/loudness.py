"""Integrated loudness of sound (ITU-R BS.1770-4), by pyloudnorm."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from model.sound.decoded import Samples

BLOCK_SECONDS: Final = 0.4
"""Length of the blocks that loudness is measured in."""

SILENT_LUFS: Final = -70.0
"""Blocks that are quieter do not count; absolute gate of BS.1770-4."""

RELATIVE_GATE: Final = -10.0
"""Blocks that are quieter than the mean of the others by more do not count, in LU."""

FILTER: Final = "DeMan"
"""pyloudnorm's filters with the coefficients of BS.1770-4; its default ones are 0.04 LU off."""

OFFSET: Final = -0.691
"""Loudness of a block whose weighted channels have mean squares that sum to 1."""


def loudness(excerpts: Sequence[Samples], rate: int) -> float | None:
    """Return the loudness of a sound in LUFS.

    The blocks of all excerpts are gated together, as if they were one sound; no block lies in two.

    Args:
        excerpts: Pieces of the sound; float32 [frames, channels], at most 5 channels.
        rate: Samples in a second.

    Returns:
        None for silence and for sound that is shorter than BLOCK_SECONDS.
    """
    long_enough = [excerpt for excerpt in excerpts if len(excerpt) >= BLOCK_SECONDS * rate]
    if not long_enough:
        return None
    blocks = np.concatenate([_blocks(excerpt, rate) for excerpt in long_enough])
    loud = blocks[blocks >= SILENT_LUFS]
    if not len(loud):
        return None
    gated = loud[loud > _mean(loud) + RELATIVE_GATE]
    return _mean(gated)


def _blocks(excerpt: Samples, rate: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the loudness of each block of an excerpt, -inf for silent ones."""
    # pyloudnorm imports scipy.signal, which takes half a second.
    import pyloudnorm  # noqa: PLC0415

    meter = pyloudnorm.Meter(rate, filter_class=FILTER, block_size=BLOCK_SECONDS)
    meter.integrated_loudness(excerpt)
    return np.asarray(meter.blockwise_loudness, dtype=np.float64)


def _mean(blocks: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the loudness of the mean power of blocks."""
    powers = np.power(10, (blocks - OFFSET) / 10)
    return OFFSET + 10 * math.log10(float(powers.mean()))
