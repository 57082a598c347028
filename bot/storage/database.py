"""An open database: reads in autocommit mode, write transactions, typed errors."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import CursorResult, Executable, Row, Table, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StorageFailed
from bot.storage import postgres
from bot.storage.group_commit import GroupCommit

if TYPE_CHECKING:
    from sqlalchemy.pool import QueuePool

FAILURES: Final = (
    SQLAlchemyError,
    sqlite3.Error,
    OSError,
    ImportError,  # the driver in DATABASE_URL is not installed
    ValueError,  # from drivers for a lone surrogate, and for damaged JSON
    OverflowError,  # from drivers for a number over 64 bits
)
"""Exceptions of SQLAlchemy, its drivers and the system."""

DEADLOCKS: Final = 3
"""Deadlocks after which a statement is executed again; the next one is an error."""

CLOSE_TIMEOUT: Final = 3
"""Seconds that closing waits for connections in use."""


class Database:
    """Connections for reading and writing; `name` is the path, or the URL without password.

    In SQLite a transaction that reads first and writes later may fail, as another process can write
    in between. Therefore reads use no transaction, and `write` acquires the write lock at once.

    In PostgreSQL transactions run concurrently. A block that decides by what it read must lock it,
    and blocks that lock several things must do so in the same order. Ids are not in the order of
    commits.
    """

    def __init__(self, name: str, reader: AsyncEngine, writer: AsyncEngine) -> None:
        """Store the engines: one in autocommit mode for reading, one for writing."""
        self.name = name
        self._reader = reader
        self._writer = writer
        self.dialect = writer.dialect.name
        self._groups = GroupCommit(writer.connect)
        self._abandoned: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection on which each statement sees all earlier writes.

        Raises StorageFailed.
        """
        self._check_open()
        with failing(f"the database {self.name} cannot be read"):
            async with self._connected(self._reader) as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction; return when it is committed.

        In SQLite, concurrent blocks run one after another and are committed together, so a block
        must not enter another one. What a block that raises has written is rolled back.

        Raises StorageFailed; nothing of the block is stored then.
        """
        self._check_open()
        with failing(f"the database {self.name} cannot be written"):
            blocks = self._groups.block if self.dialect == "sqlite" else self._transaction
            async with blocks() as connection:
                yield connection

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """Execute one statement in a transaction of its own; return the rows that it returns.

        In PostgreSQL, this takes one round trip instead of three, and is repeated after a deadlock.
        Raises StorageFailed.
        """
        if self.dialect == "sqlite":
            async with self.write() as connection:
                return _rows(await connection.execute(statement, parameters))
        self._check_open()
        with failing(f"the database {self.name} cannot be written"):
            async with self._connected(self._writer) as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                for _ in range(DEADLOCKS):
                    with postgres.deadlock_suppressed():
                        return _rows(await connection.execute(statement, parameters))
                return _rows(await connection.execute(statement, parameters))

    def insert(self, table: Table) -> Any:
        """Return an INSERT of the database's dialect, which has methods for ON CONFLICT."""
        return import_module(f"sqlalchemy.dialects.{self.dialect}").insert(table)

    async def close(self) -> None:
        """Refuse new connections, wait for those in use, and close all."""
        self._closed = True
        try:
            await self._groups.close(CLOSE_TIMEOUT)
            # Disposing of a pool does not close its connections in use.
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await asyncio.gather(*self._abandoned)
                    await _wait_until_returned(self._writer)
                    await _wait_until_returned(self._reader)
        finally:
            await self._writer.dispose()
            await self._reader.dispose()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self._connected(self._writer) as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        # aiosqlite leaves a connection open if it is cancelled while it opens it. So connecting
        # continues after a cancellation, and the connection is then returned to the pool.
        connecting = asyncio.create_task(_connect(engine))
        try:
            connection = await asyncio.shield(connecting)
        except asyncio.CancelledError:
            returning = asyncio.create_task(_return(connecting))
            self._abandoned.add(returning)
            returning.add_done_callback(self._abandoned.discard)
            raise
        async with AsyncExitStack() as stack:
            stack.push_async_exit(connection)
            yield connection

    def _check_open(self) -> None:
        # A disposed pool would open a connection that is never closed.
        if self._closed:
            raise StorageFailed(f"the database {self.name} is closed")


def _rows(result: CursorResult[Any]) -> Sequence[Row[Any]]:
    return result.all() if result.returns_rows else []


async def _connect(engine: AsyncEngine) -> AsyncConnection:
    return await engine.connect()


async def _return(connecting: asyncio.Task[AsyncConnection]) -> None:
    with suppress(*FAILURES):
        connection = await connecting
        await connection.close()


async def _wait_until_returned(engine: AsyncEngine) -> None:
    # A cancelled task ends before its connection is returned, so the pool is asked.
    pool = cast("QueuePool", engine.pool)  # asynchronous engines use one
    returned = asyncio.Event()
    event.listen(pool, "checkin", lambda *_: returned.set())
    while pool.checkedout():
        returned.clear()
        await returned.wait()


@contextmanager
def failing(what: str) -> Iterator[None]:
    """Convert FAILURES to StorageFailed with the sentence `what` and the reason."""
    try:
        yield
    except FAILURES as error:
        raise StorageFailed(f"{what}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        return str(error.orig)  # without the statement
    if isinstance(error, ImportError):
        return f"{error}. Install soundslike[postgres]"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
