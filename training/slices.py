"""Slices of the test split that are measured separately."""

from collections.abc import Iterator

import pandas as pd

from model.metrics import Slice
from training.evaluation import clear, labelled_rows, truth_rows
from training.priors import POPULAR_TABLES
from training.tasks import Task


def slices(rows: pd.DataFrame, task: Task) -> Iterator[tuple[Slice, pd.DataFrame]]:
    """Yield the test rows of each slice, with their true genre as `truth`; no empty ones.

    A task whose true genres are the tables' labels has one slice.
    """
    tested = truth_rows(rows, task)
    found = {Slice.ALL: tested}
    if task.uses_artists(rows):
        found |= {
            Slice.CLEAR: tested[clear(tested)],
            Slice.POPULAR: tested[tested["table"].isin(POPULAR_TABLES)],
            Slice.TABLE_LABELS: labelled_rows(rows, task),
        }
    yield from ((name, own) for name, own in found.items() if len(own))
