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

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from training.tables import fma, readers

SPOTIFY_TERMS: Final = "values once read from Spotify's Web API; see the note on its policy"
READERS: Final[dict[str, Callable[..., pd.DataFrame]]] = {
    "fma": fma.read,
    "billboard": readers.read_billboard,
    "playlists": readers.read_playlists,
    "classic_hits": readers.read_classic_hits,
    "music_genre": readers.read_music_genre,
    "curated": readers.read_curated,
}


@dataclass(frozen=True, slots=True)
class Table:
    """An entry of `tables.toml`, where its fields are explained."""

    name: str
    files: tuple[str, ...]
    label_column: str
    source: str
    licence: str
    spotify_ids: bool

    @property
    def labels_in(self) -> str:
        """The file with the labels."""
        return self.files[-1]

    def read(self, data: Path) -> pd.DataFrame:
        """Read the table from the folder of tables."""
        return READERS[self.name](*(data / file for file in self.files))


def _load() -> dict[str, Table]:
    text = Path(__file__).with_name("tables.toml").read_text(encoding="utf-8")
    return {
        name: Table(
            name,
            tuple(entry["files"]),
            entry.get("label_column", ""),
            entry["source"],
            entry["licence"] + (f"; {SPOTIFY_TERMS}" if entry.get("spotify_values") else ""),
            entry.get("spotify_ids", False),
        )
        for name, entry in tomllib.loads(text).items()
    }


ORIGINS: Final = _load()
"""By name: all tables of songs, what is known of artists, and the labels from the chat."""

TABLES: Final = tuple(ORIGINS[name] for name in READERS)
"""The tables of songs, in the order of their rows in the dataset."""

NAMES: Final = tuple(table.name for table in TABLES)
SPOTIFY_TABLES: Final = tuple(table.name for table in TABLES if table.spotify_ids)

ARTIST_GENRES: Final = "artist_genres"
"""Name of the table of artists (see `training.artist_genres`), which has no songs."""

CHOICES: Final = (*NAMES, ARTIST_GENRES)
"""Names that a user can choose from."""

FEEDBACK: Final = "feedback"
"""Table name of rows from the chat (see `training.feedback`)."""


def load_tables(data: Path, names: Sequence[str] = NAMES) -> pd.DataFrame:
    """Read the named tables of songs from the folder `data`; raises TableError."""
    wanted = [table for table in TABLES if table.name in names]
    frames = [table.read(data).assign(table=table.name) for table in wanted]
    return pd.concat(frames, ignore_index=True)
