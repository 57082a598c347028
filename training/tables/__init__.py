"""The training tables, one module each, all read into one layout.

A loaded table is a data frame with one row per song (or per song and playlist):

| column | content |
|---|---|
| `table` | the table's name |
| `line` | where the row stands in its file, counted from 1 with the header |
| `id` | the source's own id, a Spotify track id where `Table.spotify_ids`; empty if unknown |
| `artist`, `title`, `year` | as the table has them, empty if unknown |
| `upload` | for FMA's tracks of unknown artist: which run of neighbouring tracks; else empty |
| `filed` | tuple of the table's own labels; empty if unknown |
| one for each of `model.schema.NAMES` | float, NaN where not measured |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from training.tables import billboard, classic_hits, fma, music_genre, playlists

SPOTIFY_TERMS: Final = "values once read from Spotify's Web API; see the note on its policy"


@dataclass(frozen=True, slots=True)
class Table:
    """One training table: where its labels stand, where it comes from, how it is read."""

    name: str
    labels_in: str
    label_column: str
    source: str
    licence: str
    read: Callable[[Path], pd.DataFrame]
    spotify_ids: bool = False


TABLES: Final = (
    Table(
        "fma",
        fma.TRACKS,
        fma.GENRE,
        "Free Music Archive metadata, https://github.com/mdeff/fma (Defferrard et al., ISMIR 2017)",
        "CC BY 4.0",
        fma.read,
    ),
    Table(
        "billboard",
        billboard.FILE,
        billboard.GENRES,
        "TidyTuesday 2021-09-14 audio_features.csv, https://github.com/rfordatascience/tidytuesday",
        f"CC0 for the collection; {SPOTIFY_TERMS}",
        billboard.read,
        spotify_ids=True,
    ),
    Table(
        "playlists",
        playlists.FILE,
        playlists.GENRE,
        "TidyTuesday 2020-01-21 spotify_songs.csv, https://github.com/rfordatascience/tidytuesday",
        f"CC0 for the collection; {SPOTIFY_TERMS}",
        playlists.read,
        spotify_ids=True,
    ),
    Table(
        "classic_hits",
        classic_hits.FILE,
        classic_hits.GENRE,
        "Classic Hits (Kaggle)",
        f"MIT; {SPOTIFY_TERMS}",
        classic_hits.read,
    ),
    Table(
        "music_genre",
        music_genre.FILE,
        music_genre.GENRE,
        "Prediction of music genre (Kaggle)",
        f"not stated; {SPOTIFY_TERMS}",
        music_genre.read,
    ),
)
"""All tables, in the order in which their rows stand in training."""

NAMES: Final = tuple(table.name for table in TABLES)

FEEDBACK: Final = "feedback"
"""The table's name of rows that are the chat's corrections (see `training.chat_labels`)."""


def load_tables(data: Path, names: Sequence[str] = NAMES) -> pd.DataFrame:
    """Read the named tables from the folder `data`; raises TableError (see `tables.reading`)."""
    wanted = [table for table in TABLES if table.name in names]
    frames = [table.read(data).assign(table=table.name) for table in wanted]
    return pd.concat(frames, ignore_index=True)
