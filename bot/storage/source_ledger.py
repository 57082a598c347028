"""Store of the sources' states and of the calls that they answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select

from bot.domain.ports import Now
from bot.domain.source_states import Condition, SourceState
from bot.storage.database import Database
from bot.storage.moments import as_utc
from bot.storage.tables import source_calls, source_states

KEPT: Final = timedelta(days=2)
"""Age of the counts that are deleted."""


class SqlSourceLedger:
    """Implements the port `SourceLedger`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def states(self) -> Sequence[SourceState]:
        """Return the stored states by name, without budgets; raise StorageFailed."""
        statement = select(source_states).order_by(source_states.c.name)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [
            SourceState(
                row.name,
                Condition(row.condition),
                as_utc(row.until) if row.until else None,
                row.last_error,
                as_utc(row.failed_at) if row.failed_at else None,
            )
            for row in rows
        ]

    async def save(self, state: SourceState) -> None:
        """Store a state without its budget, replacing the earlier one; raise StorageFailed."""
        row = {
            "name": state.name,
            "condition": state.condition.value,
            "until": state.until,
            "last_error": state.last_error,
            "failed_at": state.failed_at,
            "at": self._now(),
        }
        statement = self._database.insert(source_states).values(row)
        keys = source_states.primary_key
        await self._database.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))

    async def count(self, source: str, calls: int) -> None:
        """Add calls to the present hour, and delete counts older than KEPT; raise StorageFailed."""
        now = self._now()
        row = {"source": source, "hour": _hour(now), "calls": calls}
        statement = self._database.insert(source_calls).values(row)
        total = {"calls": source_calls.c.calls + calls}
        keys = source_calls.primary_key
        await self._database.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=total)
        )
        await self._database.execute(delete(source_calls).where(source_calls.c.hour < now - KEPT))

    async def counted(self, source: str, since: datetime) -> int:
        """Return the calls since the beginning of an hour; raise StorageFailed."""
        statement = select(func.coalesce(func.sum(source_calls.c.calls), 0)).where(
            source_calls.c.source == source, source_calls.c.hour >= _hour(since)
        )
        async with self._database.read() as connection:
            return int((await connection.scalar(statement)) or 0)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
