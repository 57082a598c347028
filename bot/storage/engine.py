"""Opens the database: creates its folder, connects, migrates."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from errno import EISDIR
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import URL, Connection, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.errors import StorageFailed
from bot.storage import postgres, tables
from bot.storage.database import Database, failing
from bot.storage.group_commit import LOCK_TIMEOUT
from model.addresses import check_server, sqlite_path

SQLITE: Final = "sqlite"
SQLITE_DRIVER: Final = "sqlite+aiosqlite"

READ_CONNECTIONS: Final = 2
"""Each has its own thread and cache."""

AUTOCOMMIT: Final[Mapping[str, Any]] = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
}
"""Options of an engine whose statements see all earlier writes."""

RETRY_INTERVAL: Final = 0.02
"""Seconds between attempts to acquire a lock."""

OWNER_ONLY: Final = 0o600
"""Mode of a new SQLite file; its write-ahead log takes the same one."""

PRAGMAS: Final = (
    f"busy_timeout = {LOCK_TIMEOUT * 1000}",
    "synchronous = FULL",  # in WAL mode, NORMAL may lose the last commits at a power failure
    "foreign_keys = ON",
    "secure_delete = ON",  # deleted data is overwritten
)


@asynccontextmanager
async def open_database(address: str | Path) -> AsyncIterator[Database]:
    """Open the database at `address`, create or migrate its tables, and close it on exit.

    Several processes may open a database at the same time.

    Args:
        address: Path of a SQLite file, or a URL of SQLite or PostgreSQL; the driver is ours.

    Raises:
        StorageFailed: With a sentence that names the database.
    """
    parsed = _parse(address)
    file = _file(parsed)
    name = str(file or _without_secrets(parsed))
    with failing(f"the database {name} cannot be opened"):
        writer = _engine(parsed, 1 if file else postgres.WRITE_CONNECTIONS)
        database = Database(name, _engine(parsed, READ_CONNECTIONS, **AUTOCOMMIT), writer)
        if file:
            await asyncio.to_thread(_prepare, file)
    try:
        await _migrate(database)
        yield database
    finally:
        await database.close()


def database_file(address: str | Path) -> Path | None:
    """Return the SQLite file of a database, None for PostgreSQL; raise StorageFailed."""
    return _file(_parse(address))


def _parse(address: str | Path) -> URL:
    if isinstance(address, Path):
        return URL.create(SQLITE_DRIVER, database=str(address))
    with failing("DATABASE_URL cannot be used"):
        if path := sqlite_path(address):
            return URL.create(SQLITE_DRIVER, database=path)
        check_server(address)
        url = make_url(address)
        return url.set(drivername=url.drivername.lower())


def _file(url: URL) -> Path | None:
    """Return the file of a SQLite database, None for PostgreSQL."""
    if url.get_backend_name() in postgres.NAMES:
        return None
    if url.get_backend_name() != SQLITE:
        raise StorageFailed(
            f"DATABASE_URL is neither SQLite's nor PostgreSQL's: {_without_secrets(url)}"
        )
    if url.database is None:  # as in "sqlite://"
        raise StorageFailed("DATABASE_URL names no file: in memory, every vote would be lost")
    return Path(url.database).absolute()


def _without_secrets(url: URL) -> URL:
    """Return a URL without user, password and parameters, any of which may contain a secret."""
    return URL.create(url.drivername, host=url.host, port=url.port, database=url.database)


def _prepare(file: Path) -> None:
    """Create a SQLite database and its folder, and enable write-ahead logging permanently.

    A file that cannot be opened fails here, because aiosqlite would leave a thread running.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_dir():
        raise IsADirectoryError(EISDIR, "it is a folder")
    with suppress(OSError):  # it exists, or SQLite says why it cannot be created
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    with closing(sqlite3.connect(file)) as connection:
        _use_wal(connection)


def _use_wal(connection: sqlite3.Connection) -> None:
    # Two processes that do this at the same time may block each other; SQLite then fails at once
    # instead of waiting, so the wait is implemented here.
    deadline = monotonic() + LOCK_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > deadline:
                raise
            sleep(RETRY_INTERVAL)
        else:
            return


def _engine(url: URL, connections: int, **options: Any) -> AsyncEngine:
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # it logs parameters at DEBUG
    sqlite = url.get_backend_name() == SQLITE
    if not sqlite:
        url, arguments = postgres.prepare(url)
        options |= {"connect_args": arguments}
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=LOCK_TIMEOUT,
        **options,
    )
    if sqlite:
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    else:
        postgres.replace_lost_connections(engine.sync_engine)
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def _migrate(database: Database) -> None:
    async with database.read() as connection:
        revision = await connection.run_sync(_revision)
    if revision == tables.REVISION:
        return
    # Importing Alembic takes 50 ms and 12 MB, and it is rarely needed.
    from bot.storage import migrate  # noqa: PLC0415

    async with database.write() as connection:
        if database.dialect == postgres.DIALECT:
            await connection.exec_driver_sql(postgres.MIGRATION_LOCK)
        await connection.run_sync(migrate.to_head, database.name)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
