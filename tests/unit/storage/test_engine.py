"""Opening a database: its settings, its migrations, and every way in which it can fail."""

import asyncio
import gc
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.domain.errors import StorageFailed
from bot.storage import engine, migrate, tables
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.seen_events import SqlEventLog
from bot.storage.votes import SqlVoteStore
from tests.contract.stores_values import ALICE, ANSWER, HERE, JAZZ, Ticking, record, url


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "soundslike.db"


@pytest.fixture
def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program's connection; the bot waits for its lock hardly at all."""
    hasty = [pragma for pragma in engine.PRAGMAS if "busy_timeout" not in pragma]
    monkeypatch.setattr(engine, "PRAGMAS", ("busy_timeout = 10", *hasty))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def vote(database: Database) -> int:
    """Store a card and a vote, and return the card's id."""
    card = await SqlPredictionStore(database, Ticking()).add(ANSWER, HERE)
    await record(SqlVoteStore(database, Ticking()), card.id, ALICE, JAZZ, added=True)
    return card.id


async def test_a_new_database_is_safe_and_lets_readers_read(path: Path) -> None:
    async with open_database(url(path)) as database:
        for lend in (database.read, database.write):
            async with lend() as connection:
                settings = {
                    name: await connection.scalar(text(f"PRAGMA {name}"))
                    for name in ("synchronous", "foreign_keys", "busy_timeout", "secure_delete")
                }
            assert settings == {
                "synchronous": 2,
                "foreign_keys": 1,
                "busy_timeout": 10_000,
                "secure_delete": 1,
            }
        with closing(sqlite3.connect(path)) as plain:
            assert plain.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_the_revision_is_that_of_the_last_migration() -> None:
    scripts = ScriptDirectory.from_config(migrate.configuration())
    assert scripts.get_current_head() == tables.REVISION


async def test_what_was_kept_is_there_after_a_restart(path: Path) -> None:
    async with open_database(url(path)) as database:
        card_id = await vote(database)
        assert await SqlEventLog(database, Ticking()).first_time("e1")
    async with open_database(url(path)) as database:
        ballot = await SqlVoteStore(database, Ticking()).ballot(card_id, ALICE)
        assert ballot.counted == JAZZ[1]
        assert not await SqlEventLog(database, Ticking()).first_time("e1")


SLOW = """WITH RECURSIVE up_to(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up_to WHERE x < 200000)
SELECT count(*) FROM up_to"""


@pytest.mark.filterwarnings("error::ResourceWarning")
@pytest.mark.parametrize("cancelled", [False, True])
async def test_closing_waits_for_what_is_being_read(path: Path, cancelled: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    begun = asyncio.Event()

    async def read(database: Database) -> object:
        async with database.read() as connection:
            begun.set()
            return await connection.scalar(text(SLOW))

    async with open_database(url(path)) as database:
        reading = asyncio.create_task(read(database))
        await begun.wait()
        if cancelled:
            reading.cancel()
    (result,) = await asyncio.gather(reading, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError) if cancelled else result == 200_000
    del reading
    gc.collect()  # a connection that nobody closed would warn, and fail the test


async def test_a_closed_database_lends_nothing(path: Path) -> None:
    async with open_database(url(path)) as database:
        pass
    for lend in (database.read, database.write):
        with pytest.raises(StorageFailed, match=f"the database {path} is closed"):
            async with lend():
                pass


async def test_a_database_of_a_newer_version_is_refused_untouched(path: Path) -> None:
    async with open_database(url(path)):
        pass
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFailed, match=f"{path} was written by a newer version .*9999"):
        async with open_database(url(path)):
            pass
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


async def test_a_migration_that_fails_leaves_nothing_behind(path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("CREATE TABLE votes (theirs)")
    with pytest.raises(StorageFailed, match="votes already exists"):
        async with open_database(url(path)):
            pass
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("votes",)]


