"""Store of gateway sessions: how far the events of a chat's stream are stored."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from bot.domain.jobs import GatewaySession
from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.tables import gateway_sessions

MAX_AGE: Final = timedelta(days=1)
"""Older sessions are not returned; Discord keeps one for minutes."""


class SqlGatewaySessionStore:
    """Implements the port `GatewaySessionStore`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def save(self, platform: str, session: GatewaySession) -> None:
        """Store a session, replacing the one of the same shard; raise StorageFailed."""
        row = {"platform": platform, **asdict(session), "at": self._now()}
        statement = self._database.insert(gateway_sessions).values(row)
        keys = gateway_sessions.primary_key
        await self._database.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))

    async def load(self, platform: str) -> Sequence[GatewaySession]:
        """Return the latest session of each shard that is younger than a day.

        Raises StorageFailed.
        """
        statement = (
            select(gateway_sessions)
            .where(
                gateway_sessions.c.platform == platform,
                gateway_sessions.c.at >= self._now() - MAX_AGE,
            )
            .order_by(gateway_sessions.c.shard)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [GatewaySession(row.shard, row.session_id, row.url, row.sequence) for row in rows]
