"""Group commit: blocks share a transaction, fail and are cancelled alone, and are durable."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, event, text

from bot.domain.errors import StorageFailed
from bot.storage import database as databases
from bot.storage import engine, group_commit
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.tables import seen_events
from tests.support.store_values import TickingClock, sqlite_url

AT: Final = TickingClock()()


class Deliberate(Exception):
    """Raised by a block."""


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with open_database(sqlite_url(path)) as opened:
        yield opened


@pytest.fixture
def statements(database: Database) -> list[str]:
    """Return the list to which the statements of the writer are added, COMMIT included."""
    seen: list[str] = []
    writer = database._writer.sync_engine
    event.listen(writer, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    event.listen(writer, "commit", lambda _: seen.append("COMMIT"))
    return seen


async def write(database: Database, name: str, error: type[Exception] | None = None) -> None:
    async with database.write() as connection:
        await connection.execute(seen_events.insert().values(event_id=name, at=AT))
        if error:
            raise error


def stored(path: Path) -> set[str]:
    """Return the rows that another program sees."""
    with closing(sqlite3.connect(path)) as plain:
        return {name for (name,) in plain.execute("SELECT event_id FROM seen_events")}


async def test_concurrent_blocks_share_a_transaction(
    database: Database, path: Path, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MAX_DURATION", 60)
    names = {f"e{number}" for number in range(20)}
    await asyncio.gather(*(write(database, name) for name in names))
    assert stored(path) == names
    assert statements.count("COMMIT") == 1


async def test_block_alone_has_no_savepoint(database: Database, statements: list[str]) -> None:
    await write(database, "e1")
    assert [statement.split()[0] for statement in statements] == ["BEGIN", "INSERT", "COMMIT"]


@pytest.mark.parametrize(("blocks", "seconds"), [(3, 60), (100, 0)])
async def test_transaction_is_bounded_in_blocks_and_in_time(
    database: Database,
    statements: list[str],
    monkeypatch: pytest.MonkeyPatch,
    blocks: int,
    seconds: float,
) -> None:
    monkeypatch.setattr(group_commit, "MAX_BLOCKS", blocks)
    monkeypatch.setattr(group_commit, "MAX_DURATION", seconds)
    await asyncio.gather(*(write(database, f"e{number}") for number in range(9)))
    assert statements.count("COMMIT") == (3 if seconds else 9)


async def test_other_processes_may_write_between_transactions(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def write_meanwhile(seconds: float) -> None:
        with closing(sqlite3.connect(path, timeout=0)) as other, other:
            other.execute("INSERT INTO seen_events VALUES (?, ?)", (f"p{len(pauses)}", str(AT)))
        pauses.append(seconds)

    monkeypatch.setattr(group_commit, "MAX_BLOCKS", 1)
    monkeypatch.setattr(group_commit, "MAX_BUSY", 0)
    monkeypatch.setattr(asyncio, "sleep", write_meanwhile)
    await asyncio.gather(*(write(database, f"e{number}") for number in range(3)))
    assert pauses == [group_commit.PAUSE] * 2
    assert stored(path) == {"e0", "e1", "e2", "p0", "p1"}


@pytest.mark.parametrize("failing", [0, 3, 6])
async def test_failing_block_is_rolled_back_alone(
    database: Database, path: Path, failing: int
) -> None:
    names = [f"e{number}" for number in range(7)]
    results = await asyncio.gather(
        *(
            write(database, name, Deliberate if number == failing else None)
            for number, name in enumerate(names)
        ),
        return_exceptions=True,
    )
    assert [type(result) for result in results if result] == [Deliberate]
    assert stored(path) == {*names} - {names[failing]}


async def test_write_returns_after_the_commit(database: Database, path: Path) -> None:
    async def write_and_look(name: str) -> None:
        await write(database, name)
        assert name in stored(path)

    await asyncio.gather(*(write_and_look(f"e{number}") for number in range(10)))


async def test_failed_commit_is_raised_in_every_block(database: Database, path: Path) -> None:
    async def break_commit() -> None:
        async with database.write() as connection:
            await connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            await connection.execute(
                text(
                    "INSERT INTO messages (platform, workspace, channel, message_id,"
                    " prediction_id, at) VALUES ('web', '', '', 'm', 77, '2026-01-31')"
                )
            )

    results = await asyncio.gather(
        write(database, "e1"), break_commit(), write(database, "e2"), return_exceptions=True
    )
    assert all(isinstance(result, StorageFailed) for result in results)
    assert {str(result) for result in results} == {
        f"the database {path} cannot be written: FOREIGN KEY constraint failed"
    }
    assert stored(path) == set()
    await write(database, "e3")
    assert stored(path) == {"e3"}


async def test_locked_database_fails_all_waiting_blocks_after_one_timeout(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [pragma for pragma in engine.PRAGMAS if "busy_timeout" not in pragma]
    monkeypatch.setattr(engine, "PRAGMAS", ("busy_timeout = 100", *others))
    begun: list[str] = []
    async with open_database(sqlite_url(path)) as database:
        listener = database._writer.sync_engine
        event.listen(listener, "before_cursor_execute", lambda *given: begun.append(given[2]))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            results = await asyncio.gather(
                *(write(database, f"e{number}") for number in range(30)), return_exceptions=True
            )
        assert all("database is locked" in str(result) for result in results)
        assert begun == ["BEGIN IMMEDIATE"]
        await write(database, "e1")
    assert stored(path) == {"e1"}


async def test_block_does_not_wait_for_another_one_without_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LOCK_TIMEOUT", 0.05)
    async with database.write():
        with pytest.raises(StorageFailed, match="cannot be written"):
            await write(database, "e1")
    await write(database, "e2")


@pytest.mark.parametrize("seed", range(30))
async def test_cancelled_blocks_do_not_affect_others(
    database: Database, path: Path, seed: int
) -> None:
    generator = random.Random(seed)  # noqa: S311 - not for security
    monitored = range(30)
    tasks = [asyncio.create_task(write(database, f"e{number}")) for number in monitored]
    failing = [
        asyncio.create_task(write(database, f"f{number}", Deliberate)) for number in monitored
    ]
    while not all(task.done() for task in tasks):
        generator.choice([*tasks, *failing]).cancel() if generator.random() < 0.05 else None
        await asyncio.sleep(0)
    results = await asyncio.gather(*tasks, *failing, return_exceptions=True)
    assert {type(result) for result in results} <= {
        type(None),
        Deliberate,
        asyncio.CancelledError,
    }
    rows = stored(path)
    for number in monitored:
        assert f"f{number}" not in rows
        if not tasks[number].cancelled():
            assert f"e{number}" in rows
    await write(database, "last")


async def test_block_that_is_cancelled_during_a_call_stores_nothing_of_it(
    database: Database, path: Path
) -> None:
    def insert(connection: Connection) -> None:
        tasks[1].cancel()
        for name in ("two", "three", "four"):
            connection.execute(seen_events.insert().values(event_id=name, at=AT))

    async def write_several() -> None:
        async with database.write() as connection:
            await connection.run_sync(insert)

    blocks = (write(database, "one"), write_several(), write(database, "five"))
    tasks = [asyncio.create_task(block) for block in blocks]
    await asyncio.wait(tasks)
    assert tasks[1].cancelled()
    assert stored(path) == {"one", "five"}


async def _hang(database: Database, entered: asyncio.Event, release: asyncio.Event) -> None:
    async with database.write() as connection:
        entered.set()
        await release.wait()
        await connection.execute(seen_events.insert().values(event_id="slow", at=AT))


async def test_closing_waits_for_blocks_that_run_and_wait(path: Path) -> None:
    entered, release = asyncio.Event(), asyncio.Event()
    async with open_database(sqlite_url(path)) as database:
        slow = asyncio.create_task(_hang(database, entered, release))
        await entered.wait()
        waiting = asyncio.create_task(write(database, "e1"))
        asyncio.get_running_loop().call_later(0.01, release.set)
        await asyncio.sleep(0)
    await asyncio.gather(slow, waiting)
    assert stored(path) == {"slow", "e1"}


async def test_blocks_that_do_not_end_fail_when_the_database_is_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "CLOSE_TIMEOUT", 0.05)
    entered, release = asyncio.Event(), asyncio.Event()
    async with open_database(sqlite_url(path)) as database:
        hanging = asyncio.create_task(_hang(database, entered, release))
        await entered.wait()
        waiting = asyncio.create_task(write(database, "e1"))
        await asyncio.sleep(0)
    release.set()
    results = await asyncio.gather(hanging, waiting, return_exceptions=True)
    assert all(isinstance(result, StorageFailed) for result in results), results
    assert stored(path) == set()
