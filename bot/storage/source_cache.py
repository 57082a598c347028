"""Source cache: replies of sources until they expire, for all processes."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, func, select, tuple_

from bot.domain.ports import Now
from bot.domain.source_states import CachedReply, JsonValue
from bot.storage.database import Database
from bot.storage.tables import source_cache

MAX_ROWS: Final = 100_000
"""Replies that are kept; those that expire first are deleted beyond."""

PRUNE_EVERY: Final = 500
"""Replies written by a process between two deletions."""

BATCH: Final = 1000
"""Rows of one deletion."""

MAX_VALUE_BYTES: Final = 64_000
"""Bytes of JSON; a longer reply is not stored."""

_KEY: Final = (source_cache.c.source, source_cache.c.key)


class SqlSourceCache:
    """Implements the port `SourceCache`."""

    def __init__(self, database: Database, now: Now, max_rows: int = MAX_ROWS) -> None:
        self._database = database
        self._now = now
        self._max_rows = max_rows
        self._written = 0

    async def read(self, source: str, keys: Sequence[str]) -> Mapping[str, CachedReply]:
        """Return the replies that have not expired, by key; raise StorageFailed."""
        if not keys:
            return {}
        columns = source_cache.c
        statement = select(columns.key, columns.value, columns.at).where(
            columns.source == source, columns.key.in_(keys), columns.expires_at > self._now()
        )
        async with self._database.read() as connection:
            rows = await connection.execute(statement)
            # SQLite returns UTC without saying so.
            return {row.key: CachedReply(row.value, row.at.replace(tzinfo=UTC)) for row in rows}

    async def write(
        self, source: str, replies: Mapping[str, JsonValue], lifetime: timedelta
    ) -> None:
        """Store replies, replacing earlier ones; raise StorageFailed."""
        now = self._now()
        # In one order, as processes that store the same keys wait for each other.
        rows = [
            {"source": source, "key": key, "value": value, "at": now, "expires_at": now + lifetime}
            for key, value in sorted(replies.items())
            if len(json.dumps(value)) <= MAX_VALUE_BYTES
        ]
        if not rows:
            return
        statement = self._database.insert(source_cache)
        replaced = {name: statement.excluded[name] for name in ("value", "at", "expires_at")}
        statement = statement.on_conflict_do_update(index_elements=_KEY, set_=replaced)
        async with self._database.write() as connection:
            await connection.execute(statement, rows)
        self._written += len(rows)
        if self._written >= PRUNE_EVERY:
            self._written = 0
            await self._prune(now)

    async def _prune(self, now: datetime) -> None:
        """Delete expired rows, and those beyond the limit."""
        expired = select(*_KEY).where(source_cache.c.expires_at <= now)
        while await self._delete(expired.limit(BATCH)) == BATCH:
            pass
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(source_cache))
        surplus = (count or 0) - self._max_rows
        while surplus > 0:
            first = select(*_KEY).order_by(source_cache.c.expires_at)
            deleted = await self._delete(first.limit(min(surplus, BATCH)))
            if not deleted:
                return
            surplus -= deleted

    async def _delete(self, rows: Select[tuple[str, str]]) -> int:
        async with self._database.write() as connection:
            return (
                await connection.execute(delete(source_cache).where(tuple_(*_KEY).in_(rows)))
            ).rowcount
