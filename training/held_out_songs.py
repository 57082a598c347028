"""Famous songs: they illustrate the genres in the embedded catalogue and are never trained on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from training.identity import artist_key, fingerprints, keyed, title_key

HELD_OUT_SONGS: Final = Path(__file__).parent / "held_out_songs.toml"


@dataclass(frozen=True, slots=True)
class HeldOutSong:
    """A song as its table names it; `id` picks the row where the table has ids."""

    genre: str
    table: str
    artist: str
    title: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class HeldOutSongs:
    """The songs, and the genres without one with the reason."""

    songs: tuple[HeldOutSong, ...]
    not_covered: Mapping[str, str]


def load_held_out_songs(path: Path = HELD_OUT_SONGS) -> HeldOutSongs:
    """Return the list in the data file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    songs = tuple(HeldOutSong(**song) for song in content["songs"])
    return HeldOutSongs(songs, content["not_covered"])


def is_held_out(
    rows: pd.DataFrame, songs: tuple[HeldOutSong, ...] | None = None
) -> "pd.Series[bool]":
    """Tell for each row whether it is a recording of a famous song.

    Rows match by artist and title without versions and guests, whatever the version, and so do all
    copies of such rows' feature values under any other name.
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
    recording = fingerprints(rows)
    return named | recording.isin(set(recording[named]))


def _is_one_of(artist: str, wanted: set[str]) -> bool:
    """Tell whether an artist is one of `wanted`, alone or with a band ("... and the Wailers")."""
    return bool(artist) and any(
        artist == name or artist.startswith(f"{name} ") or name.startswith(f"{artist} ")
        for name in wanted
    )
