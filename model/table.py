"""Classifies a CSV table of songs into a CSV table of genres, in chunks of constant memory."""

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

import numpy as np
import numpy.typing as npt

from model.classifier import Classifier, Matrix, as_input
from model.errors import BadValue, FeatureError
from model.schema import BY_NAME, CORE, MINIMUM_CORE, Feature, is_plain, read

CHUNK: Final = 1024
"""Number of rows that are classified at once."""

Progress = Callable[[int], object]
"""Callback with the number of characters of the input read so far."""


class BadTable(FeatureError):
    """The input is not a valid table of songs; the message names row and column if known."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of rows that were read, and of those with too few core features."""

    rows: int
    skipped: int


def predict(classifier: Classifier, source: Path, target: Path, progress: Progress) -> Counts:
    """Classify each row of `source` and write the results to `target` in one step.

    Args:
        classifier: The model.
        source: CSV file with a header. Columns are matched by feature name, others are ignored;
            an empty cell is a missing value.
        target: CSV file to write: the genre and the probability of each genre, empty in rows with
            too few core features.
        progress: Called after each chunk.

    Returns:
        The number of rows.

    Raises:
        BadTable: `source` is not a valid table; `target` is not written.
        OSError: A file cannot be read or written.
    """
    with (
        source.open("rb") as raw,
        io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as lines,
        _replacing(target) as out,
    ):
        read_so_far = _Counter()
        reader = csv.reader(read_so_far.through(lines))
        columns = _columns(reader, classifier.metadata.features)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["genre", *classifier.metadata.genres])
        rows = skipped = 0
        for chunk in _chunks(reader):
            matrix = _matrix(chunk, columns, rows)
            enough = _enough(matrix, classifier.metadata.features)
            writer.writerows(_classified(classifier, matrix, enough))
            rows += len(chunk)
            skipped += int(np.count_nonzero(~enough))
            progress(read_so_far.characters)
    return Counts(rows, skipped)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Index of each model input in a row of `width` cells; None for a missing column."""

    indices: tuple[tuple[Feature, int | None], ...]
    width: int


def _columns(reader: Iterator[list[str]], features: Sequence[str]) -> _Columns:
    try:
        header = [cell.strip() for cell in next(row for row in reader if row)]
    except StopIteration:
        raise BadTable("the table is empty: it has no header") from None
    except csv.Error as error:
        raise BadTable(f"the header cannot be read: {error}") from error
    for name in features:
        if header.count(name) > 1:
            raise BadTable(f"the header has the column {name} twice")
    indices = tuple(
        (BY_NAME[name], header.index(name) if name in header else None) for name in features
    )
    return _Columns(indices, len(header))


def _chunks(reader: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    done = 0
    while True:
        try:
            lines = list(islice(reader, CHUNK))
        except csv.Error as error:
            raise BadTable(f"after row {done}: {error}") from error
        if not lines:
            return
        chunk = [row for row in lines if row]  # skip empty lines
        if chunk:
            yield chunk
        done += len(chunk)


def _matrix(rows: list[list[str]], columns: _Columns, before: int) -> Matrix:
    """Return a chunk as float32 [rows, features]; `before` is the number of rows before it."""
    for number, row in enumerate(rows, start=before + 1):
        if len(row) != columns.width:
            raise BadTable(f"row {number} has {len(row)} cells, the header {columns.width}")
    matrix = np.full((len(rows), len(columns.indices)), np.nan)
    for column, (feature, index) in enumerate(columns.indices):
        if index is not None:
            matrix[:, column] = _column([row[index] for row in rows], feature, before)
    return as_input(matrix)


def _column(cells: list[str], feature: Feature, before: int) -> npt.NDArray[np.float64]:
    """Parse a column; cell by cell only if an invalid cell must be found, for speed."""
    try:
        values = np.array([cell or "nan" for cell in cells], dtype=np.float64)
    except ValueError:
        return _parse_cells(cells, feature, before)
    if not is_plain("".join(cells)):
        return _parse_cells(cells, feature, before)
    given = np.array([bool(cell) for cell in cells])
    fine = np.isfinite(values) & (values >= feature.low) & (values <= feature.high)
    if feature.whole:
        fine &= values == np.round(values)
    if feature.absent_at_or_below is not None:
        fine &= values > feature.absent_at_or_below
    return values if np.array_equal(fine, given) else _parse_cells(cells, feature, before)


def _parse_cells(cells: list[str], feature: Feature, before: int) -> npt.NDArray[np.float64]:
    values = np.full(len(cells), np.nan)
    for index, cell in enumerate(cells):
        try:
            value = read(feature.name, cell.strip() or None)
        except BadValue as error:
            where = f"row {before + index + 1}, column {feature.name}"
            raise BadTable(f"{where}: {cell!r} is not {error.expected}") from None
        values[index] = math.nan if value is None else value
    return values


def _enough(matrix: Matrix, features: Sequence[str]) -> npt.NDArray[np.bool_]:
    core = [index for index, name in enumerate(features) if name in CORE]
    given: npt.NDArray[np.bool_] = (~np.isnan(matrix[:, core])).sum(axis=1) >= MINIMUM_CORE
    return given


def _classified(
    classifier: Classifier, matrix: Matrix, enough: npt.NDArray[np.bool_]
) -> Iterator[list[str]]:
    genres = classifier.metadata.genres
    empty = [""] * (len(genres) + 1)
    output = classifier.probabilities(matrix[enough]) if enough.any() else matrix[:0]
    rows = iter(output)
    for is_enough in enough.tolist():
        if is_enough:
            row = next(rows)
            yield [genres[int(row.argmax())], *(f"{p:.8g}" for p in row.tolist())]
        else:
            yield empty


class _Counter:
    """Counts the characters of the lines that are read through it."""

    def __init__(self) -> None:
        self.characters = 0

    def through(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield `lines` and count their characters."""
        for line in lines:
            self.characters += len(line)
            yield line


@contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    """Open a temporary file that replaces `target` if the block succeeds, else is deleted.

    A pipe or device is opened directly.
    """
    target = target.resolve()
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    scratch = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        with _errors_name(target), scratch.open("x", encoding="utf-8", newline="") as file:
            yield file
        with _errors_name(target):
            scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


@contextmanager
def _errors_name(target: Path) -> Iterator[None]:
    """Replace the temporary file's name in OSErrors by `target`."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
