"""Held-out songs: the bot's embedded songs, which are never in the dataset."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from training.identity import artist_key, keyed, title_key

HELD_OUT_SONGS: Final = Path(__file__).parent / "held_out_songs.toml"


@dataclass(frozen=True, slots=True)
class HeldOutSong:
    """A song, with artist and title as in its table; `id` selects the row if the table has ids."""

    genre: str
    table: str
    artist: str
    title: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class HeldOutSongs:
    """The songs, and the reason for each genre without a song."""

    songs: tuple[HeldOutSong, ...]
    not_covered: Mapping[str, str]


def load_held_out_songs(path: Path = HELD_OUT_SONGS) -> HeldOutSongs:
    """Read the list from the data file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    songs = tuple(HeldOutSong(**song) for song in content["songs"])
    return HeldOutSongs(songs, content["not_covered"])


def is_held_out(
    rows: pd.DataFrame, songs: tuple[HeldOutSong, ...] | None = None
) -> "pd.Series[bool]":
    """Return for each row whether it is a recording of `songs`, by default of the data file.

    Rows match by artist and title, in any version. Copies of matching rows' recordings under other
    names match too.
    """
    songs = load_held_out_songs().songs if songs is None else songs
    artists: dict[str, set[str]] = {}
    for song in songs:
        artists.setdefault(title_key(song.title), set()).add(artist_key(song.artist))
    pairs = zip(keyed(rows["artist"], artist_key), keyed(rows["title"], title_key), strict=True)
    named = pd.Series(
        [_is_one_of(artist, artists.get(title, set())) for artist, title in pairs],
        index=rows.index,
        dtype=bool,
    )
    recording = rows["recording"]
    return named | recording.isin(set(recording[named]))


def _is_one_of(artist: str, wanted: set[str]) -> bool:
    """Return whether an artist is one of `wanted`, also with a band ("... and the Wailers")."""
    return bool(artist) and any(
        artist == name or artist.startswith(f"{name} ") or name.startswith(f"{artist} ")
        for name in wanted
    )
