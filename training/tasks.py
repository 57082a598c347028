"""The two models: what each is asked, and which tables' genres count as the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from model.genres import STUDY, WIDE
from model.schema import CORE, NAMES
from training import tables
from training.errors import TooFewRows
from training.split import Side

FEWEST_TRAIN: Final = 25
FEWEST_TEST: Final = 5
FEWEST_GENRES: Final = 2


@dataclass(frozen=True, slots=True)
class Task:
    """A model's name, genres and features, and the tables whose genres it learns and is tested on.

    Rows of the other tables still help a network to learn what features mean.
    """

    name: str
    genres: tuple[str, ...]
    features: tuple[str, ...]
    tables: tuple[str, ...]

    def labelled(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """Tell which rows have one of the task's genres, by one of its tables or by the chat."""
        counts = rows["table"].isin((*self.tables, tables.FEEDBACK))
        return counts & rows["genre"].isin(self.genres)

    def narrowed(self, rows: pd.DataFrame, *, strict: bool) -> "Task":
        """Return the task with the features and genres that `rows` can teach.

        A genre with too few rows to train and test on is left out, or raises TooFewRows when
        `strict`; so does, always, a task of which fewer than two genres are left.
        """
        labelled = rows[self.labelled(rows)]
        sides = [
            labelled.loc[labelled["side"] == side, "genre"] for side in (Side.TRAIN, Side.TEST)
        ]
        counts = {genre: [int((side == genre).sum()) for side in sides] for genre in self.genres}
        rare = [
            genre
            for genre, (train, test) in counts.items()
            if train < FEWEST_TRAIN or test < FEWEST_TEST
        ]
        genres = tuple(genre for genre in self.genres if genre not in rare)
        if len(genres) < FEWEST_GENRES or (strict and rare):
            few = ", ".join(f"{genre} ({counts[genre][0]}, {counts[genre][1]})" for genre in rare)
            places = "; ".join(
                f"{one.labels_in}, column {one.label_column}"
                for one in tables.TABLES
                if one.name in self.tables and (rows["table"] == one.name).any()
            )
            raise TooFewRows(
                f"model {self.name} has too few rows to train and to test on: {few}; at least "
                f"{FEWEST_TRAIN} and {FEWEST_TEST} of each genre are needed, as filed in "
                f"{places or 'no table that is there'}"
            )
        features = tuple(name for name in self.features if rows[name].notna().any())
        return Task(self.name, genres, features, self.tables)


def narrowed_all(tasks: Sequence[Task], rows: pd.DataFrame) -> tuple[list[Task], list[str]]:
    """Return the tasks narrowed to `rows`, and a sentence for each that lost genres by that.

    None may lose any where the rows are of all tables: raises TooFewRows.
    """
    strict = set(rows["table"]) >= set(tables.NAMES)
    narrow = [task.narrowed(rows, strict=strict) for task in tasks]
    lost = [
        (task, [genre for genre in task.genres if genre not in less.genres])
        for task, less in zip(tasks, narrow, strict=True)
    ]
    told = [f"{one.name}: too few rows of {', '.join(few)}: left out" for one, few in lost if few]
    return narrow, told


TASKS: Final = (
    Task("wide", WIDE, NAMES, tables.NAMES),
    Task("study", STUDY, CORE, ("fma", "billboard")),
)
