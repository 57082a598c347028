"""Store of leases."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_, update

from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.learning_tables import leases

CLOCKS: Final = timedelta(minutes=1)
"""Largest difference of the clocks of two processes that is expected."""


class SqlLeases:
    """Implements the port `Leases`; each method is one statement, and therefore atomic."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def take(self, name: str, owner: str, length: timedelta) -> bool:
        """Take a lease that is free, has ended or is the owner's; return whether it was.

        One that ends later than it would if it were taken now was taken with a wrong clock, and has
        ended. All owners take a lease for the same time. Raises StorageFailed.
        """
        now = self._now()
        row = {"name": name, "owner": owner, "until": now + length}
        statement = self._database.insert(leases).values(row)
        taken = statement.on_conflict_do_update(
            index_elements=leases.primary_key,
            set_=row,
            where=or_(
                leases.c.until < now,
                leases.c.until > now + length + CLOCKS,
                leases.c.owner == owner,
            ),
        )
        return bool(await self._database.execute(taken.returning(leases.c.name)))

    async def renew(self, name: str, owner: str, length: timedelta) -> bool:
        """Extend an owner's lease from now on; False if another owner has it, or none.

        Raises StorageFailed.
        """
        own = update(leases).where(leases.c.name == name, leases.c.owner == owner)
        extended = own.values(until=self._now() + length).returning(leases.c.name)
        return bool(await self._database.execute(extended))

    async def release(self, name: str, owner: str) -> None:
        """End an owner's lease; that of another one stays. Raises StorageFailed."""
        own = (leases.c.name == name, leases.c.owner == owner)
        await self._database.execute(delete(leases).where(*own))
