"""Songs whose genre is known: votes on them show how reliable a person is.

They are the bot's embedded songs, which are held out of all training. Those that independent
sources file under several genres are no measure of a person, but are held out as well.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from training.embedded_songs import EMBEDDED_SONGS
from training.identity import artist_key, title_key


@dataclass(frozen=True, slots=True)
class GoldSongs:
    """Songs of known genre.

    Attributes:
        by_track: Genre by key of the track; None for a song of several genres.
        by_name: Genre by the keys of artist and title (see `training.identity`), in any version.
    """

    by_track: Mapping[str, str | None] = field(default_factory=dict)
    by_name: Mapping[tuple[str, str], str | None] = field(default_factory=dict)

    def contains(self, track: str, title: str, artists: tuple[str, ...]) -> bool:
        """Return whether a track is one of the songs."""
        return track in self.by_track or _name(title, artists) in self.by_name

    def genre(self, track: str, title: str, artists: tuple[str, ...]) -> str | None:
        """Return the genre of a track; None if it is not known."""
        return self.by_track.get(track) or self.by_name.get(_name(title, artists))


@cache
def load_gold_songs(path: Path = EMBEDDED_SONGS) -> GoldSongs:
    """Read the embedded songs."""
    songs = json.loads(path.read_text(encoding="utf-8"))["songs"]
    genres = [
        song["genre"] if song["filed_under"]["genres"] == [song["genre"]] else None
        for song in songs
    ]
    entries = list(zip(songs, genres, strict=True))
    return GoldSongs(
        {song["id"]: genre for song, genre in entries if song["id"]},
        {_name(song["title"], tuple(song["artists"])): genre for song, genre in entries},
    )


def _name(title: str, artists: tuple[str, ...]) -> tuple[str, str]:
    return (artist_key(artists[0]), title_key(title)) if title and artists else ("", "")
