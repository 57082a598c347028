"""Ten genres without artist or title; tempo is "?" in a tenth of the rows, duration may be -1."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import frame, read_csv_table

FILE: Final = "extra/prediction_of_music_genre.csv"
GENRE: Final = "music_genre"
COLUMNS: Final = {name: name for name in NAMES if name not in ("key", "mode")}


def read(data: Path) -> pd.DataFrame:
    """Return the rows; see `training.tables` for the columns."""
    sheet = read_csv_table(data / FILE, (GENRE, *COLUMNS.values()))
    return frame(
        sheet,
        COLUMNS,
        filed=[(genre,) if genre else () for genre in sheet.text(GENRE)],
    )
