"""Opens the table that is written: a file that appears when it is complete, or a stream."""

import bz2
import csv
import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, Protocol, cast

from model.errors import BadOutput

UNKNOWN: Final = frozenset(
    {
        *(".xlsx", ".xls", ".ods", ".parquet", ".feather", ".arrow", ".json", ".pkl", ".pickle"),
        *(".zst", ".7z", ".rar", ".tar", ".tgz", ".db", ".sqlite"),
    }
)
"""Suffixes of formats that are not written."""

TABBED: Final = frozenset({".tsv", ".tab"})
"""Suffixes of tables whose cells are separated by tabs."""

COMPRESSED: Final = frozenset({".gz", ".bz2", ".xz", ".zip"})
"""Suffixes of compressed output."""


WriteRows = Callable[[Iterable[Sequence[str]]], object]
"""Function that writes rows of cells."""


class Writer(Protocol):
    """What `csv.writer` writes to."""

    def write(self, text: str, /) -> object:
        """Write a row."""


def check(target: Path | BinaryIO) -> None:
    """Raise BadOutput if `target` is a folder, or of a format that is not written."""
    if not isinstance(target, Path):
        return
    if target.is_dir():
        raise BadOutput(f"{target} is a folder: name a file to write")
    if (suffix := _suffix(target)) in UNKNOWN:
        raise BadOutput(f"{target}: {suffix} files are not written, only CSV")


def row_writer(out: Writer, target: Path | BinaryIO, *, texts: bool) -> WriteRows:
    """Return a function that writes rows to `target`, opened as `out`.

    `texts` says whether there are other cells than genres and numbers.

    A file whose suffix is in `TABBED` has tabs between the cells, others commas.
    """
    separator = "\t" if _suffix(target) in TABBED else ","
    if texts:
        return csv.writer(_LineFeeds(out), delimiter=separator, lineterminator="\r\n").writerows
    return csv.writer(out, delimiter=separator, lineterminator="\n").writerows


def _suffix(target: Path | BinaryIO) -> str:
    """Return the suffix of a file before that of the compression."""
    if not isinstance(target, Path):
        return ""
    suffix = target.suffix.lower()
    return target.with_suffix("").suffix.lower() if suffix in COMPRESSED else suffix


@contextmanager
def writing(target: Path | BinaryIO) -> Iterator[Writer]:
    """Open a temporary file that replaces `target` if the block succeeds, else is deleted.

    A pipe, device or stream is written directly. A file is compressed as its suffix says.

    Raises:
        OSError: `target` cannot be written; the error names it, not the temporary file.
    """
    if not isinstance(target, Path):
        yield _Encoder(target)
        target.flush()
        return
    if target.exists() and not target.is_file():
        with (
            _errors_name(target, target),
            target.open("wb") as raw,
            _compressed(raw, target) as file,
        ):
            yield file
        return
    resolved = target.resolve()
    scratch = resolved.with_name(f".{resolved.name}-{os.getpid()}")
    try:
        with (
            _errors_name(resolved, scratch),
            scratch.open("xb") as raw,
            _compressed(raw, target) as file,
        ):
            yield file
        with _errors_name(resolved, scratch):
            scratch.replace(resolved)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


class _LineFeeds:
    """Ends rows with LF that `csv.writer` ends with CRLF.

    Before Python 3.13 `csv.writer` quotes a cell for a CR in it only if the CR is in the rows' end.
    """

    def __init__(self, out: Writer) -> None:
        self._out = out

    def write(self, text: str) -> object:
        return self._out.write(f"{text[:-2]}\n")


class _Encoder:
    """Writes text to a stream that is not closed afterwards."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode())


@contextmanager
def _compressed(raw: IO[bytes], target: Path) -> Iterator[Writer]:
    """Open `raw` for text, which is compressed as the suffix of `target` says."""
    with ExitStack() as stack:
        file = raw
        match target.suffix.lower():
            case ".gz":  # without name and time, so that equal tables make equal files
                packed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0, compresslevel=6)
                file = stack.enter_context(cast("IO[bytes]", packed))
            case ".bz2":
                file = stack.enter_context(bz2.BZ2File(raw, "wb"))
            case ".xz":
                file = stack.enter_context(lzma.LZMAFile(raw, "wb", preset=2))
            case ".zip":
                archive = stack.enter_context(zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED))
                name = target.stem if Path(target.stem).suffix else f"{target.stem}.csv"
                file = stack.enter_context(archive.open(name, "w", force_zip64=True))
        yield stack.enter_context(io.TextIOWrapper(file, encoding="utf-8", newline=""))


@contextmanager
def _errors_name(target: Path, scratch: Path) -> Iterator[None]:
    """Name `target` in OSErrors that name the temporary file or none."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename not in {None, str(scratch)}:  # the input's
            raise
        raise OSError(error.errno, error.strerror, str(target)) from error
