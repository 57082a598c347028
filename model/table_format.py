"""Recognises the format of a table: what is no text, the encoding, and the separator."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import BinaryIO, Final

from model.columns import recognised
from model.errors import BadTable

SEPARATORS: Final = (",", ";", "\t", "|")

MAX_LINE: Final = 1 << 20
"""Number of characters in a line from which on the input is no table; bounds the memory."""

ROWS_AT_ONCE: Final = 4
"""Number of rows that are read before their length is looked at."""

MAX_ROW: Final = ROWS_AT_ONCE * MAX_LINE
"""The same for a row, whose cells in quotation marks may have any number of lines. As many rows
together of one line each are never longer.
"""

MAX_COLUMNS: Final = 10_000
"""Number of columns from which on the input is no table of songs; bounds time and memory."""

MAX_EMPTY_LINES: Final = 1_000_000
"""Number of empty lines in succession from which on the input is no table, but has no end."""

END: Final = "\0end of table\0"
"""The only cell of the row that `Table.rows` ends with; part of a cell after an open quote."""

_EXPORT: Final = "save it as CSV and give that file"
_UNPACK: Final = "unpack it and give the table in it"
_OTHER: Final = "a table in CSV is needed"

_SIGNATURES: Final = (
    (b"PAR1\x15", "a Parquet file", _EXPORT),
    (b"ARROW1\0", "an Arrow (Feather) file", _EXPORT),
    (b"SQLite format 3\0", "an SQLite database", _EXPORT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", _EXPORT),
    (b"\x89HDF", "an HDF5 file", _EXPORT),
    (b"\x93NUMPY", "a NumPy array", _EXPORT),
    (b"RDX2\n", "an R workspace", _EXPORT),
    (b"RDX3\n", "an R workspace", _EXPORT),
    (b"X\n\0\0\0", "an R object", _EXPORT),
    (b"\x80\x03", "a Python pickle", _EXPORT),
    (b"\x80\x04", "a Python pickle", _EXPORT),
    (b"\x80\x05", "a Python pickle", _EXPORT),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a", "a RAR archive", _UNPACK),
    (b"\x89PNG", "a PNG picture", _OTHER),
    (b"\xff\xd8\xff", "a JPEG picture", _OTHER),
    (b"GIF87a", "a GIF picture", _OTHER),
    (b"GIF89a", "a GIF picture", _OTHER),
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"ID3\x03", "an MP3 recording", _OTHER),
    (b"ID3\x04", "an MP3 recording", _OTHER),
    (b"OggS\0", "an Ogg recording", _OTHER),
    (b"fLaC\0", "a FLAC recording", _OTHER),
)
"""First bytes of files that are given by mistake, what they are, and what to do."""

_TAR: Final = slice(257, 262)
_JSON: Final = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_EXCEL_HINT: Final = re.compile(r"\"?sep=([,;|:^~#\t])\"?\s*")

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read.

    Attributes:
        header: Names of the columns, without spaces around them.
        separator: What stands between the cells.
        rows: The rows below the header, empty lines as [], then [END].
        progress: How much was read; `mark` is called before rows are asked for.
    """

    header: list[str]
    separator: str
    rows: Iterator[list[str]]
    progress: "Progress"


def read_table(stream: BinaryIO, head: bytes) -> Table:
    """Read the header of a table.

    Args:
        stream: The uncompressed table.
        head: Its first bytes, which `stream` yields again.

    Raises:
        BadTable: It is not text, or has no header.
    """
    encoding = _encoding(head)
    text = io.TextIOWrapper(stream, encoding, errors=_FALLBACK, newline="")
    progress = Progress()
    return _split(_lines(text, progress), progress)


