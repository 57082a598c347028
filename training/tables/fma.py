"""Free Music Archive: the eight Echo Nest features, artist, title and top genre where known."""

from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import CORE
from training.errors import TableError
from training.tables.csv_reader import CsvTable, frame, read_csv_table

FEATURES: Final = "fma_metadata/echonest.csv"
TRACKS: Final = "fma_metadata/tracks.csv"
HEADER_LINES: Final = 4
"""Of `FEATURES`."""

ID: Final = "track_id"
ARTIST: Final = "artist/name"
GENRE: Final = "track/genre_top"
TITLE: Final = "track/title"
LINE: Final = "line"
NEIGHBOURS: Final = 10
"""Tracks of unknown artist whose numbers differ by no more than this count as one upload."""


def read(data: Path) -> pd.DataFrame:
    """Return the tracks that have features; see `training.tables` for the columns."""
    columns = {name: f"echonest/audio_features/{name}" for name in CORE}
    sheet = read_csv_table(data / FEATURES, (ID, *columns.values()), header_lines=HEADER_LINES)
    tracks = read_csv_table(data / TRACKS, (ID, ARTIST, GENRE, TITLE), header_lines=3)
    about = _about(sheet, tracks)
    return frame(
        sheet,
        columns,
        id=about.index.to_series(),
        artist=about[ARTIST],
        title=about[TITLE],
        upload=_uploads(about[ARTIST]),
        lines=about[LINE].tolist(),
        filed=[(genre,) if genre else () for genre in about[GENRE]],
    )


def _about(sheet: CsvTable, tracks: CsvTable) -> pd.DataFrame:
    """Return what `tracks` says about each row of `sheet`, with the track's number as index."""
    numbers = sheet.text(ID)
    strange = ~numbers.str.fullmatch(r"\d+")
    if strange.any():
        row = int(strange.argmax())
        problem = f"{numbers[row]!r} is no track's number"
        raise TableError(sheet.path, problem, line=sheet.line(row), column=ID)
    known = pd.DataFrame({name: tracks.text(name) for name in (ARTIST, GENRE, TITLE)})
    known[LINE] = tracks.lines
    known.index = pd.Index(tracks.text(ID))
    lost = ~numbers.isin(known.index)
    if lost.any():
        first = int(lost.argmax())
        raise TableError(
            sheet.path,
            f"track {numbers[first]} does not stand in {TRACKS}",
            line=sheet.line(first),
            column=ID,
        )
    return known[~known.index.duplicated()].loc[numbers.tolist()]


def _uploads(artists: "pd.Series[str]") -> list[str]:
    """Name the upload of each track of unknown artist: an album was uploaded as one run.

    `artists` has the tracks' numbers as index.
    """
    numbers = artists.index.astype("int64").to_series()
    unknown = (artists == "").to_numpy()
    ordered = numbers[unknown].drop_duplicates().sort_values()
    runs = dict(zip(ordered, (ordered.diff() > NEIGHBOURS).cumsum(), strict=True))
    return [
        f"fma upload {runs[number]}" if lacks else ""
        for number, lacks in zip(numbers, unknown, strict=True)
    ]
