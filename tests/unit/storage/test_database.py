"""Reads and writes: locks, transactions, closing, errors."""

import asyncio
import gc
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.errors import StorageFailed
from bot.domain.votes import Forgotten
from bot.storage import engine
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.seen_events import SqlEventLog
from bot.storage.votes import SqlVoteStore
from tests.support.store_values import (
    ALICE,
    ANSWER,
    JAZZ,
    PLACE,
    TickingClock,
    change_ballot,
    sqlite_url,
)


@pytest.fixture
def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Return a connection of another program; the bot waits 10 ms for its lock."""
    others = [pragma for pragma in engine.PRAGMAS if "busy_timeout" not in pragma]
    monkeypatch.setattr(engine, "PRAGMAS", ("busy_timeout = 10", *others))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def vote(database: Database) -> int:
    """Store a card and a vote, and return the card's id."""
    card = await SqlPredictionStore(database, TickingClock()).add(ANSWER, PLACE)
    await change_ballot(SqlVoteStore(database, TickingClock()), card.id, ALICE, JAZZ, added=True)
    return card.id


async def test_data_is_stored_across_restarts(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        card_id = await vote(database)
        assert await SqlEventLog(database, TickingClock()).first_time("e1")
    async with open_database(sqlite_url(path)) as database:
        ballot = await SqlVoteStore(database, TickingClock()).ballot(card_id, ALICE)
        assert ballot.counted == JAZZ[1]
        assert not await SqlEventLog(database, TickingClock()).first_time("e1")


SLOW = """WITH RECURSIVE up_to(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up_to WHERE x < 200000)
SELECT count(*) FROM up_to"""


@pytest.mark.filterwarnings("error::ResourceWarning")
@pytest.mark.parametrize("cancelled", [False, True])
async def test_closing_waits_for_reads_in_progress(path: Path, cancelled: bool) -> None:  # noqa: FBT001 - parametrized
    started = asyncio.Event()

    async def read(database: Database) -> object:
        async with database.read() as connection:
            started.set()
            return await connection.scalar(text(SLOW))

    async with open_database(sqlite_url(path)) as database:
        reading = asyncio.create_task(read(database))
        await started.wait()
        if cancelled:
            reading.cancel()
    (result,) = await asyncio.gather(reading, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError) if cancelled else result == 200_000
    del reading
    gc.collect()  # an unclosed connection would warn, which fails the test


async def test_closed_database_yields_no_connection(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        pass
    for connect in (database.read, database.write):
        with pytest.raises(StorageFailed, match=f"the database {path} is closed"):
            async with connect():
                pass


async def test_write_fails_at_the_lock_timeout_and_the_next_succeeds(
    path: Path, locked: sqlite3.Connection
) -> None:
    async with open_database(sqlite_url(path)) as database:
        locked.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFailed, match="cannot be written: database is locked"):
            await vote(database)
        locked.execute("ROLLBACK")
        assert await vote(database) == 1


async def test_write_holds_the_lock_from_the_start_and_read_does_not(
    path: Path, locked: sqlite3.Connection
) -> None:
    async with open_database(sqlite_url(path)) as database:
        locked.execute("PRAGMA busy_timeout = 0")
        async with database.write():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                locked.execute("BEGIN IMMEDIATE")
        async with database.read():
            locked.execute("BEGIN IMMEDIATE")


async def test_read_does_not_wait_for_a_write(path: Path, locked: sqlite3.Connection) -> None:
    async with open_database(sqlite_url(path)) as database:
        card_id = await vote(database)
        locked.execute("BEGIN IMMEDIATE")
        assert await SqlPredictionStore(database, TickingClock()).get(card_id)
        assert (await SqlVoteStore(database, TickingClock()).ballot(card_id, ALICE)).counted


async def test_many_concurrent_tasks_write_and_read(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        card_ids = await asyncio.gather(*(vote(database) for _ in range(50)))
        predictions = SqlPredictionStore(database, TickingClock())
        cards = await asyncio.gather(*(predictions.get(card_id) for card_id in card_ids))
    assert len({card.id for card in cards if card}) == 50


async def _write_and_fail(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO seen_events VALUES ('e1', '2026-01-01')"))
        await connection.execute(text("INSERT INTO nowhere VALUES (1)"))


async def test_write_that_raises_is_rolled_back(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        with pytest.raises(StorageFailed, match="no such table"):
            await _write_and_fail(database)
        assert await SqlEventLog(database, TickingClock()).first_time("e1")


async def test_cancelled_write_does_not_affect_later_ones(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        for turns in range(40):
            task = asyncio.create_task(vote(database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert await vote(database)
        with closing(sqlite3.connect(path)) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_statement_parameters_appear_in_neither_log_nor_errors(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_database(sqlite_url(path)) as database:
        await vote(database)
        await SqlMessageStore(database, TickingClock()).remember(
            PLACE, "m1", 1, asker=ALICE, source="q"
        )
        with pytest.raises(StorageFailed) as caught:
            await change_ballot(SqlVoteStore(database, TickingClock()), 77, ALICE, JAZZ, added=True)
    assert ALICE not in caplog.text
    assert ALICE not in f"{caught.value} {caught.value.__cause__}"
    assert "FOREIGN KEY" in str(caught.value)


async def test_value_that_cannot_be_stored_is_a_storage_failure(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        with pytest.raises(StorageFailed):
            await SqlEventLog(database, TickingClock()).first_time("half a character: \ud83c")
        with pytest.raises(StorageFailed):
            await change_ballot(
                SqlVoteStore(database, TickingClock()), 10**30, ALICE, JAZZ, added=True
            )


async def test_damaged_row_is_a_storage_failure(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        card_id = await vote(database)
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("UPDATE predictions SET genres = '{'")
        with pytest.raises(StorageFailed):
            await SqlPredictionStore(database, TickingClock()).get(card_id)


def _mentions(folder: Path, word: str) -> list[Path]:
    return [path for path in folder.iterdir() if word.encode() in path.read_bytes()]


async def test_forgotten_user_hash_is_overwritten_in_the_file(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        card_id = await vote(database)
        await SqlMessageStore(database, TickingClock()).remember(
            PLACE, "m1", card_id, asker=ALICE, source="q"
        )
        assert _mentions(path.parent, ALICE)
        assert await SqlVoteStore(database, TickingClock()).forget(ALICE) == Forgotten(1, 1)
    assert not _mentions(path.parent, ALICE)
