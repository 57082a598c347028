"""A task that is cancelled at any step of opening a connection leaves none open."""

import asyncio
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.seen_events import SqlEventLog
from tests.support.store_values import TickingClock, sqlite_url


class RecordedConnection(sqlite3.Connection):
    """Knows whether it was closed, and calls `before_step` before each cursor."""

    closed = False
    before_step: Callable[[], object] = staticmethod(lambda: None)

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        self.before_step()
        return super().cursor(*arguments, **options)

    def close(self) -> None:
        self.closed = True
        super().close()


class Recorder:
    """Replaces sqlite3.connect; cancels a task at a step: 0 is connecting, the others are cursors.

    A step runs in a thread of aiosqlite, which returns the result after the cancellation.
    """

    def __init__(self) -> None:
        self.opened: list[RecordedConnection] = []
        self.steps_left = -1
        self.task: asyncio.Task[Any] | None = None
        self._loop = asyncio.get_running_loop()
        self._connect = sqlite3.connect

    def connect(self, *arguments: Any, **options: Any) -> RecordedConnection:
        connection = self._connect(*arguments, factory=RecordedConnection, **options)
        connection.before_step = self._step
        self.opened.append(connection)
        self._step()
        return connection

    def _step(self) -> None:
        if self.task and self.steps_left == 0:
            self._loop.call_soon_threadsafe(self.task.cancel)
        self.steps_left -= 1


async def _read(database: Database) -> None:
    async with database.read() as first, database.read() as second:  # the second is a new one
        for connection in (first, second):
            await connection.exec_driver_sql("SELECT * FROM seen_events")


async def _write(database: Database) -> None:
    await SqlEventLog(database, TickingClock()).first_time("e1")


@pytest.mark.parametrize("use", [_read, _write])
async def test_connections_are_closed_if_their_task_is_cancelled_at_any_step(
    path: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[[Database], Any]
) -> None:
    async with open_database(sqlite_url(path)):
        pass  # a migration would open the connections
    recorder = Recorder()
    monkeypatch.setattr(sqlite3, "connect", recorder.connect)
    for step in count():
        async with open_database(sqlite_url(path)) as database:
            recorder.task = asyncio.create_task(use(database))
            recorder.steps_left = step
            await asyncio.wait([recorder.task])
        recorder.steps_left = -1
        assert recorder.opened
        assert all(connection.closed for connection in recorder.opened), f"at step {step}"
        recorder.opened.clear()
        if not recorder.task.cancelled():
            break
    assert step > 2  # connecting, the pragmas, and the statements


async def test_cancelled_task_does_not_wait_for_a_connection(path: Path) -> None:
    async with open_database(sqlite_url(path)) as database:
        async with database.write():
            task = asyncio.create_task(_write(database))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
        await _write(database)