async def test_events_are_forgotten_after_thirty_days_also_by_a_bot_that_never_stops(
    path: Path,
) -> None:
    now = Ticking()
    async with open_database(url(path)) as database:
        events = SqlEventLog(database, now)
        assert await events.first_time("old")
        now.time += timedelta(days=20)
        assert await events.first_time("young")
        now.time += timedelta(days=11)
        assert await events.first_time("old")
        assert not await events.first_time("young")


async def test_old_events_are_looked_for_once_a_day(path: Path) -> None:
    now = Ticking()
    async with open_database(url(path)) as database:
        events = SqlEventLog(database, now)
        assert await events.first_time("old")
        now.time += timedelta(days=30, hours=-1)
        assert await events.first_time("another")
        now.time += timedelta(hours=2)
        assert not await events.first_time("old")
        now.time += timedelta(days=1)
        assert await events.first_time("old")


def _file_as_folder(folder: Path) -> str:
    (folder / "file").touch()
    return url(folder / "file" / "x.db")


def _folder(folder: Path) -> str:
    (folder / "x.db").mkdir()
    return url(folder / "x.db")


def _no_database(folder: Path) -> str:
    (folder / "x.db").write_text("These are not the bytes of a database.\n" * 99)
    return url(folder / "x.db")


@pytest.mark.parametrize(
    ("make_url", "sentence"),
    [
        pytest.param(_file_as_folder, r"/file/x\.db cannot be opened: ", id="a file as folder"),
        pytest.param(_folder, r"/x\.db cannot be opened: it is a folder", id="a folder"),
        pytest.param(_no_database, r"/x\.db cannot be opened: file is not a", id="no database"),
        pytest.param(
            lambda _: "sqlite+aiosqlite:////proc/nowhere/x.db",
            r"^the database /proc/nowhere/x\.db cannot be opened: No such file or directory",
            id="nothing can be written there",
        ),
        pytest.param(
            lambda _: "sqlite+aiosqlite:////proc/x.db",
            r"^the database /proc/x\.db cannot be opened: unable to open database file",
            id="no file can be made there",
        ),
        pytest.param(lambda _: "sqlite+aiosqlite://", "names no file", id="in memory"),
        pytest.param(lambda _: "soundslike.db", "^DATABASE_URL cannot be used", id="no URL"),
        pytest.param(
            lambda _: "sqlite:///x.db", "requires an async driver", id="a driver that blocks"
        ),
        pytest.param(
            lambda _: "nosql+none://me:secret@host/x?password=secret",
            r"^DATABASE_URL is neither SQLite's nor PostgreSQL's: nosql\+none://me:\*\*\*@host/x$",
            id="another database",
        ),
    ],
)
async def test_a_database_that_cannot_be_opened_is_a_sentence_with_a_cause(
    tmp_path: Path,
    make_url: Callable[[Path], str],
    sentence: str,
) -> None:
    with pytest.raises(StorageFailed, match=sentence) as caught:
        async with open_database(make_url(tmp_path)):
            pass
    assert caught.value.__cause__ or sentence.startswith(("names no file", "^DATABASE_URL is"))


async def test_a_driver_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aiosqlite", None)
    with pytest.raises(StorageFailed, match="aiosqlite"):
        async with open_database(url(tmp_path / "x.db")):
            pass


async def test_a_write_waits_no_longer_than_its_patience_and_the_next_succeeds(
    path: Path, locked: sqlite3.Connection
) -> None:
    async with open_database(url(path)) as database:
        locked.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFailed, match="cannot be written: database is locked"):
            await vote(database)
        locked.execute("ROLLBACK")
        assert await vote(database) == 1


async def test_a_write_has_the_write_lock_from_its_first_moment(
    path: Path, locked: sqlite3.Connection
) -> None:
    async with open_database(url(path)) as database:
        locked.execute("PRAGMA busy_timeout = 0")
        async with database.write():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                locked.execute("BEGIN IMMEDIATE")
        async with database.read():
            locked.execute("BEGIN IMMEDIATE")


class _Busy(sqlite3.Connection):
    """A connection that finds a lock in its way the first few times."""

    errors: list[str]

    def execute(self, sql: str, *_: object) -> sqlite3.Cursor:
        if not self.errors:
            return super().execute(sql)
        error = sqlite3.OperationalError("no")
        error.sqlite_errorname = self.errors.pop(0)
        raise error


