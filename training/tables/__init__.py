"""The training tables, with one module each, read into a common layout.

A loaded table is a data frame with one row per song (or per song and playlist):

| column | content |
|---|---|
| `table` | the table's name |
| `line` | line of the row in its file, counted from 1 with the header |
| `id` | the source's own id, a Spotify track id if `Table.spotify_ids`; empty if unknown |
| `artist`, `title`, `year` | as in the table; empty if unknown |
| `upload` | for FMA's tracks without artist: a name of their upload; else empty |
| `collection` | for curated tracks: the collection that has the label; else empty |
| `raw_labels` | tuple of the table's own labels; empty if unknown |
| one for each of `model.schema.NAMES` | float, NaN if missing |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from training.tables import billboard, classic_hits, curated, fma, music_genre, playlists

SPOTIFY_TERMS: Final = "values once read from Spotify's Web API; see the note on its policy"


@dataclass(frozen=True, slots=True)
class Table:
    """A training table.

    Attributes:
        name: Name of the table.
        labels_in: File with the labels.
        label_column: Column with the labels.
        source: Origin, for the model card.
        licence: Licence, for the model card.
        read: Reads the table from the folder of tables.
        spotify_ids: Whether `id` is a Spotify track id.
    """

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
    Table(
        "curated",
        curated.FILE,
        curated.LABEL,
        "tracks under 166 genres and styles, from five collections in repositories on GitHub",
        f"not stated; {SPOTIFY_TERMS}",
        curated.read,
        spotify_ids=True,
    ),
)
"""All tables, in the order of their rows in the dataset."""

NAMES: Final = tuple(table.name for table in TABLES)

ARTIST_GENRES: Final = "artist_genres"
"""Name of the table of artists (see `training.artist_genres`), which has no songs."""

CHOICES: Final = (*NAMES, ARTIST_GENRES)
"""Names that a user can choose from."""

FEEDBACK: Final = "feedback"
"""Table name of rows from the chat (see `training.chat_labels`)."""


def load_tables(data: Path, names: Sequence[str] = NAMES) -> pd.DataFrame:
    """Read the named tables of songs from the folder `data`; raises TableError."""
    wanted = [table for table in TABLES if table.name in names]
    frames = [table.read(data).assign(table=table.name) for table in wanted]
    return pd.concat(frames, ignore_index=True)
