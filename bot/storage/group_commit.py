"""Group commit of SQLite: concurrent blocks of writes share a transaction and a flush to disk.

PostgreSQL flushes the commits of its connections together itself. There, a shared transaction would
hold the row locks of one block while the next ones run.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import StorageFailed

LOCK_TIMEOUT: Final = 10
"""Seconds to wait for the write lock, and for a connection of the pool."""

MAX_BLOCKS: Final = 100
"""Blocks in a transaction."""

MAX_DURATION: Final = 0.05
"""Seconds after which a transaction takes no further block."""

MAX_BUSY: Final = 1.0
"""Seconds of one transaction after another, after which other processes get their turn."""

PAUSE: Final = 0.11
"""Seconds without a transaction then: SQLite's busy handler looks every 0.1 s for the lock."""

CLOSED: Final = "the database is closed"

Result = TypeVar("Result")


class GroupCommit:
    """Runs blocks one after another on one connection and commits them together.

    A block runs in the task that entered it. Everything else (connecting, BEGIN, savepoints,
    COMMIT) runs in a task of its own, so that cancelling the writer of one block does not affect
    the others. The first block of a transaction has no savepoint: alone, it costs what a
    transaction costs.
    """

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._connect = connect
        self._waiting: deque[_Block] = deque()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def block(self) -> AsyncIterator[AsyncConnection]:
        """Yield the connection when it is this block's turn; return when its writes are durable.

        If the block raises, its own writes are rolled back. The errors of connecting, beginning and
        committing are raised in every block that they concern.

        Raises:
            TimeoutError: It was not this block's turn within LOCK_TIMEOUT.
        """
        block = _Block()
        self._waiting.append(block)
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        try:
            async with asyncio.timeout(LOCK_TIMEOUT):
                connection = await block.turn
            yield connection
        except BaseException:
            block.ended.set_result(False)
            raise
        block.ended.set_result(True)
        await block.committed

    async def close(self, seconds: float) -> None:
        """Wait until no block waits or runs; those that are left after `seconds` fail."""
        if self._task:
            _, running = await asyncio.wait([self._task], timeout=seconds)
            for task in running:
                task.cancel()
                await asyncio.wait([task], timeout=seconds)

    async def _work(self) -> None:
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            while self._waiting:
                await self._transaction()
                if self._waiting and clock() - started > MAX_BUSY:
                    await asyncio.sleep(PAUSE)
                    started = clock()
        finally:
            self._task = None
            self._fail_waiting(StorageFailed(CLOSED))

    async def _transaction(self) -> None:
        blocks: list[_Block] = []
        begun = False
        try:
            async with self._connect() as connection, connection.begin() as transaction:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")  # the write lock
                begun = True
                if not await self._run_blocks(connection, blocks):
                    await transaction.rollback()
        except Exception as error:  # noqa: BLE001 - raised in the blocks
            _fail(blocks, error)
            if not begun:  # else each group would wait for the lock until the timeout
                self._fail_waiting(error)
        except BaseException:
            _fail(blocks, StorageFailed(CLOSED))
            raise
        else:
            for block in blocks:
                if not block.committed.cancelled():
                    block.committed.set_result(None)

    def _fail_waiting(self, error: Exception) -> None:
        _fail(self._waiting, error)
        self._waiting.clear()

    async def _run_blocks(self, connection: AsyncConnection, blocks: list["_Block"]) -> bool:
        """Run waiting blocks, add those to commit to `blocks`, and return whether there are any."""
        statements = UncancelledConnection(connection)
        clock = asyncio.get_running_loop().time
        deadline = clock() + MAX_DURATION
        while self._waiting and len(blocks) < MAX_BLOCKS and (not blocks or clock() < deadline):
            block = self._waiting.popleft()
            if block.ended.done():
                continue  # cancelled while it waited
            blocks.append(block)
            nested = len(blocks) > 1
            if nested:
                await connection.exec_driver_sql("SAVEPOINT block")
            if not await block.run(statements):
                blocks.pop()
                if not nested:
                    break  # nothing else was written, so the transaction is rolled back
                await connection.exec_driver_sql("ROLLBACK TO block")
            if nested:
                await connection.exec_driver_sql("RELEASE block")
        return bool(blocks)


class UncancelledConnection(AsyncConnection):
    """Connection whose statements continue if the task that waits for them is cancelled.

    SQLAlchemy discards a connection in whose statement a task was cancelled, and with it the
    writes of all blocks of the transaction.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.engine, connection.sync_connection)
        self._running: asyncio.Task[Any] | None = None

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """Execute a statement."""
        return await self._uncancelled(super().execute(*arguments, **options))

    async def exec_driver_sql(self, *arguments: Any, **options: Any) -> Any:
        """Execute a text in the driver's syntax."""
        return await self._uncancelled(super().exec_driver_sql(*arguments, **options))

    async def run_sync(self, *arguments: Any, **options: Any) -> Any:
        """Call a function with the synchronous connection."""
        return await self._uncancelled(super().run_sync(*arguments, **options))

    async def settle(self) -> None:
        """Wait for the statement of a cancelled task."""
        if self._running and not self._running.done():
            await asyncio.wait([self._running])

    async def _uncancelled(self, statement: Coroutine[Any, Any, Result]) -> Result:
        self._running = asyncio.create_task(statement)
        self._running.add_done_callback(_retrieve)
        return await asyncio.shield(self._running)


class _Block:
    """State of a block: its turn comes, it ends, it is committed."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[AsyncConnection] = loop.create_future()
        self.ended: asyncio.Future[bool] = loop.create_future()
        self.committed: asyncio.Future[None] = loop.create_future()

    async def run(self, connection: UncancelledConnection) -> bool:
        """Give the connection to the block; return whether it ended without an error."""
        if self.turn.cancelled():
            return False
        self.turn.set_result(connection)
        succeeded = await asyncio.shield(self.ended)  # closing cancels only the wait
        await connection.settle()
        return succeeded


def _fail(blocks: Iterable[_Block], error: Exception) -> None:
    for block in blocks:
        for future in (block.turn, block.committed):
            if not future.done():
                future.set_exception(error)
                future.exception()  # marked as retrieved: the task of the block may be cancelled


def _retrieve(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
