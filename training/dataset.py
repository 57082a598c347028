"""Builds the dataset: the tables' rows with genre labels and split, without held-out songs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from training import held_out_songs, tables
from training.errors import UnknownLabel
from training.identity import FINGERPRINT, fingerprints
from training.labels import RawLabelReader, load_taxonomy
from training.split import split
from training.tables import TABLES, Table, load_tables

MIN_ROWS_PER_FINE_LABEL: Final = 30
"""Fine labels with fewer rows are merged into their genre."""


def load_dataset(data: Path, names: Sequence[str] = tables.NAMES) -> pd.DataFrame:
    """Return the dataset for training and testing.

    Rows without the features that identify recordings are left out, and so are all recordings of
    held-out songs (see `training.held_out_songs`).

    Args:
        data: Folder of tables.
        names: Names of the tables to read.

    Returns:
        The columns of `training.tables`, and

        - `recording`: key that is equal for copies of a recording (see `training.identity`),
        - `genre`: one of `model.genres`, "" for none,
        - `fine_label`: see `_fine_labels`,
        - `side`: see `training.split`.

    Raises:
        TableError: A table cannot be read, or has a label that the taxonomy does not list.
    """
    rows = load_tables(data, names).dropna(subset=list(FINGERPRINT), ignore_index=True)
    rows["recording"] = fingerprints(rows)
    rows = rows[~held_out_songs.is_held_out(rows)].reset_index(drop=True)
    readers = load_taxonomy()
    rows["genre"] = ""
    for table in TABLES:
        own = rows["table"] == table.name
        rows.loc[own, "genre"] = _genres(data, table, readers[table.name], rows[own])
    rows["fine_label"] = _fine_labels(rows)
    rows["side"] = split(rows)
    return rows


def _genres(data: Path, table: Table, reader: RawLabelReader, rows: pd.DataFrame) -> list[str]:
    genres = []
    for raw_labels, line in zip(rows["raw_labels"], rows["line"], strict=True):
        try:
            genres.append(reader.read(raw_labels) or "")
        except KeyError:
            raise UnknownLabel(
                data / table.labels_in,
                f"the taxonomy does not list the label {raw_labels[0]!r}",
                line=int(line),
                column=table.label_column,
            ) from None
    return genres


def _fine_labels(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return the finest label that each row has in its table, qualified by table and genre.

    An example is "playlists: hip-hop: rap/southern hip hop". Rows without a genre have a fine label
    too. Billboard's lists have no finest label; there the genre is used. Fine labels with few rows
    are merged into the label of table and genre.
    """
    by_genre = rows["table"] + ": " + rows["genre"]
    finest = rows["raw_labels"].map("/".join).where(rows["table"] != "billboard", rows["genre"])
    label = rows["table"] + ": " + rows["genre"] + ": " + finest
    return label.where(label.map(label.value_counts()) >= MIN_ROWS_PER_FINE_LABEL, by_genre)
