"""Retention: deletes what is older than the operator wants to keep."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot.concurrency.background import beside
from bot.domain.errors import StorageFailed
from bot.domain.ports import Now
from bot.domain.retention import RetentionStore
from bot.texts import files

INTERVAL: Final = timedelta(days=1)
"""Time between two deletions."""

_log = logging.getLogger(__name__)


class RetentionService:
    """Deletes old votes, messages and answers; the answers that younger votes need stay."""

    def __init__(
        self, store: RetentionStore, days: int, now: Now, *, feedback_days: int = 0
    ) -> None:
        """Store what to delete.

        Args:
            store: The database.
            days: Age at which messages and answers are deleted; 0 keeps all of them.
            now: Clock.
            feedback_days: Age at which votes are deleted; 0 keeps all of them.
        """
        self._store = store
        self._days = days
        self._now = now
        self._feedback_days = feedback_days

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delete old rows now and once a day until the block ends."""
        async with beside(self._repeat()):
            yield

    async def prune(self) -> None:
        """Delete old rows; a failure is logged, and the next attempt follows a day later."""
        now = self._now()
        try:
            await self._store.prune_events(now)
            if self._feedback_days:  # first, as votes keep their answers
                before = now - timedelta(days=self._feedback_days)
                if deleted := await self._store.prune_votes(before):
                    _log.info("%s", files.votes_deleted(deleted, self._feedback_days))
            if self._days:
                deleted = await self._store.prune(now - timedelta(days=self._days))
                if deleted:
                    _log.info("%s", files.rows_deleted(deleted, self._days))
        except StorageFailed as error:
            _log.warning("%s", files.rows_not_deleted(error))

    async def _repeat(self) -> None:
        while True:
            await self.prune()
            await asyncio.sleep(INTERVAL.total_seconds())
