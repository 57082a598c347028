"""What can stop a verb of `python -m training` before it has begun its work.

TrainingError
├── TableError       a table is missing, cut short, or holds what its layout does not allow
│   └── UnknownLabel a table files a song under a genre that the taxonomy does not list
├── TooFewRows       a genre has too few rows to train and test on
├── SongNotFound     a song of the famous list does not stand in the table named for it
├── FetchError       a table cannot be downloaded, or is not the one it should be
├── FeedbackError    the chat's corrections cannot be read
├── CannotWrite      the folder for what a verb makes cannot be written
└── NoWinner         the study's figures name no model that can be shipped

Every message is one sentence that names the file, and where they are known the line and the column.
"""

from pathlib import Path


class TrainingError(Exception):
    """Base of everything this package raises on purpose."""


class TableError(TrainingError):
    """A table cannot be used as it is."""

    def __init__(
        self, path: Path, problem: str, *, line: int | None = None, column: str | None = None
    ) -> None:
        """Say where (`line` counts from 1, the header included) and what."""
        where = [str(path)]
        where += [] if line is None else [f"line {line}"]
        where += [] if column is None else [f"column {column}"]
        super().__init__(f"{', '.join(where)}: {problem}")


class UnknownLabel(TableError):
    """A label that the taxonomy neither maps nor leaves out."""


class TooFewRows(TrainingError):
    """A genre cannot be learnt from so few rows."""


class SongNotFound(TrainingError):
    """A famous song is not in its table, so its values cannot be read."""


class FetchError(TrainingError):
    """A table cannot be downloaded, or is not what was downloaded or published before."""


class FeedbackError(TrainingError):
    """The chat's corrections cannot be read, or hold what cannot be."""


class CannotWrite(TrainingError):
    """What a verb makes cannot be written where it was asked to be."""


class NoWinner(TrainingError):
    """The study's figures cannot be read, or their winner cannot be shipped."""
