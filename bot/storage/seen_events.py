"""Event log: which deliveries were handled, across restarts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.tables import seen_events

RETENTION: Final = timedelta(days=30)
"""Time that an event id is stored at least; platforms repeat deliveries within hours."""

MAX_ROWS: Final = 500
"""Rows of one statement."""

INSERT: Final = text(
    "INSERT INTO seen_events (event_id, at) VALUES (:event_id, :at) ON CONFLICT DO NOTHING"
    " RETURNING event_id"
).bindparams(bindparam("at", type_=seen_events.c.at.type))
"""As text, because SQLAlchemy's ON CONFLICT differs by database; an error would abort."""


class SqlEventLog:
    """Implements the port `EventLog`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def first_time(self, event_id: str) -> bool:
        """Store an event id; return False if it was stored before. Raises StorageFailed."""
        row = {"event_id": event_id, "at": self._now()}
        return bool(await self._database.execute(INSERT, row))

    async def known(self, event_id: str) -> bool:
        """Return whether an event id is stored; raise StorageFailed."""
        statement = select(seen_events.c.event_id).where(seen_events.c.event_id == event_id)
        async with self._database.read() as connection:
            return await connection.scalar(statement) is not None


async def note(connection: AsyncConnection, event_id: str, at: datetime) -> bool:
    """Store an event id within a transaction; return False if it was stored before."""
    inserted = await connection.execute(INSERT, {"event_id": event_id, "at": at})
    return inserted.first() is not None


async def note_all(connection: AsyncConnection, event_ids: Sequence[str], at: datetime) -> set[str]:
    """Store event ids within a transaction; return those that were not stored before."""
    # In one order, as processes that store the same ids wait for each other.
    ordered = sorted(event_ids)
    new: set[str] = set()
    for start in range(0, len(ordered), MAX_ROWS):
        part = ordered[start : start + MAX_ROWS]
        rows = ", ".join(f"(:id{number}, :at)" for number in range(len(part)))
        statement = text(
            f"INSERT INTO seen_events (event_id, at) VALUES {rows}"  # noqa: S608 - numbers only
            " ON CONFLICT DO NOTHING RETURNING event_id"
        ).bindparams(bindparam("at", type_=seen_events.c.at.type))
        values = {f"id{number}": event_id for number, event_id in enumerate(part)}
        new.update(await connection.scalars(statement, {**values, "at": at}))
    return new
