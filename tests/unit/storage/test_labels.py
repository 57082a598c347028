"""The view `feedback_labels`: what training reads of the votes."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.domain.cards import Card
from bot.domain.tracks import Track
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.tables import VIEW_VERSION, feedback_labels
from bot.storage.votes import SqlVoteStore
from model.schema import NAMES
from tests.contract.stores_values import (
    ALICE,
    BOB,
    FOLK,
    HERE,
    JAZZ,
    OTHER,
    TRACK,
    Ticking,
    about,
    record,
    url,
)

CAROL = "c" * 32


class Chat(NamedTuple):
    predictions: SqlPredictionStore
    feedback: SqlVoteStore
    reader: sqlite3.Connection

    async def card(self, track: Track = TRACK, **features: float) -> Card:
        return await self.predictions.add(about(track, **features), HERE)

    def labels(self) -> list[dict[str, Any]]:
        """Read the view as anyone with the file can."""
        rows = self.reader.execute("SELECT * FROM feedback_labels ORDER BY track, genre")
        names = [name for name, *_ in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def counts(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Map (track, genre) to its voters and those of the track."""
        return {
            (row["track"], row["genre"]): (row["voters"], row["all_voters"])
            for row in self.labels()
        }


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "soundslike.db")) as connection:
        yield connection


@pytest.fixture
async def chat(tmp_path: Path, reader: sqlite3.Connection) -> AsyncIterator[Chat]:
    now = Ticking()
    now()
    async with open_database(url(tmp_path / "soundslike.db")) as database:
        yield Chat(SqlPredictionStore(database, now), SqlVoteStore(database, now), reader)


async def test_without_votes_it_is_empty(chat: Chat) -> None:
    await chat.card()
    assert chat.labels() == []


async def test_it_names_no_person_and_no_place(chat: Chat) -> None:
    card = await chat.card()
    await record(chat.feedback, card.id, ALICE, JAZZ, added=True)
    (row,) = chat.labels()
    assert list(row) == [
        *("view_version", "track", "genre", "voters", "all_voters"),
        *NAMES,
        "changed_at",
    ]
    assert list(row) == list(feedback_labels.c.keys())
    assert ALICE not in row.values()
    assert row["view_version"] == VIEW_VERSION


async def test_it_counts_each_person_once_for_a_track(chat: Chat) -> None:
    first, second, other = [await chat.card(track) for track in (TRACK, TRACK, OTHER)]
    for card, user, choice in (
        (first, ALICE, JAZZ),
        (second, ALICE, FOLK),
        (first, BOB, (JAZZ[0], "folk")),
        (second, CAROL, JAZZ),
        (other, ALICE, JAZZ),
    ):
        await record(chat.feedback, card.id, user, choice, added=True)
    assert chat.counts() == {
        (TRACK.key, "folk"): (2, 3),
        (TRACK.key, "jazz"): (1, 3),
        (OTHER.key, "jazz"): (1, 1),
    }
    await record(chat.feedback, second.id, ALICE, FOLK, added=False)
    assert chat.counts()[TRACK.key, "jazz"] == (2, 3)
    assert await chat.feedback.forget(CAROL) == 1
    assert chat.counts()[TRACK.key, "jazz"] == (1, 2)


async def test_the_features_are_those_of_the_newest_answer_alone(chat: Chat) -> None:
    first = await chat.card(energy=0.25, tempo=100)
    await chat.card(energy=0.5, key=7)
    await chat.card(OTHER, energy=0.75)
    await record(chat.feedback, first.id, ALICE, JAZZ, added=True)
    (row,) = chat.labels()
    assert {name: row[name] for name in NAMES} == dict.fromkeys(NAMES) | {"energy": 0.5, "key": 7}


async def test_changed_at_is_when_a_vote_for_the_track_last_changed(chat: Chat) -> None:
    card, other = await chat.card(), await chat.card(OTHER)

    async def change(on: Card, user: str, *, added: bool = True) -> str:
        """Record a vote for jazz; return when the first track last changed."""
        await record(chat.feedback, on.id, user, JAZZ, added=added)
        times = {row["changed_at"] for row in chat.labels() if row["track"] == TRACK.key}
        return "".join(times)

    assert await change(card, ALICE) == "2026-01-31 23:59:54.000000"
    assert await change(other, ALICE) == "2026-01-31 23:59:54.000000"
    assert await change(card, BOB) == "2026-01-31 23:59:56.000000"
    assert await change(card, BOB, added=False) == "2026-01-31 23:59:57.000000"
    assert await change(card, BOB, added=False) == "2026-01-31 23:59:57.000000", "no change"
    assert await change(card, CAROL, added=False) == "2026-01-31 23:59:57.000000", "no change"
    assert await change(card, ALICE) == "2026-02-01 00:00:00.000000", "said again"
