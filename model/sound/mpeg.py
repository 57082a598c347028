"""Headers of MPEG audio: ID3 tags, frames of MP1-3 (ISO/IEC 11172-3, 13818-3) and of ADTS AAC."""

import re
from collections.abc import Callable
from typing import Final

ID3: Final = b"ID3"
ID3_HEADER: Final = 10
ID3_FOOTER_FLAG: Final = 0x10

HEADER_BYTES: Final = 4
ADTS_HEADER_BYTES: Final = 7

FRAMES: Final = 3
"""Frames of the same kind in a row by which a stream is recognised; fewer only at a file's end."""

VERSION_1: Final = 3
LAYER_1, LAYER_2, LAYER_3 = 3, 2, 1  # as the header has them
NO_RATE: Final = 3
NO_BIT_RATE: Final = 15

RATES: Final = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8_000),
}
"""Samples in a second by version (1, 2, 2.5) and index."""

BIT_RATES: Final = {
    (True, LAYER_1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, LAYER_2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, LAYER_3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, LAYER_1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, LAYER_2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, LAYER_3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits in a second by whether the version is 1, layer, and index."""

SYNC: Final = re.compile(rb"\xff(?=[\xf0\xf1\xf8\xf9]|[\xe2-\xff][\x10-\xef])")
"""Where a frame may begin."""

ADTS_SYNC: Final = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")
ADTS_RATES: Final = 13

Frame = Callable[[bytes, int], tuple[int, object]]
"""Length of the frame whose header is at an offset, 0 if there is none, and its kind."""


def id3_length(head: bytes) -> int:
    """Return the length of the ID3v2 tag that `head` begins with, 0 without one."""
    if not head.startswith(ID3) or len(head) < ID3_HEADER:
        return 0
    length = 0
    for byte in head[6:ID3_HEADER]:
        length = length << 7 | byte & 0x7F
    return ID3_HEADER + length + (ID3_HEADER if head[5] & ID3_FOOTER_FLAG else 0)


def find(data: bytes, *, ends: bool) -> tuple[str, int] | None:
    """Return the kind (`mp3`, `mp2`, `mp1`, `aac`) of the first stream in `data`, and its offset.

    Args:
        data: Part of a file.
        ends: Whether the file ends with it.
    """
    for offset in (match.start() for match in SYNC.finditer(data)):
        for frame in (mpeg_frame, adts_frame):
            if _is_stream(data, offset, frame, ends=ends):
                _, kind = frame(data, offset)
                return ("aac" if frame is adts_frame else f"mp{4 - kind[1]}"), offset
    return None


def mpeg_frame(data: bytes, offset: int) -> tuple[int, tuple[int, int, int]]:
    """Return the length of the MP1-3 frame at `offset`, and its version, layer and rate index."""
    nothing = 0, (0, 0, 0)
    if offset + HEADER_BYTES > len(data) or not SYNC.match(data, offset):
        return nothing
    flags, packed = data[offset + 1], data[offset + 2]
    version, layer = flags >> 3 & 3, flags >> 1 & 3
    bit_rate, rate, padding = packed >> 4, packed >> 2 & 3, packed >> 1 & 1
    if version not in RATES or not layer or rate == NO_RATE or not 0 < bit_rate < NO_BIT_RATE:
        return nothing
    bits = BIT_RATES[version == VERSION_1, layer][bit_rate] * 1000
    hertz = RATES[version][rate]
    if layer == LAYER_1:
        length = (12 * bits // hertz + padding) * 4
    else:
        samples = 72 if layer == LAYER_3 and version != VERSION_1 else 144
        length = samples * bits // hertz + padding
    return length, (version, layer, rate)


def adts_frame(data: bytes, offset: int) -> tuple[int, tuple[int, int]]:
    """Return the length of the ADTS frame at `offset`, and its profile and rate index."""
    nothing = 0, (0, 0)
    if offset + ADTS_HEADER_BYTES > len(data) or not ADTS_SYNC.match(data, offset):
        return nothing
    packed = int.from_bytes(data[offset + 2 : offset + 6], "big")
    rate, length = packed >> 26 & 0xF, packed >> 5 & 0x1FFF
    return (
        (length, (packed >> 30, rate))
        if rate < ADTS_RATES and length > ADTS_HEADER_BYTES
        else nothing
    )


def _is_stream(data: bytes, offset: int, frame: Frame, *, ends: bool) -> bool:
    length, kind = frame(data, offset)
    for number in range(1, FRAMES):
        if not length:
            return False
        offset += length
        if offset >= len(data) and (ends or number > 1):
            return True  # the rest of the file is this frame, or was not read
        length, next_kind = frame(data, offset)
        if next_kind != kind:
            return False
    return bool(length)
