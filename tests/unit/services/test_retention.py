"""When old rows are deleted."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import StorageFailed
from bot.services import retention
from bot.services.retention import RetentionService
from tests.support.fake_stores import FakeRetentionStore

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def service(store: FakeRetentionStore, days: int = 365) -> RetentionService:
    return RetentionService(store, days, lambda: NOW)


async def test_rows_older_than_the_days_are_deleted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    store = FakeRetentionStore()
    await service(store, 30).prune()
    assert store.pruned == [NOW - timedelta(days=30)]
    assert store.events_pruned == [NOW]
    assert caplog.messages == [
        "deleted 3 rows older than 30 days (RETENTION_DAYS) from the database"
    ]


async def test_zero_days_keep_all_but_the_ids_of_events() -> None:
    store = FakeRetentionStore()
    await service(store, 0).prune()
    assert store.pruned == []
    assert store.events_pruned == [NOW]


async def test_votes_older_than_their_own_days_are_deleted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    store = FakeRetentionStore()
    await RetentionService(store, 0, lambda: NOW, feedback_days=7).prune()
    assert store.votes_pruned == [NOW - timedelta(days=7)]
    assert caplog.messages == [
        "deleted 2 votes older than 7 days (FEEDBACK_DAYS) from the database"
    ]
    await service(store, 30).prune()
    assert len(store.votes_pruned) == 1


async def test_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    store = FakeRetentionStore()
    store.error = StorageFailed("the database is locked")
    await service(store).prune()
    assert caplog.messages == [
        "old rows were not deleted, and will be tomorrow: the database is locked"
    ]


class CountingStore(FakeRetentionStore):
    """Sets `third` when it is called for the third time."""

    def __init__(self) -> None:
        super().__init__()
        self.third = asyncio.Event()

    async def prune(self, before: datetime) -> int:
        if len(self.pruned) == 2:
            self.third.set()
        return await super().prune(before)


async def test_rows_are_deleted_at_the_start_and_regularly_until_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "INTERVAL", timedelta(0))
    store = CountingStore()
    async with asyncio.timeout(10), service(store).running():
        await store.third.wait()
    count = len(store.pruned)
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(store.pruned) == count
