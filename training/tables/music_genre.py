"""Songs of ten genres; key and mode are names, and unknown values have markers of their own."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import frame, read_csv_table

FILE: Final = "extra/music_genre_named.csv"
GENRE: Final = "music_genre"
ID: Final = "instance_id"
ARTIST: Final = "artist_name"
TITLE: Final = "track_name"
UNKNOWN_ARTIST: Final = "empty_field"
PLAIN: Final = {name: name for name in NAMES if name not in ("key", "mode")}
NAMED: Final = {
    "key": ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"),
    "mode": ("Minor", "Major"),
}
"""Names of the values of a feature, in the order of the schema's numbers."""


def read(data: Path) -> pd.DataFrame:
    """Read the songs; for the columns see `training.tables`."""
    sheet = read_csv_table(data / FILE, (ID, ARTIST, TITLE, GENRE, *NAMED, *PLAIN.values()))
    sheet.check_unique(ID)
    artist = sheet.text(ARTIST)
    named = {name: sheet.named(name, values) for name, values in NAMED.items()}
    rows = frame(
        sheet,
        PLAIN,
        artist=artist.where(artist != UNKNOWN_ARTIST, ""),
        title=sheet.text(TITLE),
        raw_labels=[(genre,) if genre else () for genre in sheet.text(GENRE)],
    )
    return rows.assign(**named)