def _encoding(head: bytes) -> str:
    """Return the encoding of a text that begins with `head`; BadTable if it is none."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if (known := _known_format(head)) is not None:
        raise not_a_table(*known)
    if b"\0" not in head:
        return "utf-8-sig"
    start = head[:64]
    if not any(start[1::2]) and all(start[::2]):
        return "utf-16-le"
    if not any(start[::2]) and all(start[1::2]):
        return "utf-16-be"
    raise not_a_table("a binary file", _EXPORT)


def _known_format(head: bytes) -> tuple[str, str] | None:
    """Return what begins with `head` if it is no table, and what to do."""
    for signature, kind, advice in _SIGNATURES:
        if head.startswith(signature):
            return kind, advice
    if head[_TAR] == b"ustar":
        return "a tar archive", _UNPACK
    if _JSON.match(head):
        return "JSON", _EXPORT
    if _MARKUP.match(head):
        return "a web page or XML", _EXPORT
    return None


def not_a_table(kind: str, advice: str = _EXPORT) -> BadTable:
    """Return the error for an input that is `kind` instead of a table."""
    return BadTable(f"the input looks like {kind}, not like a table in CSV: {advice}")


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Decode what is not UTF-8 as Windows-1252, as an error handler of `codecs`."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if not error.encoding.startswith("utf-8"):
        return "\N{REPLACEMENT CHARACTER}", error.end
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:  # one of five bytes without a character
        return wrong.decode("latin-1"), error.end


_FALLBACK: Final = "soundslike-windows-1252"
codecs.register_error(_FALLBACK, _windows_1252)


class Progress:
    """How much of a table was read.

    Attributes:
        size: Number of characters.
        rows_end: `size` when rows were last asked for.
    """

    def __init__(self) -> None:
        self.size = 0
        self.rows_end = 0

    def mark(self) -> int:
        """Note that all rows so far were read; return `size`."""
        self.rows_end = self.size
        return self.size


def _lines(text: io.TextIOWrapper, progress: Progress) -> Iterator[str]:
    """Yield the lines; BadTable for a line or row that is too long."""
    for line in iter(partial(text.readline, MAX_LINE), ""):
        length = len(line)
        if length == MAX_LINE:
            raise BadTable(f"a line is longer than {MAX_LINE:,} characters: this is no table")
        progress.size += length
        if progress.size - progress.rows_end > MAX_ROW:
            raise BadTable(
                f"a row is longer than {MAX_ROW:,} characters: a quotation mark is not closed, or "
                "this is no table"
            )
        yield line


def endless() -> BadTable:
    """Return the error for empty lines without end."""
    return BadTable(f"more than {MAX_EMPTY_LINES:,} lines in succession are empty: no table")


def _first(lines: Iterator[str], progress: Progress) -> str | None:
    """Return the first line that is not empty, None if there is none."""
    for number, line in enumerate(lines):
        if line.strip():
            return line
        progress.mark()
        if number > MAX_EMPTY_LINES:
            raise endless()
    return None


def _split(lines: Iterator[str], progress: Progress) -> Table:
    """Read the header with each separator; the one with which most features are found is used."""
    first = _first(lines, progress)
    if first is None:
        raise BadTable("the table is empty: it has no header")
    separators: tuple[str, ...] = SEPARATORS
    if hint := _EXCEL_HINT.fullmatch(first):
        separators, first = (hint[1],), next(lines, "")
    pending = [first]
    best, separator, failure = (-1, 0), "", ""
    for candidate in separators:
        try:
            header = next(csv.reader(_growing(pending, lines), delimiter=candidate))
        except csv.Error as error:
            failure = str(error)
            continue
        if len(header) > MAX_COLUMNS:
            raise BadTable(
                f"the header has {len(header):,} columns; at most {MAX_COLUMNS:,} are read"
            )
        if (score := (recognised(_stripped(header)), len(header))) > best:
            best, separator = score, candidate
    if not separator:
        raise BadTable(f"the header cannot be read: {failure}")
    rows = csv.reader(chain(pending, lines, [END]), delimiter=separator)
    return Table(_stripped(next(rows)), separator, rows, progress)


def _growing(pending: list[str], lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines in `pending`, then `lines`, which are added to `pending`."""
    yield from pending
    for line in lines:
        pending.append(line)
        yield line


def _stripped(header: list[str]) -> list[str]:
    return [title.strip() for title in header]
