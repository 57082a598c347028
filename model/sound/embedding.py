"""The embedding of a sound as bytes: each value is quantised to 8 bits.

The bytes are the smallest value and the step, float32, little-endian, then a byte for each value:
how many steps it is above the smallest. The error is at most half a step, which is the range of
the values divided by 510: below 0.01 for the clips that the tagger was tried on, whose embeddings
lie in -1.8 to 3.4 with a standard deviation of 0.7.
"""

import struct
from typing import Final

import numpy as np
import numpy.typing as npt

Embedding = npt.NDArray[np.float32]

LEVELS: Final = 255
"""Steps between the smallest and the largest value."""

SCALE: Final = struct.Struct("<ff")
"""The smallest value, and the step."""


def to_bytes(embedding: Embedding) -> bytes:
    """Return an embedding, float32 [values], as bytes.

    Raises:
        ValueError: It is empty, or a value is not finite.
    """
    if not (embedding.size and np.isfinite(embedding).all()):
        raise ValueError("an embedding has finite values")
    low = float(embedding.min())
    step = (float(embedding.max()) - low) / LEVELS
    scale = SCALE.pack(low, step)
    low, step = SCALE.unpack(scale)  # as they will be read
    steps = (embedding.astype(np.float64) - low) / step if step else np.zeros(embedding.shape)
    return scale + np.clip(np.rint(steps), 0, LEVELS).astype(np.uint8).tobytes()


def from_bytes(data: bytes) -> Embedding:
    """Return the embedding of which `to_bytes` made `data`; raise ValueError if it is none."""
    if len(data) <= SCALE.size:
        raise ValueError(f"{len(data)} bytes are no embedding")
    low, step = SCALE.unpack_from(data)
    steps = np.frombuffer(data, np.uint8, offset=SCALE.size)
    values: Embedding = (low + step * steps.astype(np.float64)).astype(np.float32)
    return values
