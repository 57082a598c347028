"""Store of what each running process serves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from bot.domain.served_models import ServedModel
from bot.storage.database import Database
from bot.storage.learning_tables import served_models
from bot.storage.moments import as_utc

KEPT: Final = 200
"""Number of rows that are kept, the newest; processes that were killed do not delete theirs.

A number rather than an age, as a process with a wrong clock would delete the rows of all others.
"""


class SqlServedModels:
    """Implements the port `ServedModelStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, served: ServedModel) -> None:
        """Store what a process serves; delete the oldest rows but KEPT; raise StorageFailed."""
        row = {
            "process": served.process,
            "model": served.model,
            "version": served.version,
            "answer": dict(served.answer),
            "at": served.at,
        }
        statement = self._database.insert(served_models).values(row)
        keys = served_models.primary_key
        await self._database.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))
        mine = served_models.c.process
        newest = select(mine).order_by(served_models.c.at.desc()).limit(KEPT)
        old = mine.not_in(newest) & (mine != served.process)
        await self._database.execute(delete(served_models).where(old))

    async def live(self, since: datetime, until: datetime) -> Sequence[ServedModel]:
        """Return what the processes serve that said so from `since` to `until`, sorted by process.

        Raises StorageFailed.
        """
        statement = select(served_models).where(served_models.c.at.between(since, until))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement.order_by(served_models.c.process))).all()
        return [
            ServedModel(row.process, row.model, row.version, row.answer, as_utc(row.at))
            for row in rows
        ]

    async def remove(self, process: str) -> None:
        """Delete what a process served; it ends. Raises StorageFailed."""
        mine = served_models.c.process == process
        await self._database.execute(delete(served_models).where(mine))
