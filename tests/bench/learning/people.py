"""Simulated people who correct songs of the tables, and their votes in the bot's database.

Those of `tests.support.simulated_voters` have songs without features and cards that are wrong by
chance, to measure the agreement of votes alone; here cards are the model's, and so are many errors.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import NullPool, create_engine

from bot.storage.engine import open_database
from bot.storage.tables import feedback, predictions
from model.genres import WIDE
from model.schema import NAMES

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
SERVERS: Final = 5
PEOPLE: Final = 40
VOTERS_PER_SONG: Final = (2, 5)
"""Smallest and largest number of people, exclusive, who vote on a song."""

ACCOUNTS: Final = 10
"""Number of hostile accounts."""

RIGHT: Final = (18.0, 2.0)
"""Parameters of the beta distribution of people's share of right votes; nine of ten on average."""

ANCHORED: Final = 0.5
"""Share of wrong votes that repeat the genre on the card."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song that people vote on: its key, names, features, the card's genre and the true one."""

    key: str
    title: str
    artist: str
    features: dict[str, float]
    shown: str
    truth: str


@dataclass(frozen=True, slots=True)
class SimulatedVote:
    """A person's vote for a genre of a song."""

    song: Song
    voter: str
    server: str
    genre: str


def songs_of(rows: pd.DataFrame, shown: Sequence[str]) -> list[Song]:
    """Return rows of the dataset with `truth` as songs; `shown` are the genres on their cards."""
    found = []
    for row, genre in zip(rows.to_dict("records"), shown, strict=True):
        known = {name: float(row[name]) for name in NAMES if not np.isnan(row[name])}
        title, artist = str(row["title"]), str(row["artist"])
        key = str(row["id"]) or f"{title} - {artist}"
        found.append(Song(key, title, artist, known, genre, str(row["truth"])))
    return found


def honest(songs: Sequence[Song], count: int, seed: int) -> list[SimulatedVote]:
    """Return votes of people who are mostly right, and err towards the genre on the card."""
    rng = np.random.default_rng(seed)
    right = rng.beta(*RIGHT, PEOPLE)
    votes: list[SimulatedVote] = []
    for song in songs:
        people = rng.choice(PEOPLE, rng.integers(*VOTERS_PER_SONG), replace=False)
        for person in people:
            genre = song.truth
            if rng.random() >= right[person]:
                genre = song.shown if rng.random() < ANCHORED else str(rng.choice(WIDE))
            votes.append(SimulatedVote(song, f"person{person}", f"{person % SERVERS}", genre))
            if len(votes) == count:
                return votes
    raise ValueError(f"{len(songs)} songs are too few for {count} votes")


def hostile(songs: Sequence[Song], count: int, genre: str) -> list[SimulatedVote]:
    """Return votes of `ACCOUNTS` accounts that all give the same wrong genre, four to a song."""
    pairs = [(song, number) for number, song in enumerate(songs) for _ in range(4)]
    return [
        SimulatedVote(song, f"troll{(number * 4 + place % 4) % ACCOUNTS}", "trolls", genre)
        for place, (song, number) in enumerate(pairs[:count])
    ]


def write(database: Path, votes: Iterable[SimulatedVote]) -> None:
    """Write cards and votes to a new database of the bot."""
    asyncio.run(_create(database))
    votes = list(votes)
    cards = {(vote.song.key, vote.server): vote.song for vote in votes}
    number = {card: index for index, card in enumerate(cards, 1)}
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    with closing(engine.connect()) as connection, connection.begin():
        displayed = [
            _card(song, server, number[key, server]) for (key, server), song in cards.items()
        ]
        connection.execute(predictions.insert(), displayed)
        rows = [
            _vote(vote, number[vote.song.key, vote.server], index)
            for index, vote in enumerate(votes)
        ]
        connection.execute(feedback.insert(), rows)
    engine.dispose()


async def _create(database: Path) -> None:
    async with open_database(database):
        return


def _card(song: Song, server: str, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "track_key": song.key,
        "track": {"id": song.key, "title": song.title, "artists": [song.artist]},
        **{name: song.features.get(name) for name in NAMES},
        "source": "bench",
        "model": "wide",
        "model_version": "bench",
        "genres": {song.shown: 1.0},
        "genre": song.shown,
        "verdict": "plain",
        "missing": [],
        "reasons": [],
        "typical": {},
        "platform": "discord",
        "workspace": server,
        "channel": "bench",
        "at": START,
    }


def _vote(vote: SimulatedVote, card: int, index: int) -> dict[str, Any]:
    return {
        "prediction_id": card,
        "user_hash": vote.voter,
        "kind": "choice",
        "genre": vote.genre,
        "added": True,
        "at": START + timedelta(minutes=index),
    }
