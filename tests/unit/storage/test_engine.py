"""Opening a database: its settings, migrations and failures."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.domain.errors import StorageFailed
from bot.storage import engine, migrate, tables
from bot.storage.engine import open_database
from tests.support.store_values import (
    sqlite_url,
)


async def test_connections_have_the_required_pragmas_and_wal_mode(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        for connect in (database.read, database.write):
            async with connect() as connection:
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


def test_revision_is_that_of_the_last_migration() -> None:
    scripts = ScriptDirectory.from_config(migrate.configuration())
    assert scripts.get_current_head() == tables.REVISION


async def test_database_of_a_newer_version_is_rejected_unchanged(path: Path) -> None:
    async with open_database(sqlite_url(path)):
        pass
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFailed, match=f"{path} was written by a newer version .*9999"):
        async with open_database(sqlite_url(path)):
            pass
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


async def test_failed_migration_is_rolled_back(path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("CREATE TABLE votes (other)")
    with pytest.raises(StorageFailed, match="votes already exists"):
        async with open_database(sqlite_url(path)):
            pass
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("votes",)]


def _file_as_folder(folder: Path) -> str:
    (folder / "file").touch()
    return sqlite_url(folder / "file" / "x.db")


def _folder(folder: Path) -> str:
    (folder / "x.db").mkdir()
    return sqlite_url(folder / "x.db")


def _not_a_database(folder: Path) -> str:
    (folder / "x.db").write_text("This is not a database.\n" * 99)
    return sqlite_url(folder / "x.db")


@pytest.mark.parametrize(
    ("make_url", "message"),
    [
        pytest.param(_file_as_folder, r"/file/x\.db cannot be opened: ", id="file as folder"),
        pytest.param(_folder, r"/x\.db cannot be opened: it is a folder", id="folder"),
        pytest.param(
            _not_a_database, r"/x\.db cannot be opened: file is not a", id="not a database"
        ),
        pytest.param(
            lambda _: "sqlite+aiosqlite:////proc/nowhere/x.db",
            r"^the database /proc/nowhere/x\.db cannot be opened: No such file or directory",
            id="folder cannot be created",
        ),
        pytest.param(
            lambda _: "sqlite+aiosqlite:////proc/x.db",
            r"^the database /proc/x\.db cannot be opened: unable to open database file",
            id="file cannot be created",
        ),
        pytest.param(lambda _: "sqlite+aiosqlite://", "names no file", id="in memory"),
        pytest.param(lambda _: "soundslike.db", "^DATABASE_URL cannot be used", id="no URL"),
        pytest.param(
            lambda _: "nosql+none://me:secret@host/x?password=secret",
            r"^DATABASE_URL is neither SQLite's nor PostgreSQL's: nosql\+none://host/x$",
            id="unsupported database",
        ),
    ],
)
async def test_database_that_cannot_be_opened_is_reported_with_its_cause(
    tmp_path: Path,
    make_url: Callable[[Path], str],
    message: str,
) -> None:
    with pytest.raises(StorageFailed, match=message) as caught:
        async with open_database(make_url(tmp_path)):
            pass
    assert caught.value.__cause__ or message.startswith(("names no file", "^DATABASE_URL is"))


async def test_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiosqlite", None)
    with pytest.raises(StorageFailed, match="aiosqlite"):
        async with open_database(sqlite_url(tmp_path / "x.db")):
            pass


class _Busy(sqlite3.Connection):
    """Connection whose first statements fail with `errors`."""

    errors: list[str]

    def execute(self, sql: str, *_: object) -> sqlite3.Cursor:
        if not self.errors:
            return super().execute(sql)
        error = sqlite3.OperationalError("simulated")
        error.sqlite_errorname = self.errors.pop(0)
        raise error


def test_enabling_wal_is_retried_only_while_the_database_is_locked(path: Path) -> None:
    with closing(sqlite3.connect(path, factory=_Busy)) as connection:
        connection.errors = ["SQLITE_BUSY", "SQLITE_BUSY_RECOVERY"]
        engine._use_wal(connection)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.errors = ["SQLITE_READONLY"]
        with pytest.raises(sqlite3.OperationalError):
            engine._use_wal(connection)


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"])
async def test_url_of_sqlite_is_completed_to_our_driver(tmp_path: Path, scheme: str) -> None:
    async with open_database(f"{scheme}:///{tmp_path}/x.db") as database:
        assert database.name == str(tmp_path / "x.db")
