"""An open database: short reads, one write at a time, and errors that are ours."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StorageFailed
from bot.storage import postgres

FAILURES: Final = (
    SQLAlchemyError,
    sqlite3.Error,
    OSError,
    ImportError,  # the driver that DATABASE_URL names is not installed
    ValueError,  # a driver's, for a lone surrogate, and damaged JSON
    OverflowError,  # a driver's, for a number past 64 bits
)
"""What SQLAlchemy, the drivers under it and the system raise."""

LOCK: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": postgres.LOCK}
"""What waits until no other process writes."""


class Database:
    """What stores read and write through; `name` is its path or its URL without the password.

    In SQLite a transaction that reads first and writes later may fail, since another process can
    write in between. So reads take no transaction, and `write` takes the write lock at once.
    """

    def __init__(self, name: str, reader: AsyncEngine, writer: AsyncEngine) -> None:
        """Read through one engine, in autocommit mode, and write through another."""
        self.name = name
        self._reader = reader
        self._writer = writer

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection on which each statement sees all that was written before it.

        Raises StorageFailed.
        """
        with failing(f"the database {self.name} cannot be read"):
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection in a transaction: on disk when the block ends, undone if it raises.

        Raises StorageFailed, in which case nothing of the block was kept.
        """
        with failing(f"the database {self.name} cannot be written"):
            async with self._writer.begin() as connection:
                await connection.exec_driver_sql(LOCK[connection.dialect.name])
                yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        await self._reader.dispose()


@contextmanager
def failing(what: str) -> Iterator[None]:
    """Turn FAILURES into StorageFailed: `what`, and why."""
    try:
        yield
    except FAILURES as error:
        raise StorageFailed(f"{what}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        return str(error.orig)  # without the statement
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
