"""Recognises the format of a file by its content, never by its name."""

from dataclasses import dataclass
from typing import BinaryIO, Final

from model.sound import mp4, mpeg
from model.sound.errors import NotAudio, Problem
from model.sound.format_table import BY_NAME, Library
from model.sound.playlists import refuse_text

HEAD_BYTES: Final = 4096
"""First bytes that are looked at."""

SEARCH_BYTES: Final = 64 << 10
"""Bytes in which frames of MPEG audio are looked for, as files may begin with something else."""

MAX_ID3_TAGS: Final = 4
"""ID3 tags in a row."""


@dataclass(frozen=True, slots=True)
class Format:
    """Format of a file.

    Attributes:
        name: Name in `format_table`, such as `mp3`.
        skip: Bytes before the sound that the library does not skip by itself.
    """

    name: str
    skip: int = 0

    @property
    def library(self) -> Library:
        """What reads it."""
        return BY_NAME[self.name].library


OTHERS: Final = (
    (0, b"MThd", "midi"),
    (8, b"RMID", "midi"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wma"),
    (0, b"MAC ", "ape"),
    (0, b"wvpk", "wavpack"),
    (0, b"MPCK", "musepack"),
    (0, b"MP+", "musepack"),
    (0, b"TTA1", "tta"),
    (0, b"DSD ", "dsd"),
    (0, b"FRM8", "dsd"),
    (0, b".ra\xfd", "realaudio"),
    (0, b".RMF", "realaudio"),
    (0, b"#!AMR", "amr"),
    (0, b"\x0b\x77", "ac3"),
    (0, b"Extended Module: ", "module"),
    (0, b"IMPM", "module"),
    (44, b"SCRM", "module"),
    (1080, b"M.K.", "module"),
    (8, b"AVI ", "avi"),
    (8, b"WEBP", "webp"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gz"),
    (0, b"BZh", "bz2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zst"),
    (257, b"ustar", "tar"),
    (0, b"\x89PNG", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"GIF8", "gif"),
    (0, b"%PDF", "pdf"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ", "program"),
)
"""Offset and first bytes of formats that are not read, and their names."""

OGG_CODECS: Final = (
    (b"\x01vorbis", "ogg"),
    (b"OpusHead", "opus"),
    (b"\x7fFLAC", "flac"),
)
"""First bytes of the first packet of an Ogg stream, and the format's name."""

OGG_PACKET: Final = 28
"""Where the first packet begins, if it has one segment (RFC 3533)."""

W64: Final = bytes.fromhex("726966662e91cf11a5d628db04c10000")
AUDIBLE: Final = b"\x57\x90\x75\x36"
EBML: Final = b"\x1a\x45\xdf\xa3"


def recognise(file: BinaryIO, size: int) -> Format:
    """Return the format of a file of `size` bytes; its position is moved.

    Raises:
        NotAudio: It is empty, protected, a playlist, or of a format that is not read.
    """
    if not size:
        raise NotAudio(Problem.EMPTY)
    head = _at(file, 0)
    tags = 0
    for _ in range(MAX_ID3_TAGS):
        length = mpeg.id3_length(_at(file, tags, mpeg.ID3_HEADER))
        tags += length
        if not length:
            break
    if tags:
        return _behind_tags(file, size, tags)
    found = _by_first_bytes(head) or _container(file, size, head)
    if found:
        return found
    if head.strip(b"\0"):
        refuse_text(head)
    frames = _frames(file, size, 0)
    if not frames:
        raise NotAudio(Problem.NOT_SOUND)
    return frames


def _at(file: BinaryIO, offset: int, length: int = HEAD_BYTES) -> bytes:
    file.seek(offset)
    return file.read(length)


def _by_first_bytes(head: bytes) -> Format | None:
    if head[:4] in {b"RIFF", b"RIFX", b"RF64"} and head[8:12] == b"WAVE":
        return Format("wav")
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return Format("aiff")
    if head.startswith(b"OggS"):
        packet = head[OGG_PACKET:]
        names = [name for first, name in OGG_CODECS if packet.startswith(first)]
        if not names:
            raise NotAudio(Problem.NOT_SOUND, "ogg")
        return Format(names[0])
    for first, name in ((b"fLaC", "flac"), (b"caff", "caf"), (b".snd", "au"), (W64, "w64")):
        if head.startswith(first):
            return Format(name)
    return None


def _container(file: BinaryIO, size: int, head: bytes) -> Format | None:
    if mp4.begins(head):
        return _mp4(file, size, head)
    if head.startswith(EBML):
        return Format("webm" if b"webm" in head[:64] else "mka")
    if head[4:8] == AUDIBLE:
        raise NotAudio(Problem.PROTECTED, "aa")
    for offset, first, name in OTHERS:
        if head.startswith(first, offset):
            raise NotAudio(Problem.NOT_SOUND, name)
    return None


def _mp4(file: BinaryIO, size: int, head: bytes) -> Format:
    brand = mp4.brand(head)
    name = "m4a" if brand[:2] == b"M4" else "mov" if brand == b"qt  " else "mp4"
    if brand in mp4.PROTECTED_BRANDS:
        raise NotAudio(Problem.PROTECTED, "aax")
    codings = mp4.codings(file, size)
    if codings and mp4.PROTECTED.intersection(codings):
        raise NotAudio(Problem.PROTECTED, name)
    if codings is None:
        if brand in mp4.PICTURE_BRANDS:
            raise NotAudio(Problem.NOT_SOUND, "heic")
        raise NotAudio(Problem.DAMAGED, name)
    return Format(name)


def _behind_tags(file: BinaryIO, size: int, tags: int) -> Format:
    """Return the format of what follows ID3 tags, which may precede any format."""
    if tags >= size:
        raise NotAudio(Problem.EMPTY, "mp3")
    head = _at(file, tags)
    found = _by_first_bytes(head)
    if found:
        # libsndfile skips tags before these formats by itself.
        skips = found.name in {"flac", "wav", "aiff"} and not head.startswith(b"OggS")
        return Format(found.name, 0 if skips else tags)
    frames = _frames(file, size, tags)
    if not frames:
        raise NotAudio(Problem.DAMAGED, "mp3")
    return Format(frames.name) if frames.skip == tags else frames


def _frames(file: BinaryIO, size: int, start: int) -> Format | None:
    data = _at(file, start, SEARCH_BYTES)
    found = mpeg.find(data, ends=start + len(data) >= size)
    if not found:
        return None
    name, offset = found
    return Format(name, start + offset)
