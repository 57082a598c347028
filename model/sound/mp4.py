"""Boxes of MP4 and QuickTime files (ISO/IEC 14496-12): which codings the tracks have."""

from collections.abc import Iterator
from typing import BinaryIO, Final

MAX_BOXES: Final = 10_000
"""Boxes that are looked at; a file in fragments has a few for each second."""

BOX_HEADER: Final = 8
LONG_BOX_HEADER: Final = 16
SAMPLE_DESCRIPTIONS_HEADER: Final = 8

FIRST_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""Types of the box that a file may begin with."""

TO_CODINGS: Final = (b"trak", b"mdia", b"minf", b"stbl", b"stsd")
"""Where `moov` has the codings of its tracks."""

PROTECTED: Final = frozenset({b"drms", b"drmi", b"enca", b"encv", b"enct", b"aavd"})
"""Codings of encrypted tracks: of FairPlay, Common Encryption (ISO/IEC 23001-7), Audible."""

PROTECTED_BRANDS: Final = frozenset({b"aax ", b"aaxc"})
PICTURE_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"})


def begins(head: bytes) -> bool:
    """Return whether a file with these first bytes is MP4 or QuickTime."""
    return head[4:BOX_HEADER] in FIRST_BOXES


def brand(head: bytes) -> bytes:
    """Return the major brand, as in `M4A `; empty without."""
    return head[BOX_HEADER:12] if head[4:BOX_HEADER] == b"ftyp" else b""


def codings(file: BinaryIO, size: int) -> list[bytes] | None:
    """Return the coding of each track of a file; None without `moov`, as in a truncated file."""
    boxes = _Boxes(file)
    for kind, start, end in boxes.between(0, size):
        if kind == b"moov":
            return list(boxes.codings(start, end))
    return None


class _Boxes:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MAX_BOXES

    def between(self, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """Yield the type of each box, and where its content begins and ends."""
        while start + BOX_HEADER <= end and self._left:
            self._left -= 1
            self._file.seek(start)
            head = self._file.read(LONG_BOX_HEADER)
            length, content = int.from_bytes(head[:4], "big"), start + BOX_HEADER
            if length == 1:
                length, content = int.from_bytes(head[8:], "big"), start + LONG_BOX_HEADER
            box_end = min(start + length, end) if length else end
            if len(head) < BOX_HEADER or content > box_end:
                return
            yield head[4:BOX_HEADER], content, box_end
            start = box_end

    def codings(self, start: int, end: int, depth: int = 0) -> Iterator[bytes]:
        """Yield the codings of the tracks in `moov`, or in a box on the way to them."""
        for kind, inner, inner_end in self.between(start, end):
            if kind != TO_CODINGS[depth]:
                continue
            if depth + 1 < len(TO_CODINGS):
                yield from self.codings(inner, inner_end, depth + 1)
                continue
            for coding, _, _ in self.between(inner + SAMPLE_DESCRIPTIONS_HEADER, inner_end):
                yield coding
