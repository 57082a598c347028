"""Classifies a table of songs into a CSV table of genres, in chunks of constant memory.

This thread reads and writes; the network, which needs as much time, runs on others meanwhile.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from model import cells, columns, look_ahead, table_files, table_format, table_output
from model.classifier import Classifier, Matrix, as_input
from model.columns import Columns
from model.errors import BadTable
from model.schema import CORE, MINIMUM_CORE, YEAR
from model.table_format import END, MAX_EMPTY_LINES, ROWS_AT_ONCE, Table, endless

CHUNK: Final = 512
"""Number of rows that are classified at once; more take more memory, and no less time."""

CHUNK_SIZE: Final = 1 << 20
"""Number of characters from which on fewer rows are classified at once; bounds the memory."""

GENRE: Final = "genre"
"""Name of the output's column with the most probable genre."""

KEPT_PREFIX: Final = "input."
"""Stands before a kept column's name that is also the name of a column of the output."""

Progress = Callable[[int], object]
"""Callback with the number of bytes of the input, as it is stored, read so far."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was read.

    Attributes:
        rows: Number of rows.
        skipped: Number of those with too few core features.
        missing: Features of the model without a column.
        without_unit: Columns that would be the duration if their names stated the unit.
        with_year: Number of rows whose year was read; None if the model does not take the year or
            the table has no column of it.
    """

    rows: int
    skipped: int
    missing: tuple[str, ...] = ()
    without_unit: tuple[str, ...] = ()
    with_year: int | None = None


@dataclass(frozen=True, slots=True)
class _Songs:
    """Consecutive rows of a table.

    Attributes:
        matrix: float32 [songs, features].
        enough: Which songs have enough core features.
        kept: The cells to copy, if any.
    """

    matrix: Matrix
    enough: npt.NDArray[np.bool_]
    kept: list[list[str]] | None


def predict(
    classifier: Classifier,
    source: Path | BinaryIO,
    target: Path | BinaryIO,
    progress: Progress = lambda _: None,
    *,
    keep: Sequence[str] = (),
) -> Counts:
    """Classify each row of `source` and write the results to `target` in one step.

    Args:
        classifier: The model.
        source: Table with a header, plain or compressed (gzip, bzip2, xz, zip); its cells are
            separated by commas, semicolons, tabs or vertical bars. Columns are matched by feature
            name (see `column_names`), others are ignored. Cells in `cells.MISSING` are missing
            values; 0,5 is a number unless commas separate the cells. Text is UTF-8, UTF-16 with a
            byte order mark, or else Windows-1252.
        target: CSV table to write, in UTF-8: the kept columns, the genre and the probability of
            each genre, the latter empty in rows with too few core features. A file with one of the
            suffixes in `table_output.COMPRESSED` is compressed, and appears when it is complete. A
            stream is written chunk by chunk and left open.
        progress: Called after each chunk.
        keep: Columns to copy, in this order (see `columns.kept`). One that would be taken for a
            column of the output is renamed, `genre` to `input.genre`.

    Returns:
        The number of rows, and what was missing.

    Raises:
        BadTable: `source` is not a valid table, or no row has enough core features; a file
            `target` is not written.
        BadOutput: `target` is a folder, or of a format that is not written.
        OSError: A file cannot be read or written.
    """
    table_output.check(target)
    features = classifier.metadata.features
    with table_files.reading(source) as opened, table_output.writing(target) as out:
        table = table_format.read_table(opened.stream, opened.head)
        found = columns.find(table.header, features)
        copied = columns.kept(table.header, keep)
        results = table_output.Results(out, target, classifier.metadata.genres)
        results.write_header(_titles(table.header, copied, classifier.metadata.genres))
        rows = skipped = with_year = 0
        year = _place_of_year(features, found)
        songs = _songs(table, found, copied, features)
        for song, output in look_ahead.pairs(partial(_classified, classifier), songs):
            results.write(song.kept, song.enough, output)
            rows += len(song.enough)
            skipped += int(np.count_nonzero(~song.enough))
            with_year += 0 if year is None else int(np.isfinite(song.matrix[:, year]).sum())
            progress(opened.position())
        if rows and skipped == rows:
            raise BadTable(f"no row has {MINIMUM_CORE} of the columns {', '.join(CORE)}")
    return Counts(
        rows,
        skipped,
        found.missing,
        found.without_unit,
        with_year=None if year is None else with_year,
    )


