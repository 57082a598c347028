"""Exceptions of the training package.

TrainingError
├── TableError       a table is missing, truncated or invalid
│   └── UnknownLabel a table has a label that the taxonomy does not list
├── TooFewRows       a genre has too few rows to train and test on
├── SongNotFound     a held-out song is not in its table
├── FetchError       a table cannot be downloaded, or differs from the expected file
├── ChatLabelError   the labels from the chat cannot be read
├── DeploymentError  a setting of the deployment cannot be used
├── CannotRetrain    the model cannot be retrained
│   └── AnotherRetrains  another process does at the moment
├── CannotWrite      the output folder of a command cannot be written
└── FiguresError     the figures file cannot be read

Every message is one sentence that names the file, and line and column if known.
"""

from pathlib import Path


class TrainingError(Exception):
    """Base class of all exceptions of this package."""


class TableError(TrainingError):
    """A table is missing, truncated or invalid."""

    def __init__(
        self, path: Path, problem: str, *, line: int | None = None, column: str | None = None
    ) -> None:
        """Make the message; `line` is counted from 1 with the header."""
        location = [str(path)]
        location += [] if line is None else [f"line {line}"]
        location += [] if column is None else [f"column {column}"]
        super().__init__(f"{', '.join(location)}: {problem}")


class UnknownLabel(TableError):
    """The taxonomy neither maps nor leaves out a label."""


class TooFewRows(TrainingError):
    """A genre has too few rows to train and test on."""


class SongNotFound(TrainingError):
    """A held-out song is not in its table."""


class FetchError(TrainingError):
    """A table cannot be downloaded, or differs from the one downloaded or published before."""


class ChatLabelError(TrainingError):
    """The labels from the chat cannot be read or are invalid."""


class DeploymentError(TrainingError):
    """A setting of the deployment cannot be used."""


class CannotRetrain(TrainingError):
    """The model cannot be retrained; the active one stays."""


class AnotherRetrains(CannotRetrain):
    """Another process retrains at the moment."""


class CannotWrite(TrainingError):
    """The output folder of a command cannot be written."""


class FiguresError(TrainingError):
    """The figures file cannot be read."""
