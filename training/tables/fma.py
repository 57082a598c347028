"""Free Music Archive: the eight Echo Nest features, and artist, title and top genre if known."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import CORE
from training.tables.csv_reader import CsvTable, frame, read_csv_table

HEADER_LINES: Final = 4
"""Number of header lines of the file of features."""

ID: Final = "track_id"
ARTIST: Final = "artist/name"
GENRE: Final = "track/genre_top"
TITLE: Final = "track/title"
LINE: Final = "line"
MAX_ID_GAP: Final = 10
"""Maximum difference between the ids of tracks in one upload."""


def read(features: Path, songs: Path) -> pd.DataFrame:
    """Read the tracks that have features; for the columns see `training.tables`."""
    columns = {name: f"echonest/audio_features/{name}" for name in CORE}
    sheet = read_csv_table(features, (ID, *columns.values()), header_lines=HEADER_LINES)
    tracks = read_csv_table(songs, (ID, ARTIST, GENRE, TITLE), header_lines=3)
    sheet.check_unique(ID)
    tracks.check_unique(ID)
    about = _about(sheet, tracks)
    return frame(
        sheet,
        columns,
        id=about.index.to_series(),
        artist=about[ARTIST],
        title=about[TITLE],
        upload=_uploads(about[ARTIST]),
        lines=about[LINE].tolist(),
        raw_labels=[(genre,) if genre else () for genre in about[GENRE]],
    )


def _about(sheet: CsvTable, tracks: CsvTable) -> pd.DataFrame:
    """Return the row of `tracks` for each row of `sheet`, indexed by track id."""
    numbers = sheet.text(ID)
    invalid = ~numbers.str.fullmatch(r"\d+")
    if invalid.any():
        row = int(invalid.argmax())
        raise sheet.error(row, ID, f"{numbers[row]!r} is not a track id")
    known = pd.DataFrame({name: tracks.text(name) for name in (ARTIST, GENRE, TITLE)})
    known[LINE] = tracks.lines
    known.index = pd.Index(tracks.text(ID))
    missing = ~numbers.isin(known.index)
    if missing.any():
        row = int(missing.argmax())
        songs = f"{tracks.path.parent.name}/{tracks.path.name}"
        raise sheet.error(row, ID, f"track {numbers[row]} is not in {songs}")
    return known.loc[numbers.tolist()]


def _uploads(artists: "pd.Series[str]") -> list[str]:
    """Return a name of the upload of each track without artist, "" for the others.

    Albums were uploaded with consecutive ids, which are the index of `artists`.
    """
    numbers = artists.index.astype("int64").to_series()
    unknown = (artists == "").to_numpy()
    ordered = numbers[unknown].drop_duplicates().sort_values()
    runs = dict(zip(ordered, (ordered.diff() > MAX_ID_GAP).cumsum(), strict=True))
    return [
        f"fma upload {runs[number]}" if lacks else ""
        for number, lacks in zip(numbers, unknown, strict=True)
    ]
