"""Expiry of stored event ids."""

from datetime import timedelta
from pathlib import Path

from bot.storage.engine import open_database
from bot.storage.seen_events import SqlEventLog
from tests.support.store_values import (
    TickingClock,
    sqlite_url,
)


async def test_events_expire_after_thirty_days_without_a_restart(
    path: Path,
) -> None:
    now = TickingClock()
    async with open_database(sqlite_url(path)) as database:
        events = SqlEventLog(database, now)
        assert await events.first_time("old")
        now.time += timedelta(days=20)
        assert await events.first_time("young")
        now.time += timedelta(days=11)
        assert await events.first_time("old")
        assert not await events.first_time("young")


async def test_expired_events_are_deleted_once_a_day(path: Path) -> None:
    now = TickingClock()
    async with open_database(sqlite_url(path)) as database:
        events = SqlEventLog(database, now)
        assert await events.first_time("old")
        now.time += timedelta(days=30, hours=-1)
        assert await events.first_time("another")
        now.time += timedelta(hours=2)
        assert not await events.first_time("old")
        now.time += timedelta(days=1)
        assert await events.first_time("old")
