"""Which deliveries were handled, across restarts."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.tables import seen_events

KEPT: Final = timedelta(days=30)
"""How long a delivery is remembered; no platform repeats one after more than hours."""

SWEPT: Final = timedelta(days=1)
"""How long it is between two sweeps."""

NOTE: Final = text(
    "INSERT INTO seen_events (event_id, at) VALUES (:event_id, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=seen_events.c.at.type))
"""In text, as SQLAlchemy spells it anew for each database. An error would end the transaction."""


class SqlEventLog:
    """An EventLog."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now
        self._sweep_at: datetime | None = None

    async def first_time(self, event_id: str) -> bool:
        """Note an event; False if it was noted before. Raises StorageFailed.

        Once a day, and first of all, forget what is too old.
        """
        now = self._now()
        async with self._database.write() as connection:
            if self._sweep_at is None or now >= self._sweep_at:
                await connection.execute(delete(seen_events).where(seen_events.c.at < now - KEPT))
                self._sweep_at = now + SWEPT
            return await note(connection, event_id, now)

    async def known(self, event_id: str) -> bool:
        """Say whether an event was noted. Raises StorageFailed."""
        statement = select(seen_events.c.event_id).where(seen_events.c.event_id == event_id)
        async with self._database.read() as connection:
            return await connection.scalar(statement) is not None

    async def forget(self, event_id: str) -> None:
        """Let an event be the first again; nothing if it was not noted. Raises StorageFailed."""
        async with self._database.write() as connection:
            await connection.execute(delete(seen_events).where(seen_events.c.event_id == event_id))


async def note(connection: AsyncConnection, event_id: str, at: datetime) -> bool:
    """Note an event in the transaction of what it brings; False if it was noted before."""
    noted = await connection.execute(NOTE, {"event_id": event_id, "at": at})
    return noted.rowcount == 1
