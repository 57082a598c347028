"""Reads the bot's database: SQLite or PostgreSQL, synchronously, without writing to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, NullPool, RowMapping, Select, create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from model.addresses import check_server, sqlite_path
from training.errors import ChatLabelError

SYNC_DRIVERS: Final = {
    "sqlite+aiosqlite": "sqlite",
    "postgresql+asyncpg": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
"""Synchronous database driver for each of the bot's asynchronous drivers."""

UNDEFINED: Final = frozenset({"42P01", "42703"})
"""PostgreSQL's codes of a table and of a column that does not exist."""

UPDATE: Final = "start the bot once, which updates its database"


def read_rows(address: str, statement: Select[Any]) -> Sequence[RowMapping]:
    """Return what a statement selects in the bot's database.

    Args:
        address: SQLAlchemy URL of the database, or the absolute path of an SQLite file.
        statement: The statement.

    Raises:
        ChatLabelError: The address cannot be used, or the database cannot be read.
    """
    try:
        path = address if Path(address).is_absolute() else sqlite_path(address)
        if path is None:
            check_server(address)
        url = URL.create("sqlite", database=path) if path else make_url(address)
        engine = create_engine(_read_only(url), poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            return connection.execute(statement).mappings().all()
    except (ArgumentError, ImportError, ValueError) as error:  # ValueError: invalid port
        raise ChatLabelError(f"the address of the corrections cannot be used: {error}") from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        place = URL.create(url.drivername, host=url.host, port=url.port, database=url.database)
        way = f"; {UPDATE}" if _is_old(reason) else ""
        raise ChatLabelError(f"the corrections in {place} cannot be read: {reason}{way}") from error


def _is_old(reason: object) -> bool:
    """Return whether the database lacks the view or a column of it."""
    lacking = str(reason).startswith(("no such table", "no such column"))
    return lacking or getattr(reason, "sqlstate", None) in UNDEFINED


def _read_only(url: URL) -> URL:
    """Return the URL with a synchronous driver; an SQLite file is neither created nor written."""
    url = url.set(drivername=SYNC_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() != "sqlite":
        return url
    file = f"file:{quote(url.database or '')}"
    return url.set(database=file, query={**url.query, "mode": "ro", "uri": "true"})
