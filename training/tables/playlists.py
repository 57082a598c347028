"""Spotify playlists of six genres; a track may be in several playlists of different genres."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import frame, read_csv_table

FILE: Final = "tidytuesday/2020-01-21/spotify_songs.csv"
COLUMNS: Final = {name: name for name in NAMES}
GENRE: Final = "playlist_genre"
SUBGENRE: Final = "playlist_subgenre"
RELEASED: Final = "track_album_release_date"


def read(data: Path) -> pd.DataFrame:
    """Read one row per track and playlist; for the columns see `training.tables`."""
    about = ("track_id", "track_artist", "track_name", RELEASED, GENRE, SUBGENRE)
    sheet = read_csv_table(data / FILE, (*about, *COLUMNS.values()))
    return frame(
        sheet,
        COLUMNS,
        id=sheet.text("track_id"),
        artist=sheet.text("track_artist"),
        title=sheet.text("track_name"),
        year=sheet.text(RELEASED).str[:4],
        raw_labels=list(zip(sheet.text(GENRE), sheet.text(SUBGENRE), strict=True)),
    )
