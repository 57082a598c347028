"""Tracks that were chosen under a genre or style; a track may have several labels, one per row."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import frame, read_csv_table

FILE: Final = "extra/curated_tracks.csv"
COLUMNS: Final = {name: name for name in NAMES}
ID: Final = "spotify_id"
COLLECTION: Final = "table"
LABEL: Final = "label"
YEAR: Final = "year"


def read(data: Path) -> pd.DataFrame:
    """Read one row per track and label; for the columns see `training.tables`."""
    about = (ID, "artist", "title", YEAR, COLLECTION, LABEL)
    sheet = read_csv_table(data / FILE, (*about, *COLUMNS.values()))
    sheet.check_unique(ID, COLLECTION, LABEL)
    return frame(
        sheet,
        COLUMNS,
        id=sheet.text(ID),
        artist=sheet.text("artist"),
        title=sheet.text("title"),
        year=sheet.year(YEAR),
        collection=sheet.filled(COLLECTION),
        raw_labels=[(label,) for label in sheet.text(LABEL)],
    )
