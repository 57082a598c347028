"""Songs of ten genres without artist and title; tempo may be "?" and duration -1 if unknown."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import frame, read_csv_table

FILE: Final = "extra/prediction_of_music_genre.csv"
GENRE: Final = "music_genre"
COLUMNS: Final = {name: name for name in NAMES if name not in ("key", "mode")}


def read(data: Path) -> pd.DataFrame:
    """Read the songs; for the columns see `training.tables`."""
    sheet = read_csv_table(data / FILE, (GENRE, *COLUMNS.values()))
    return frame(
        sheet,
        COLUMNS,
        raw_labels=[(genre,) if genre else () for genre in sheet.text(GENRE)],
    )
