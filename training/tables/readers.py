"""Readers of the tables that are one file each; for the columns see `training.tables`."""

import ast
from pathlib import Path
from typing import Final

import pandas as pd

from model.schema import NAMES
from training.tables.csv_reader import CsvTable, frame, read_csv_table

SAME: Final = {name: name for name in NAMES}
"""The columns of features in tables that name them as the schema does."""

UNKNOWN_ARTIST: Final = "empty_field"
YEAR_DIGITS: Final = 4
NAMED: Final = {
    "key": ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"),
    "mode": ("Minor", "Major"),
}
"""Names of the values of a feature in `music_genre`, in the order of the schema's numbers."""


def read_billboard(path: Path) -> pd.DataFrame:
    """Read Billboard Hot 100 songs with the performer's Spotify genres."""
    columns = SAME | {"duration_ms": "spotify_track_duration_ms"}
    about = ("spotify_track_id", "performer", "song", "spotify_genre")
    sheet = read_csv_table(path, (*about, *columns.values()))
    return frame(
        sheet,
        columns,
        id=sheet.text("spotify_track_id"),
        artist=sheet.text("performer"),
        title=sheet.text("song"),
        raw_labels=_lists(sheet, "spotify_genre"),
    )


def _lists(sheet: CsvTable, column: str) -> list[tuple[str, ...]]:
    """Parse lists in Python syntax; an empty cell is an empty list."""
    lists = []
    for row, cell in enumerate(sheet.text(column)):
        try:
            entries = ast.literal_eval(cell) if cell else []
        except (ValueError, SyntaxError):
            entries = None
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise sheet.error(row, column, f"{cell!r} is not a list of genres")
        lists.append(tuple(entries))
    return lists


def read_playlists(path: Path) -> pd.DataFrame:
    """Read Spotify playlists of six genres: one row for each track and playlist."""
    labels = ("playlist_genre", "playlist_subgenre")
    about = ("track_id", "track_artist", "track_name", "track_album_release_date", *labels)
    sheet = read_csv_table(path, (*about, *NAMES))
    return frame(
        sheet,
        SAME,
        id=sheet.text("track_id"),
        artist=sheet.text("track_artist"),
        title=sheet.text("track_name"),
        year=sheet.text("track_album_release_date").str[:YEAR_DIGITS],
        raw_labels=list(zip(*map(sheet.text, labels), strict=True)),
    )


def read_classic_hits(path: Path) -> pd.DataFrame:
    """Read hits of 1950-2024 with one genre each."""
    columns = {name: name.capitalize() for name in NAMES} | {"duration_ms": "Duration"}
    sheet = read_csv_table(path, ("Artist", "Track", "Year", "Genre", *columns.values()))
    return frame(
        sheet,
        columns,
        artist=sheet.text("Artist"),
        title=sheet.text("Track"),
        year=sheet.year("Year"),
        raw_labels=sheet.labels("Genre"),
    )


def read_music_genre(path: Path) -> pd.DataFrame:
    """Read songs of ten genres, whose key and mode are names."""
    columns = {name: name for name in NAMES if name not in NAMED}
    about = ("instance_id", "artist_name", "track_name", "music_genre")
    sheet = read_csv_table(path, (*about, *NAMED, *columns))
    sheet.check_unique("instance_id")
    artist = sheet.text("artist_name")
    named = {name: sheet.named(name, values) for name, values in NAMED.items()}
    rows = frame(
        sheet,
        columns,
        artist=artist.where(artist != UNKNOWN_ARTIST, ""),
        title=sheet.text("track_name"),
        raw_labels=sheet.labels("music_genre"),
    )
    return rows.assign(**named)


def read_curated(path: Path) -> pd.DataFrame:
    """Read tracks chosen under a genre or style: one row for each track, collection and label."""
    about = ("spotify_id", "artist", "title", "year", "table", "label")
    sheet = read_csv_table(path, (*about, *NAMES))
    sheet.check_unique("spotify_id", "table", "label")
    return frame(
        sheet,
        SAME,
        id=sheet.text("spotify_id"),
        artist=sheet.text("artist"),
        title=sheet.text("title"),
        year=sheet.year("year"),
        collection=sheet.filled("table"),
        raw_labels=[(label,) for label in sheet.text("label")],
    )
