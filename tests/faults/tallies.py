"""What was accepted, and what became of it."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.music import track_id


@dataclass
class Ledger:
    """What people did.

    Attributes:
        pastes: Number of the track by the id of the message with its link.
        votes: Number of the track of each vote, each by another person.
    """

    pastes: dict[str, int] = field(default_factory=dict)
    votes: list[int] = field(default_factory=list)
    next_number: int = 1

    def new_number(self) -> int:
        """Return the number of a track that was not asked for before."""
        self.next_number += 1
        return self.next_number - 1


@dataclass(frozen=True)
class Tally:
    """Figures at the end of an experiment.

    Attributes:
        accepted: Messages and commands that were accepted, of which some were answered `twice`.
        unanswered: Accepted messages without an answer.
        votes: Votes that were accepted, of which some were lost.
        commands_unanswered: Accepted commands without an answer.
        failures: Replies that say that something went wrong.
    """

    accepted: int
    unanswered: int
    twice: int
    votes: int
    votes_lost: int
    commands_unanswered: int = 0
    failures: int = 0


def count_answers(accepted: Iterable[str], answers: Counter[str]) -> tuple[int, int]:
    """Return how many of the accepted messages have no answer, and how many messages have two."""
    unanswered = sum(not answers[source] for source in accepted)
    return unanswered, sum(count > 1 for count in answers.values())


def lost_votes(accepted: Iterable[int], database: Path) -> int:
    """Return how many of the accepted votes, by number of their track, the database lacks."""
    stored = stored_votes(database)
    return sum(
        max(0, count - stored.get(track_id(number), 0))
        for number, count in Counter(accepted).items()
    )


def stored_votes(database: Path) -> Mapping[str, int]:
    """Return the number of people with a vote by track."""
    query = "SELECT track_key, COUNT(DISTINCT user_hash) FROM votes GROUP BY track_key"
    return dict(select(database, query))


def inbox_size(database: Path) -> int:
    """Return the number of rows in the inbox that wait for nobody, 0 without an inbox."""
    if not select(database, "SELECT 1 FROM sqlite_master WHERE name = 'inbox'"):
        return 0
    return int(select(database, "SELECT COUNT(*) FROM inbox WHERE NOT parked")[0][0])


def select(database: Path, query: str) -> list[tuple[str, int]]:
    """Return the rows of a query."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
