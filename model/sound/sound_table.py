"""The table of the sound files of a folder: written row by row, and continued later."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from model import table_output
from model.errors import BadOutput
from model.genres import WIDE
from model.sound.heard import Heard
from model.sound.tag_words import worth_saying
from model.table_output import csv_lines

COLUMNS: Final = (
    "file",
    "genre",
    *WIDE,
    "verdict",
    "heard",
    "seconds",
    "duration",
    "tempo",
    "other_tempo",
    "loudness",
    "key",
    "error",
    "reason",
)
"""Columns of the table.

`heard` has the words of the bot's card; empty for what is no music. `seconds` is the length of what
was heard, as in `ask --json`, and `duration` that of the whole file.
"""

Row = Mapping[str, str]
"""The cells of a row that are not empty, by column."""


def heard_row(heard: Heard) -> dict[str, str]:
    """Return the cells of a sound that was listened to, without its name."""
    numbers = {
        "tempo": heard.tempo,
        "other_tempo": heard.other_tempo,
        "loudness": heard.loudness,
    }
    return {
        "genre": heard.best if heard.genres else "",
        **{genre: f"{share:.4f}" for genre, share in heard.genres.items()},
        "verdict": heard.verdict.value if heard.genres else "",
        "heard": worth_saying(heard.tags).text if heard.is_music else "",
        "seconds": f"{heard.seconds:.1f}",
        "duration": f"{heard.duration:.1f}",
        **{name: f"{value:.1f}" for name, value in numbers.items() if value is not None},
        "key": heard.key or "",
        "error": "not_music" if heard.no_music else "",
        "reason": heard.no_music.value if heard.no_music else "",
    }


class SoundTable:
    """A CSV file that is complete after each row.

    A last row that an ended process left incomplete is removed when the table is opened.

    Args:
        target: The file. It may exist, if it is such a table.
        again: Whether the rows that it has are thrown away.

    Attributes:
        done: The cells `file` of the rows in it.

    Raises:
        BadOutput: The file is something else than such a table, or of a format that is not written.
        OSError: It cannot be read or written.
    """

    def __init__(self, target: Path, *, again: bool = False) -> None:
        _check(target)
        self._target = target
        (header,) = csv_lines([COLUMNS])
        head = f"{header}\n".encode()
        with target.open("a+b") as file:
            file.seek(0)
            content = file.read()
            if not content.startswith(head) and not head.startswith(content):
                raise BadOutput(f"{target} is another file: name a new one, or one of `listen`")
            rows = b"" if again else content[len(head) : _whole(content)]
            file.truncate(len(head) + len(rows) if content.startswith(head) else 0)
            if not content.startswith(head):
                file.write(head)
        text = io.StringIO(rows.decode("utf-8", "replace"), newline="")
        self.done: set[str] = {cells[0] for cells in csv.reader(text) if cells}
        self._file = target.open("ab", buffering=0)

    def __enter__(self) -> Self:
        """Return the table, which is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def add(self, name: str, row: Row) -> None:
        """Write the row of a file; raise OSError, with the table's name, if that fails."""
        cells = {**row, "file": name}
        (line,) = csv_lines([[cells.get(column, "") for column in COLUMNS]])
        rest = memoryview(f"{line}\n".encode())
        try:
            while rest:  # a write may be short, as when the disk gets full
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._target)) from error
        self.done.add(name)


def cell_of(path: Path) -> str:
    """Return how a path is written in the table: with `/`, bytes that are no UTF-8 escaped."""
    return path.as_posix().encode("utf-8", "backslashreplace").decode()


def _check(target: Path) -> None:
    table_output.check(target)
    if target.suffix.lower() in table_output.COMPRESSED | table_output.TABBED:
        raise BadOutput(f"{target}: this table is written as plain CSV, with commas")
    if target.exists() and not target.is_file():
        raise BadOutput(f"{target} is no file: rows are added to it, and read again")


def _whole(content: bytes) -> int:
    """Return the length of the rows that are complete: to the last line end outside of quotes."""
    end = content.rfind(b"\n")
    while end >= 0 and content.count(b'"', 0, end) % 2:
        end = content.rfind(b"\n", 0, end)
    return end + 1
