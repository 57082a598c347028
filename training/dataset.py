"""Prepared rows: tables read, labelled, stripped of the famous songs and split."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from training import held_out_songs, tables
from training.errors import UnknownLabel
from training.identity import FINGERPRINT
from training.labels import RawLabelReader, load_taxonomy
from training.split import split
from training.tables import TABLES, Table, load_tables

FEWEST_ROWS_PER_FINE_LABEL: Final = 30
"""A shelf with fewer rows is no shelf of its own."""


def load_dataset(data: Path, names: Sequence[str] = tables.NAMES) -> pd.DataFrame:
    """Read the named tables from `data` and return their rows, ready to train and test on.

    To the columns of `training.tables` come `genre` (of `model.genres`, empty if none), `shelf`
    (see `_shelf`) and `side` (see `training.split`). No row is a copy of a famous song (see
    `training.held_out_songs`), and none lacks the features by which copies are recognised. Raises
    TableError.
    """
    rows = load_tables(data, names).dropna(subset=list(FINGERPRINT), ignore_index=True)
    rows = rows[~held_out_songs.is_held_out(rows)].reset_index(drop=True)
    readers = load_taxonomy()
    rows["genre"] = ""
    for table in TABLES:
        own = rows["table"] == table.name
        rows.loc[own, "genre"] = _genres(data, table, readers[table.name], rows[own])
    rows["shelf"] = _shelf(rows)
    rows["side"] = split(rows)
    return rows


def _genres(data: Path, table: Table, reader: RawLabelReader, rows: pd.DataFrame) -> list[str]:
    genres = []
    for filed, line in zip(rows["filed"], rows["line"], strict=True):
        try:
            genres.append(reader.read(filed) or "")
        except KeyError:
            raise UnknownLabel(
                data / table.labels_in,
                f"the taxonomy knows no label {filed[0]!r}",
                line=int(line),
                column=table.label_column,
            ) from None
    return genres


def _shelf(rows: pd.DataFrame) -> "pd.Series[str]":
    """Name the shelf that a table puts each song on: the finest label it gives, per table.

    A shelf says more than a genre ("playlists: hip hop/southern hip hop"), and rows without a genre
    stand on one too. Billboard's lists have no finest label: there a genre is the shelf. Shelves
    with few rows are merged into their genre's.
    """
    whole = rows["table"] + ": " + rows["genre"]
    finest = rows["filed"].map("/".join).where(rows["table"] != "billboard", rows["genre"])
    shelf = rows["table"] + ": " + rows["genre"] + ": " + finest
    return shelf.where(shelf.map(shelf.value_counts()) >= FEWEST_ROWS_PER_FINE_LABEL, whole)
