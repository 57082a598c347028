"""Builds the dataset: the tables' rows with labels, artists' genres and split."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import YEAR
from training import held_out_songs, tables
from training.artist_genres import read_artist_genres
from training.errors import UnknownLabel
from training.identity import FINGERPRINT, artist_key, fingerprints, lead_artist_key
from training.labels import RawLabelReader, load_taxonomy
from training.split import split
from training.tables import TABLES, Table, load_tables

MIN_ROWS_PER_LABEL: Final = 30
"""Labels with fewer rows are merged into one of their annotator."""

SHARES: Final = "artist_shares"
"""Column with the genres that independent sources name for the artist; None if unknown."""


def load_dataset(data: Path, names: Sequence[str] = tables.CHOICES) -> pd.DataFrame:
    """Return the dataset for training and testing, from the tables named (see `tables.CHOICES`).

    Rows without the features that identify recordings are left out, and so are all recordings of
    held-out songs (see `training.held_out_songs`). The columns are those of `training.tables`,
    `year` as a number (NaN if unknown), and

    - `recording`: key that is equal for copies of a recording (see `training.identity`),
    - `genre`: the table's own reading, one of `model.genres`, "" for none,
    - `annotator`: who chose the labels: the table, or one of its collections,
    - `label`: the finest label that the annotator gave, qualified by the annotator,
    - `artist_genre`: the genre that independent sources agree on for the artist, "" for none,
    - `artist_shares`: share of each genre that they name, as a mapping; None if unknown,
    - `side`: see `training.split`.

    Raises TableError: a table cannot be read, or has a label that the taxonomy does not list.
    """
    rows = load_tables(data, names).dropna(subset=list(FINGERPRINT), ignore_index=True)
    rows["recording"] = fingerprints(rows)
    rows = rows[~held_out_songs.is_held_out(rows)].reset_index(drop=True)
    readers = load_taxonomy()
    rows["genre"], rows["label"] = "", ""
    for table in TABLES:
        own = rows["table"] == table.name
        reader = readers[table.name]
        rows.loc[own, "genre"] = _genres(data, table, reader, rows[own])
        rows.loc[own, "label"] = rows.loc[own, "raw_labels"].map(reader.label)
    collection = rows["collection"]
    rows["annotator"] = rows["table"] + (": " + collection).where(collection != "", "")
    rows["label"] = _qualified(rows)
    rows = _with_artists(rows, data if tables.ARTIST_GENRES in names else None)
    rows["year"] = _years(rows["year"])
    rows["side"] = split(rows)
    return rows


def _years(texts: "pd.Series[str]") -> "pd.Series[float]":
    """Return years as numbers, NaN if unknown or implausible."""
    years = pd.to_numeric(texts, errors="coerce").astype("float64")
    return years.where(years.between(YEAR.low, YEAR.high))


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


def _qualified(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return each row's label behind its annotator, "" without a label; rare ones are merged."""
    label = (rows["annotator"] + ": " + rows["label"]).where(rows["label"] != "", "")
    rare = label.map(label.value_counts()) < MIN_ROWS_PER_LABEL
    merged = rows["annotator"] + ": other " + rows["genre"]
    return label.mask(rare & (label != ""), merged)


def _with_artists(rows: pd.DataFrame, data: Path | None) -> pd.DataFrame:
    """Add what independent sources say of the artists; nothing without a folder to read it from."""
    opinions = read_artist_genres(data) if data else {}
    by_name = {
        name: opinions.get(artist_key(name)) or opinions.get(lead_artist_key(name))
        for name in rows["artist"].unique()
    }
    found = rows["artist"].map(by_name)
    genre = found.map(lambda one: (one and one.genre) or "").astype("str")
    shares = found.map(lambda one: one.shares if one else None).astype(object)
    return rows.assign(artist_genre=genre, **{SHARES: shares.where(shares.notna(), None)})