def _place_of_year(features: Sequence[str], found: Columns) -> int | None:
    """Return the index of the year among the model's inputs; None if it is not read."""
    if YEAR.name not in features or YEAR.name in found.missing:
        return None
    return features.index(YEAR.name)


def _titles(header: Sequence[str], copied: Sequence[int], genres: Sequence[str]) -> list[str]:
    """Return the output's header; letter case does not tell a kept column from another."""
    own = [GENRE, *genres]
    taken = {title.casefold() for title in own}
    for_input = {header[index].casefold() for index in copied}
    titles = []
    for index in copied:
        title = header[index]
        if title.casefold() in taken:
            title = KEPT_PREFIX + title
            while title.casefold() in taken | for_input:
                title = KEPT_PREFIX + title
        titles.append(title)
    return [*titles, *own]


def _songs(
    table: Table, found: Columns, copied: Sequence[int], features: Sequence[str]
) -> Iterator[_Songs]:
    """Read the rows of a table in chunks; BadTable if one is not valid."""
    done = 0
    for rows in _chunks(table):
        _check_width(rows, found.width, done)
        matrix = _matrix(rows, found, done, decimal_comma=table.separator != ",")
        kept = [[row[index] for index in copied] for row in rows] if copied else None
        yield _Songs(matrix, _enough(matrix, features), kept)
        done += len(rows)


def _chunks(table: Table) -> Iterator[list[list[str]]]:
    done = empty = 0
    while True:
        try:
            lines = _some(table)
        except csv.Error as error:
            raise BadTable(f"after row {done}: {error}") from error
        if not lines:
            return
        chunk = [row for row in lines if row]  # skip empty lines
        if lines[-1] == [END]:
            chunk.pop()
        elif chunk and chunk[-1][-1].endswith(END):
            raise BadTable(f"row {done + len(chunk)} has a quotation mark that is never closed")
        if chunk:
            yield chunk
        done += len(chunk)
        empty = 0 if chunk else empty + len(lines)
        if empty > MAX_EMPTY_LINES:
            raise endless()


def _some(table: Table) -> list[list[str]]:
    """Return the next `CHUNK` rows, or fewer if they are long; none at the end."""
    start = table.progress.size
    lines: list[list[str]] = []
    while len(lines) < CHUNK and table.progress.mark() - start < CHUNK_SIZE:
        few = list(islice(table.rows, ROWS_AT_ONCE))
        lines += few
        if len(few) < ROWS_AT_ONCE:
            break
    return lines


def _check_width(rows: list[list[str]], width: int, before: int) -> None:
    if set(map(len, rows)) != {width}:
        number, row = next((i, row) for i, row in enumerate(rows, 1) if len(row) != width)
        raise BadTable(f"row {before + number} has {len(row)} cells, the header {width}")


def _matrix(rows: list[list[str]], found: Columns, before: int, *, decimal_comma: bool) -> Matrix:
    """Return a chunk as float32 [rows, features]; `before` is the number of rows before it."""
    matrix = np.full((len(rows), len(found.found)), np.nan)
    for place, column in enumerate(found.found):
        if column is not None:
            texts = [row[column.index] for row in rows]
            matrix[:, place] = cells.parse(texts, column, before, decimal_comma=decimal_comma)
    return as_input(matrix)


def _enough(matrix: Matrix, features: Sequence[str]) -> npt.NDArray[np.bool_]:
    core = [index for index, name in enumerate(features) if name in CORE]
    given: npt.NDArray[np.bool_] = (~np.isnan(matrix[:, core])).sum(axis=1) >= MINIMUM_CORE
    return given


def _classified(classifier: Classifier, songs: _Songs) -> Matrix:
    """Return the probabilities of the songs with enough features, float32 [songs, genres]."""
    if not songs.enough.any():
        return np.empty((0, len(classifier.metadata.genres)), dtype=np.float32)
    return classifier.probabilities(songs.matrix[songs.enough])
