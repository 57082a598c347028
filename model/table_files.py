"""Opens tables for reading: files and streams, plain and compressed."""

import bz2
import gzip
import io
import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final, cast

from model.errors import BadTable
from model.table_format import not_a_table

HEAD: Final = 4096
"""Number of bytes by which formats are recognised."""

MAX_LAYERS: Final = 3
"""Number of compressions around a table, one in the other."""

MAX_ARCHIVE: Final = 4 << 30
"""Bytes of a zip archive from a pipe, which is copied to a temporary file."""

TABLE_SUFFIXES: Final = (".csv", ".tsv", ".tab", ".psv")
"""Names by which the table in a zip with other files is found."""

_GZIP: Final = b"\x1f\x8b\x08"
_BZIP2: Final = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")
_XZ: Final = b"\xfd7zXZ\0"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that is being read.

    Attributes:
        stream: The uncompressed bytes.
        head: The first `HEAD` of them, which `stream` yields again.
        position: Returns how many bytes of the input, as it is stored, were read so far.
        stored: The input itself if it is not compressed and can be read in any order, else None.
    """

    stream: BinaryIO
    head: bytes
    position: Callable[[], int]
    stored: BinaryIO | None = None


@contextmanager
def reading(source: Path | BinaryIO) -> Iterator[Opened]:
    """Open a table, uncompressed if its content is gzip, bzip2, xz, or a zip with one table.

    Raises:
        BadTable: There is no such file, it is damaged, or holds no table or several. Errors of
            decompression in the block are converted, too.
        OSError: The file cannot be read.
    """
    with ExitStack() as stack, _damage_is_bad_table():
        raw = stack.enter_context(_open(source)) if isinstance(source, Path) else source
        opened = _opened(raw)
        for _ in range(MAX_LAYERS):
            inner = _uncompressed(opened, stack)
            if inner is None:
                break
            opened = inner
        else:
            if _is_compressed(opened.head):
                raise BadTable(f"the input is compressed more than {MAX_LAYERS} times: unpack it")
        yield opened


def _open(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except FileNotFoundError:
        raise BadTable(f"there is no file {source}") from None
    except IsADirectoryError:
        raise BadTable(f"{source} is a folder, not a table") from None


class _Replay(io.RawIOBase):
    """Yields a stream's first bytes again, then the others; closing it leaves the stream open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._count = 0
        self._left = self.head = self._read(HEAD)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # of RawIOBase's Buffer
        data, self._left = self._left, b""
        data = data or self._read(len(buffer))
        if len(data) > len(buffer):
            data, self._left = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(data)] = data
        self._count += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            if error.errno is not None and error.filename is None:
                error.filename = "the input"  # else it would be taken for the output's
            raise

    def count(self) -> int:
        """Return the number of bytes read."""
        return self._count


def _opened(raw: IO[bytes], position: Callable[[], int] | None = None) -> Opened:
    """Open the bytes of `raw`, the input itself unless its `position` is given."""
    replay = _Replay(raw)
    stream = cast("BinaryIO", io.BufferedReader(replay, buffer_size=1 << 16))
    if position is not None:
        return Opened(stream, replay.head, position)
    stored = cast("BinaryIO", raw) if raw.seekable() else None
    return Opened(stream, replay.head, replay.count, stored)


def _is_compressed(head: bytes) -> bool:
    return head.startswith((_GZIP, _XZ, *_ZIP)) or _BZIP2.match(head) is not None


def _uncompressed(opened: Opened, stack: ExitStack) -> Opened | None:
    """Return the content of a compressed input, None if it is not compressed."""
    head, stream = opened.head, opened.stream
    if not _is_compressed(head):
        return None
    if head.startswith(_ZIP):
        try:
            archive, position = _archive(opened, stack)
            return _opened(stack.enter_context(_only_table(archive)), position)
        except (ValueError, OverflowError, struct.error) as error:  # of zipfile, for wrong numbers
            raise BadTable(f"the zip archive is damaged: {error}") from error
    return _opened(stack.enter_context(_decompressor(head, stream)), opened.position)


def _decompressor(head: bytes, stream: BinaryIO) -> IO[bytes]:
    if head.startswith(_GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb"))
    if head.startswith(_XZ):
        return lzma.LZMAFile(stream, "rb")
    return bz2.BZ2File(stream, "rb")


def _archive(opened: Opened, stack: ExitStack) -> tuple[zipfile.ZipFile, Callable[[], int]]:
    """Open a zip archive, copied to a temporary file if it can only be read from start to end."""
    if (stored := opened.stored) is not None:
        return stack.enter_context(zipfile.ZipFile(stored)), stored.tell
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - `stack` closes it
    while piece := opened.stream.read(1 << 20):
        copy.write(piece)
        if copy.tell() > MAX_ARCHIVE:
            raise BadTable("the zip archive is too large to be read from a pipe: unpack it")
    return stack.enter_context(zipfile.ZipFile(copy)), opened.position


def _only_table(archive: zipfile.ZipFile) -> IO[bytes]:
    """Open the only file of an archive, or the only one that its name says is a table."""
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = {entry.filename for entry in files}
    if "[Content_Types].xml" in names:
        raise not_a_table("an Excel workbook (.xlsx)")
    if "mimetype" in names and "content.xml" in names:
        raise not_a_table("an OpenDocument file (.ods)")
    files = [entry for entry in files if not _is_hidden(entry.filename)]
    tables = [entry for entry in files if _table_name(entry.filename)]
    chosen = tables or files
    if len(files) > 1 and not tables:
        raise BadTable(f"the zip archive holds no table, but {_some(files)}")
    if len(chosen) > 1:
        raise BadTable(f"the zip archive holds {len(chosen)} tables, {_some(chosen)}: unpack one")
    if not chosen:
        raise BadTable("the zip archive holds no file")
    if chosen[0].flag_bits & 1:
        raise BadTable(f"{chosen[0].filename} in the zip archive is encrypted: unpack it")
    return archive.open(chosen[0])


def _is_hidden(name: str) -> bool:
    """Return whether an archive's file is one that macOS adds."""
    path = PurePosixPath(name)
    return path.name.startswith(".") or "__MACOSX" in path.parts


def _table_name(name: str) -> bool:
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]]
    return any(suffix in TABLE_SUFFIXES for suffix in suffixes)


def _some(files: list[zipfile.ZipInfo]) -> str:
    names = ", ".join(entry.filename for entry in files[:3])
    return f"{names} and {len(files) - 3} more" if len(files) > 3 else names  # noqa: PLR2004


@contextmanager
def _damage_is_bad_table() -> Iterator[None]:
    """Convert the errors of decompression to BadTable; an OSError with a number is another's."""
    try:
        yield
    except EOFError:
        raise BadTable("the compressed input ends too early: it is not complete") from None
    except (zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise BadTable(f"the compressed input is damaged: {error}") from error
    except NotImplementedError as error:
        raise BadTable(f"the zip archive cannot be read: {error}") from error
    except OSError as error:
        if error.errno is not None or isinstance(error, io.UnsupportedOperation):
            raise
        raise BadTable(f"the compressed input is damaged: {error}") from error
