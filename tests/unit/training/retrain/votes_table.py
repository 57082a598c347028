"""A database with votes as the view `feedback_votes` has them, which is all that training reads."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from model.schema import NAMES

COLUMNS = (
    *("view_version", "voter", "track", "about", "genre", "shown", "platform", "workspace", "at"),
    *NAMES,
)


@dataclass(frozen=True, slots=True)
class Voted:
    """A song, the genre that people voted for, and the people."""

    track: str
    artist: str
    genre: str
    features: Mapping[str, float]
    voters: Sequence[str] = ("ann", "bob")
    shown: str = "rock"
    workspace: str = "w"
    at: str = "2026-03-01 12:00:00"


def write_votes(path: Path, songs: Iterable[Voted]) -> str:
    """Write the votes to a new database and return its address."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE IF EXISTS feedback_votes")
        connection.execute(f"CREATE TABLE feedback_votes ({', '.join(COLUMNS)})")
        rows = [
            (
                *(1, voter, song.track),
                json.dumps({"title": f"song {song.track}", "artists": [song.artist]}),
                *(song.genre, song.shown, "discord", song.workspace, song.at),
                *(song.features.get(name) for name in NAMES),
            )
            for song in songs
            for voter in song.voters
        ]
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO feedback_votes VALUES ({marks})", rows)  # noqa: S608
    return str(path)
