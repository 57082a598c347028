"""The two classification tasks: genres, inputs, and what counts as the true genre of a song."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from model.genres import STUDY, WIDE
from model.schema import CORE, INPUT_NAMES
from training import tables
from training.errors import TooFewRows
from training.split import Side

MIN_TRAIN_ROWS: Final = 25
MIN_TEST_ROWS: Final = 5
MIN_GENRES: Final = 2


@dataclass(frozen=True, slots=True)
class Task:
    """A classification task: the genres to predict, and the features to predict them from.

    The readings of `tables` are used as labels where no artist's genre is known. With `by_artist`
    the true genre of a song is what independent sources say of its artist, if they are read; else
    it is its table's reading.
    """

    name: str
    genres: tuple[str, ...]
    features: tuple[str, ...]
    tables: tuple[str, ...]
    by_artist: bool

    def labelled(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """Return for each row whether its table reads it as one of the genres."""
        return rows["table"].isin(self.tables) & rows["genre"].isin(self.genres)

    def readings(self, rows: pd.DataFrame) -> "pd.Series[str]":
        """Return the genre that the task's tables or the chat read in each row, "" for others."""
        voted = (rows["table"] == tables.FEEDBACK) & rows["genre"].isin(self.genres)
        return rows["genre"].where(self.labelled(rows) | voted, "")

    def uses_artists(self, rows: pd.DataFrame) -> bool:
        """Return whether the true genres in this dataset are those of the artists."""
        return self.by_artist and bool((rows["artist_genre"] != "").any())

    def truth(self, rows: pd.DataFrame) -> "pd.Series[str]":
        """Return the true genre of each row of a whole dataset, "" where it is not known."""
        if self.uses_artists(rows):
            return rows["artist_genre"].where(rows["artist_genre"].isin(self.genres), "")
        return rows["genre"].where(self.labelled(rows), "")

    def narrowed(self, rows: pd.DataFrame, *, strict: bool) -> "Task":
        """Return the task without inputs that `rows` lack and genres that have too few rows.

        Raises TooFewRows if fewer than two genres remain, or if `strict` and any is left out.
        """
        truth = self.truth(rows)
        counts = {
            genre: [int(((truth == genre) & (rows["side"] == side)).sum()) for side in _SIDES]
            for genre in self.genres
        }
        rare = [
            genre
            for genre, (train, test) in counts.items()
            if train < MIN_TRAIN_ROWS or test < MIN_TEST_ROWS
        ]
        genres = tuple(genre for genre in self.genres if genre not in rare)
        if len(genres) < MIN_GENRES or (strict and rare):
            few = ", ".join(f"{genre} ({counts[genre][0]}, {counts[genre][1]})" for genre in rare)
            labels_in = "; ".join(
                f"{one.labels_in}, column {one.label_column}"
                for one in tables.TABLES
                if one.name in self.tables and (rows["table"] == one.name).any()
            )
            raise TooFewRows(
                f"model {self.name} has too few rows to train and to test on: {few}; at least "
                f"{MIN_TRAIN_ROWS} and {MIN_TEST_ROWS} of each genre are needed, as labelled in "
                f"{labels_in or 'no available table'}"
            )
        features = tuple(name for name in self.features if rows[name].notna().any())
        return Task(self.name, genres, features, self.tables, self.by_artist)


_SIDES: Final = (Side.TRAIN, Side.TEST)


def narrowed_all(tasks: Sequence[Task], rows: pd.DataFrame) -> tuple[list[Task], list[str]]:
    """Return the tasks narrowed to `rows`, and a message for each task that lost genres.

    Raises TooFewRows if the rows are of all tables and a task would lose genres.
    """
    strict = set(rows["table"]) >= set(tables.NAMES)
    narrow = [task.narrowed(rows, strict=strict) for task in tasks]
    messages = []
    for task, less in zip(tasks, narrow, strict=True):
        if few := [genre for genre in task.genres if genre not in less.genres]:
            messages.append(f"{task.name}: too few rows of {', '.join(few)}: left out")
    return narrow, messages


TASKS: Final = (
    Task("wide", WIDE, INPUT_NAMES, tables.NAMES, by_artist=True),
    Task("study", STUDY, CORE, ("fma", "billboard"), by_artist=False),
)
