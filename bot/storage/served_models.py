"""Store of what each running process serves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from bot.domain.served_models import ServedModel
from bot.storage.database import Database
from bot.storage.learning_tables import served_models
from bot.storage.moments import as_utc

KEPT: Final = timedelta(days=1)
"""Age of the rows that are deleted; their processes ended without deleting them."""


class SqlServedModels:
    """Implements the port `ServedModelStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, served: ServedModel) -> None:
        """Store what a process serves; delete rows older than KEPT; raise StorageFailed."""
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
        old = served_models.c.at < served.at - KEPT
        await self._database.execute(delete(served_models).where(old))

    async def live(self, since: datetime) -> Sequence[ServedModel]:
        """Return what the processes serve that said so at `since` or later, sorted by process.

        Raises StorageFailed.
        """
        statement = select(served_models).where(served_models.c.at >= since)
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
