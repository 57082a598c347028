"""Hits of 1950-2024 with one genre each."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import frame, read_csv_table

FILE: Final = "extra/classic_hits.csv"
GENRE: Final = "Genre"
COLUMNS: Final = {name: name.capitalize() for name in NAMES} | {"duration_ms": "Duration"}


def read(data: Path) -> pd.DataFrame:
    """Read the hits; for the columns see `training.tables`."""
    sheet = read_csv_table(data / FILE, ("Artist", "Track", "Year", GENRE, *COLUMNS.values()))
    return frame(
        sheet,
        COLUMNS,
        artist=sheet.text("Artist"),
        title=sheet.text("Track"),
        year=sheet.year("Year"),
        raw_labels=[(genre,) if genre else () for genre in sheet.text(GENRE)],
    )
