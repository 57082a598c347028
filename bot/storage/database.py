"""An open database: short reads, one write at a time, and errors that are ours."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StorageFailed
from bot.storage import postgres

if TYPE_CHECKING:
    from sqlalchemy.pool import QueuePool

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


LINGER: Final = 3
"""How long closing waits for the connections that are lent, in seconds."""


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
        self._closed = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection on which each statement sees all that was written before it.

        Raises StorageFailed.
        """
        self._check_open()
        with failing(f"the database {self.name} cannot be read"):
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection in a transaction: on disk when the block ends, undone if it raises.

        Raises StorageFailed, in which case nothing of the block was kept.
        """
        self._check_open()
        with failing(f"the database {self.name} cannot be written"):
            async with self._writer.begin() as connection:
                await connection.exec_driver_sql(LOCK[connection.dialect.name])
                yield connection

    async def close(self) -> None:
        """Lend nothing any more, wait for what is lent, and close every connection."""
        self._closed = True
        try:
            # A pool forgets what it has lent when it is disposed of: nobody would ever close that.
            with suppress(TimeoutError):
                async with asyncio.timeout(LINGER):
                    await _all_back(self._writer)
                    await _all_back(self._reader)
        finally:
            await self._writer.dispose()
            await self._reader.dispose()

    def _check_open(self) -> None:
        # A pool that was disposed of would open a connection that nobody closes.
        if self._closed:
            raise StorageFailed(f"the database {self.name} is closed")


async def _all_back(engine: AsyncEngine) -> None:
    # A borrower who was cancelled is gone before his connection is back: only the pool knows.
    pool = cast("QueuePool", engine.pool)  # the asynchronous engine's is one
    returned = asyncio.Event()
    event.listen(pool, "checkin", lambda *_: returned.set())
    while pool.checkedout():
        returned.clear()
        await returned.wait()


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
