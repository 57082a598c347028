"""Writes the bot's embedded songs: the held-out songs with their feature values."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from model.schema import NAMES
from model.tag_taxonomy import Taxonomy, load_taxonomy
from training.artist_genres import ArtistGenre, read_artist_genres
from training.errors import SongNotFound
from training.filed_genres import filed_under
from training.held_out_songs import HeldOutSong, load_held_out_songs
from training.identity import GUEST, artist_key, keyed, title_key
from training.tables import SPOTIFY_TABLES, load_tables

EMBEDDED_SONGS: Final = Path(__file__).parent.parent / "bot" / "sources" / "songs.json"
FORMAT: Final = 1
NOTE: Final = (
    "Written by `python -m training catalogue`. The values of each song are those of the table "
    "named as its source; id and year are null if no table has them. Recordings of these songs are "
    "never trained or tested on."
)


def write_embedded_songs(data: Path, out: Path = EMBEDDED_SONGS) -> int:
    """Write the held-out songs, with values from the tables in `data`, and return their number.

    Raises SongNotFound or TableError.
    """
    held_out = load_held_out_songs()
    rows = keyed_rows(load_tables(data))
    artists, taxonomy = read_artist_genres(data), load_taxonomy()
    songs = [_entry(rows, song, artists, taxonomy) for song in held_out.songs]
    about = {"format": FORMAT, "note": NOTE, "not_covered": held_out.not_covered}
    text = json.dumps(about | {"songs": songs}, indent=1, ensure_ascii=False)
    out.write_text(text + "\n", encoding="utf-8")
    return len(songs)


def _entry(
    rows: pd.DataFrame, song: HeldOutSong, artists: Mapping[str, ArtistGenre], taxonomy: Taxonomy
) -> dict[str, Any]:
    row = _row(rows, song)
    values = {name: float(row[name]) for name in NAMES}
    return {
        "title": row["title"],
        "artists": _artists(str(row["artist"])),
        "id": row["id"] if song.table in SPOTIFY_TABLES and row["id"] else None,
        "year": earliest_year(rows, song),
        "genre": song.genre,
        "source": song.table,
        "filed_under": filed_under(rows, song, artists, taxonomy),
        "features": {name: value for name, value in values.items() if not math.isnan(value)},
    }


def _row(rows: pd.DataFrame, song: HeldOutSong) -> "pd.Series[Any]":
    wanted = {"table": song.table, "artist": song.artist, "title": song.title}
    wanted |= {"id": song.id} if song.id else {}
    found = rows[(rows[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    if found.empty:
        raise SongNotFound(
            f"table {song.table} has no {song.title!r} by {song.artist}"
            + (f" with id {song.id}" if song.id else "")
        )
    return found.iloc[0]


def keyed_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with an artist, with `artist_key` and `title_key`."""
    rows = rows[rows["artist"] != ""]
    return rows.assign(
        artist_key=keyed(rows["artist"], artist_key), title_key=keyed(rows["title"], title_key)
    )


def earliest_year(rows: pd.DataFrame, song: HeldOutSong) -> int | None:
    """Return the earliest year in any table (see `keyed_rows`); later ones are of reissues."""
    artist, title = artist_key(song.artist), title_key(song.title)
    same = (rows["artist_key"] == artist) & (rows["title_key"] == title)
    years = [int(year) for year in rows.loc[same, "year"] if year.isdigit()]
    return min(years, default=None)


def _artists(artist: str) -> list[str]:
    """Split "Leader Featuring Guest" into artists; bands with "&" in their name are not split."""
    leader = GUEST.sub("", artist)
    guest = artist[len(leader) :].strip(" ()[]")
    return [leader, guest.split(maxsplit=1)[1]] if guest else [leader]
