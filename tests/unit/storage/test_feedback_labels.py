"""The view `feedback_labels`, which training reads."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.domain.cards import Card
from bot.domain.tracks import Track
from bot.domain.votes import Forgotten
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.tables import VIEW_VERSION, feedback_labels
from bot.storage.votes import SqlVoteStore
from model.schema import NAMES
from tests.support.factories import sound_answer
from tests.support.migrated_sqlite import migrated_sqlite
from tests.support.store_values import (
    ALICE,
    BOB,
    FOLK,
    JAZZ,
    OTHER_TRACK,
    PLACE,
    TRACK,
    TickingClock,
    answer_about,
    change_ballot,
)

CAROL = "c" * 32


class LabelDatabase(NamedTuple):
    """Stores on a database, and a connection that reads its view."""

    predictions: SqlPredictionStore
    votes: SqlVoteStore
    reader: sqlite3.Connection

    async def add_card(self, track: Track = TRACK, **features: float) -> Card:
        return await self.predictions.add(answer_about(track, **features), PLACE)

    def labels(self) -> list[dict[str, Any]]:
        """Read the view without the stores."""
        rows = self.reader.execute("SELECT * FROM feedback_labels ORDER BY track, genre")
        names = [name for name, *_ in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def counts(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Map (track, genre) to its voters and the voters of the track."""
        return {
            (row["track"], row["genre"]): (row["voters"], row["all_voters"])
            for row in self.labels()
        }


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "soundslike.db")) as connection:
        yield connection


@pytest.fixture
async def database(tmp_path: Path, reader: sqlite3.Connection) -> AsyncIterator[LabelDatabase]:
    now = TickingClock()
    now()
    async with open_database(migrated_sqlite(tmp_path / "soundslike.db")) as opened:
        yield LabelDatabase(SqlPredictionStore(opened, now), SqlVoteStore(opened, now), reader)


async def test_view_is_empty_without_votes(database: LabelDatabase) -> None:
    await database.add_card()
    assert database.labels() == []


async def test_view_contains_no_person_and_no_place(database: LabelDatabase) -> None:
    card = await database.add_card()
    await change_ballot(database.votes, card.id, ALICE, JAZZ, added=True)
    (row,) = database.labels()
    assert list(row) == [
        *("view_version", "track", "genre", "voters", "all_voters"),
        *NAMES,
        "changed_at",
    ]
    assert list(row) == list(feedback_labels.c.keys())
    assert ALICE not in row.values()
    assert row["view_version"] == VIEW_VERSION


async def test_each_person_counts_once_for_a_track(database: LabelDatabase) -> None:
    first, second, other = [await database.add_card(track) for track in (TRACK, TRACK, OTHER_TRACK)]
    for card, user, choice in (
        (first, ALICE, JAZZ),
        (second, ALICE, FOLK),
        (first, BOB, (JAZZ[0], "folk")),
        (second, CAROL, JAZZ),
        (other, ALICE, JAZZ),
    ):
        await change_ballot(database.votes, card.id, user, choice, added=True)
    assert database.counts() == {
        (TRACK.key, "folk"): (2, 3),
        (TRACK.key, "jazz"): (1, 3),
        (OTHER_TRACK.key, "jazz"): (1, 1),
    }
    await change_ballot(database.votes, second.id, ALICE, FOLK, added=False)
    assert database.counts()[TRACK.key, "jazz"] == (2, 3)
    assert await database.votes.forget(CAROL) == Forgotten(1, 1)
    assert database.counts()[TRACK.key, "jazz"] == (1, 2)


async def test_features_are_those_of_the_newest_answer_only(database: LabelDatabase) -> None:
    first = await database.add_card(energy=0.25, tempo=100)
    await database.add_card(energy=0.5, key=7)
    await database.add_card(OTHER_TRACK, energy=0.75)
    await change_ballot(database.votes, first.id, ALICE, JAZZ, added=True)
    (row,) = database.labels()
    assert {name: row[name] for name in NAMES} == dict.fromkeys(NAMES) | {"energy": 0.5, "key": 7}


async def test_answer_by_sound_alone_leaves_the_features_of_the_one_before(
    database: LabelDatabase,
) -> None:
    await database.add_card(energy=0.25)
    await database.add_card(energy=0.5)
    heard = await database.predictions.add(sound_answer(TRACK), PLACE)
    await change_ballot(database.votes, heard.id, ALICE, JAZZ, added=True)
    (row,) = database.labels()
    assert {name: row[name] for name in NAMES} == dict.fromkeys(NAMES) | {"energy": 0.5}


async def test_track_that_was_only_heard_has_no_features(database: LabelDatabase) -> None:
    heard = await database.predictions.add(sound_answer(TRACK), PLACE)
    await change_ballot(database.votes, heard.id, ALICE, JAZZ, added=True)
    (row,) = database.labels()
    assert {name: row[name] for name in NAMES} == dict.fromkeys(NAMES)


async def test_changed_at_is_the_time_of_the_last_change_of_a_vote_for_the_track(
    database: LabelDatabase,
) -> None:
    card, other = await database.add_card(), await database.add_card(OTHER_TRACK)

    async def change(on: Card, user: str, *, added: bool = True) -> str:
        """Change a vote for jazz; return the time of the last change for the first track."""
        await change_ballot(database.votes, on.id, user, JAZZ, added=added)
        times = {row["changed_at"] for row in database.labels() if row["track"] == TRACK.key}
        return "".join(times)

    assert await change(card, ALICE) == "2026-01-31 23:59:54.000000"
    assert await change(other, ALICE) == "2026-01-31 23:59:54.000000"
    assert await change(card, BOB) == "2026-01-31 23:59:56.000000"
    assert await change(card, BOB, added=False) == "2026-01-31 23:59:57.000000"
    assert await change(card, BOB, added=False) == "2026-01-31 23:59:57.000000", "withdrawn twice"
    assert await change(card, CAROL, added=False) == "2026-01-31 23:59:57.000000", "never added"
    assert await change(card, ALICE) == "2026-02-01 00:00:00.000000", "added again"
