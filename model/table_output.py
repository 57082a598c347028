"""Opens the table that is written: a file that appears when it is complete, or a stream."""

import bz2
import csv
import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, Protocol, cast

import numpy as np
import numpy.typing as npt

from model.decimal_text import rows_of_text
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


class Writer(Protocol):
    """What a table is written to."""

    def write(self, text: str, /) -> object:
        """Write rows."""


def check(target: Path | BinaryIO) -> None:
    """Raise BadOutput if `target` is a folder, or of a format that is not written."""
    if not isinstance(target, Path):
        return
    if target.is_dir():
        raise BadOutput(f"{target} is a folder: name a file to write")
    if (suffix := _suffix(target)) in UNKNOWN:
        raise BadOutput(f"{target}: {suffix} files are not written, only CSV")


class Results:
    """Writes a table of results: kept cells, the genre, and the genres' probabilities."""

    def __init__(self, out: Writer, target: Path | BinaryIO, genres: Sequence[str]) -> None:
        """Write to `target`, opened as `out`.

        A file whose suffix is in `TABBED` has tabs between the cells, others commas.
        """
        self._out = out
        self._separator = "\t" if _suffix(target) in TABBED else ","
        self._genres = [*genres, ""]
        self._names = csv_lines(([name] for name in genres), self._separator)
        self._names.append("")
        self._empty = self._separator * (len(genres) - 1)

    def write_header(self, titles: Sequence[str]) -> None:
        """Write the names of all columns."""
        (line,) = csv_lines([titles], self._separator)
        self._out.write(f"{line}\n")

    def write(
        self,
        kept: Sequence[Sequence[str]] | None,
        enough: npt.NDArray[np.bool_],
        probabilities: npt.NDArray[np.float32],
    ) -> None:
        """Write the results of some songs.

        Args:
            kept: The kept cells of each song; None if no column is kept.
            enough: Which songs were classified; the others' results are empty.
            probabilities: float32 [classified songs, genres].
        """
        best = np.full(len(enough), len(self._names) - 1)
        best[enough] = probabilities.argmax(axis=1)
        numbers = rows_of_text(probabilities, self._separator)
        if len(numbers) < len(enough):
            given = iter(numbers)
            numbers = [next(given) if is_enough else self._empty for is_enough in enough.tolist()]
        if kept is None:
            fronts = [self._names[index] for index in best.tolist()]
        else:
            genres = [self._genres[index] for index in best.tolist()]
            rows = ([*row, genre] for row, genre in zip(kept, genres, strict=True))
            fronts = csv_lines(rows, self._separator)
        separator = self._separator
        self._out.write(
            "".join([f"{x}{separator}{y}\n" for x, y in zip(fronts, numbers, strict=True)])
        )


def csv_lines(rows: Iterable[Sequence[str]], separator: str = ",") -> list[str]:
    """Return rows of cells as CSV, without line ends."""
    lines = _Lines()
    # Before Python 3.13 a cell is quoted for a CR in it only if the CR is in the rows' end.
    csv.writer(lines, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return [line[:-2] for line in lines]


class _Lines(list[str]):
    """Collects what `csv.writer` writes, one text for each row."""

    write = list[str].append


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
