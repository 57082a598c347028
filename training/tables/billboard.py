"""Billboard Hot 100 songs with Spotify's features and the performer's Spotify genres."""

import ast
from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.errors import TableError
from training.tables.csv_reader import CsvTable, frame, read_csv_table

FILE: Final = "tidytuesday/2021-09-14/audio_features.csv"
COLUMNS: Final = {name: name for name in NAMES} | {"duration_ms": "spotify_track_duration_ms"}
ID: Final = "spotify_track_id"
GENRES: Final = "spotify_genre"


def read(data: Path) -> pd.DataFrame:
    """Read the songs; for the columns see `training.tables`."""
    sheet = read_csv_table(data / FILE, (ID, "performer", "song", GENRES, *COLUMNS.values()))
    return frame(
        sheet,
        COLUMNS,
        id=sheet.text(ID),
        artist=sheet.text("performer"),
        title=sheet.text("song"),
        raw_labels=[_entries(sheet, row, cell) for row, cell in enumerate(sheet.text(GENRES))],
    )


def _entries(sheet: CsvTable, row: int, cell: str) -> tuple[str, ...]:
    """Parse a list in Python syntax; an empty cell is an empty list."""
    try:
        entries = ast.literal_eval(cell) if cell else []
    except (ValueError, SyntaxError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise TableError(
            sheet.path, f"{cell!r} is not a list of genres", line=sheet.line(row), column=GENRES
        )
    return tuple(entries)