def test_turning_the_log_on_is_tried_again_only_while_a_lock_is_in_the_way(path: Path) -> None:
    with closing(sqlite3.connect(path, factory=_Busy)) as connection:
        connection.errors = ["SQLITE_BUSY", "SQLITE_BUSY_RECOVERY"]
        engine._use_wal(connection)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.errors = ["SQLITE_READONLY"]
        with pytest.raises(sqlite3.OperationalError):
            engine._use_wal(connection)


async def test_reading_does_not_wait_for_a_writer(path: Path, locked: sqlite3.Connection) -> None:
    async with open_database(url(path)) as database:
        card_id = await vote(database)
        locked.execute("BEGIN IMMEDIATE")
        assert await SqlPredictionStore(database, Ticking()).get(card_id)
        assert (await SqlVoteStore(database, Ticking()).ballot(card_id, ALICE)).counted


async def test_many_tasks_write_and_read_at_once(path: Path) -> None:
    async with open_database(url(path)) as database:
        card_ids = await asyncio.gather(*(vote(database) for _ in range(50)))
        predictions = SqlPredictionStore(database, Ticking())
        cards = await asyncio.gather(*(predictions.get(card_id) for card_id in card_ids))
    assert len({card.id for card in cards if card}) == 50


async def _two_statements(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO seen_events VALUES ('e1', '2026-01-01')"))
        await connection.execute(text("INSERT INTO nowhere VALUES (1)"))


async def test_a_write_that_raises_keeps_nothing(path: Path) -> None:
    async with open_database(url(path)) as database:
        with pytest.raises(StorageFailed, match="no such table"):
            await _two_statements(database)
        assert await SqlEventLog(database, Ticking()).first_time("e1")


async def test_a_cancelled_write_harms_no_later_one(path: Path) -> None:
    async with open_database(url(path)) as database:
        for turns in range(40):
            task = asyncio.create_task(vote(database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert await vote(database)
        with closing(sqlite3.connect(path)) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_no_parameter_reaches_the_log_or_an_error(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_database(url(path)) as database:
        await vote(database)
        await SqlMessageStore(database, Ticking()).remember(HERE, "m1", 1, asker=ALICE, source="q")
        with pytest.raises(StorageFailed) as caught:
            await record(SqlVoteStore(database, Ticking()), 77, ALICE, JAZZ, added=True)
    assert ALICE not in caplog.text
    assert ALICE not in f"{caught.value} {caught.value.__cause__}"
    assert "FOREIGN KEY" in str(caught.value)


async def test_what_cannot_be_stored_is_a_storage_failure(path: Path) -> None:
    async with open_database(url(path)) as database:
        with pytest.raises(StorageFailed):
            await SqlEventLog(database, Ticking()).first_time("half a character: \ud83c")
        with pytest.raises(StorageFailed):
            await record(SqlVoteStore(database, Ticking()), 10**30, ALICE, JAZZ, added=True)


async def test_a_row_that_was_damaged_is_a_storage_failure(path: Path) -> None:
    async with open_database(url(path)) as database:
        card_id = await vote(database)
        with closing(sqlite3.connect(path)) as plain, plain:
            plain.execute("UPDATE predictions SET genres = '{'")
        with pytest.raises(StorageFailed):
            await SqlPredictionStore(database, Ticking()).get(card_id)


def _mentions(folder: Path, word: str) -> list[Path]:
    return [path for path in folder.iterdir() if word.encode() in path.read_bytes()]


async def test_who_is_forgotten_is_nowhere_in_the_file(path: Path) -> None:
    async with open_database(url(path)) as database:
        card_id = await vote(database)
        await SqlMessageStore(database, Ticking()).remember(
            HERE, "m1", card_id, asker=ALICE, source="q"
        )
        assert _mentions(path.parent, ALICE)
        assert await SqlVoteStore(database, Ticking()).forget(ALICE) == 1
    assert not _mentions(path.parent, ALICE)
