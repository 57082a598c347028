"""Writes PNG files (https://www.w3.org/TR/png-3/).

Pillow's own writer tries every filter on every row: 20 ms and more for a chart, all the while with
the interpreter's lock held. Flat colours need no filter, and zlib lets the lock go.
"""

import struct
import zlib
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
DEPTH: Final = 8
TRUE_COLOUR: Final = 2
LEVEL: Final = 3
"""Level 6 would save a sixth of the size for three times the time."""


def encode(width: int, height: int, pixels: bytes) -> bytes:
    """Return a PNG of `pixels`: rows from the top, three bytes each, red, green and blue."""
    stride = 3 * width
    rows = (pixels[start : start + stride] for start in range(0, height * stride, stride))
    header = struct.pack(">IIBBBBB", width, height, DEPTH, TRUE_COLOUR, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), LEVEL)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
