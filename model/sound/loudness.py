"""Integrated loudness of sound, as ITU-R BS.1770-4 has it.

It is within 0.01 LU of pyloudnorm's. It is written here because pyloudnorm imports scipy, which
takes half a second and 80 MB of memory, more than the networks.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from model.sound.decoded import Samples

BLOCK_SECONDS: Final = 0.4
"""Length of the blocks that loudness is measured in."""

PARTS: Final = 4
"""Parts of a block; the next block begins one part later."""

SILENT_LUFS: Final = -70.0
"""Blocks that are quieter do not count; absolute gate of BS.1770-4."""

RELATIVE_GATE: Final = -10.0
"""Blocks that are quieter than the mean of the others by more do not count, in LU."""

OFFSET: Final = -0.691
"""Loudness of a block whose weighted channels have mean squares that sum to 1."""

PIECE_PARTS: Final = 50
"""Parts that are filtered at a time, which bounds the memory."""

LEAD_SECONDS: Final = 0.3
"""Sound before a piece that is filtered with it; longer than the filters ring."""

SHELF_HZ: Final = 1681.9744509555319
SHELF_Q: Final = 0.7071752369554193
SHELF_DECIBELS: Final = 3.99984385397
SHELF_EXPONENT: Final = 0.499666774155
HIGH_PASS_HZ: Final = 38.13547087613982
HIGH_PASS_Q: Final = 0.5003270373253953
"""The two filters of BS.1770-4, which has their coefficients for 48 kHz, as functions of the rate:
Brecht De Man, "Evaluation of implementations of the EBU R128 loudness measurement" (AES, 2018)."""

Numbers = npt.NDArray[np.float64]


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


def _blocks(excerpt: Samples, rate: int) -> Numbers:
    """Return the loudness of each block of an excerpt, -inf for silent ones."""
    parts = np.concatenate(list(_part_powers(excerpt, rate)))
    powers = np.convolve(parts, np.full(PARTS, 1 / PARTS), mode="valid")
    with np.errstate(divide="ignore"):
        return OFFSET + 10 * np.log10(powers)


def _part_powers(excerpt: Samples, rate: int) -> Iterator[Numbers]:
    """Yield the mean square of each whole part, weighted, summed over the channels."""
    length = BLOCK_SECONDS / PARTS * rate
    edges = (np.arange(math.floor(len(excerpt) / length) + 1) * length).astype(int)
    lead = round(LEAD_SECONDS * rate)
    padded = np.pad(excerpt, ((lead, 0), (0, 0)))
    response = np.zeros(0, np.complex64)
    for first in range(0, len(edges) - 1, PIECE_PARTS):
        own = edges[first : first + PIECE_PARTS + 1]
        piece = padded[own[0] : own[-1] + lead]
        if len(response) != len(piece) // 2 + 1:  # the last piece is shorter
            response = _response(len(piece), rate)
        spectrum = np.fft.rfft(piece, axis=0) * response[:, np.newaxis]
        # What the filter's ring at the end of a piece wraps around to is in the lead.
        weighted = np.fft.irfft(spectrum, len(piece), axis=0)[lead:]
        squares = np.square(weighted).sum(axis=1, dtype=np.float64)
        yield np.add.reduceat(squares, own[:-1] - own[0]) / np.diff(own)


def _response(frames: int, rate: int) -> npt.NDArray[np.complex64]:
    """Return the response of both filters at the frequencies of a Fourier transform."""
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(frames))
    k = math.tan(math.pi * SHELF_HZ / rate)
    gain = 10 ** (SHELF_DECIBELS / 20)
    slope = gain**SHELF_EXPONENT * k / SHELF_Q
    shelf = np.polyval([gain - slope + k * k, 2 * (k * k - gain), gain + slope + k * k], delay)
    shelf /= np.polyval([1 - k / SHELF_Q + k * k, 2 * (k * k - 1), 1 + k / SHELF_Q + k * k], delay)
    k = math.tan(math.pi * HIGH_PASS_HZ / rate)
    scale = 1 + k / HIGH_PASS_Q + k * k
    high_pass = np.square(1 - delay) * scale
    high_pass /= np.polyval([1 - k / HIGH_PASS_Q + k * k, 2 * (k * k - 1), scale], delay)
    response: npt.NDArray[np.complex64] = (shelf * high_pass).astype(np.complex64)
    return response


def _mean(blocks: Numbers) -> float:
    """Return the loudness of the mean power of blocks."""
    powers = np.power(10, (blocks - OFFSET) / 10)
    return OFFSET + 10 * math.log10(float(powers.mean()))
