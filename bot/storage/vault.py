"""Secrets, sealed: whoever has the database and not the keys learns their names and ages."""

import logging
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.encryption import SecretBox
from bot.storage.tables import vault

_log = logging.getLogger(__name__)


class SealedVault:
    """A Vault. A name stands unsealed in the table, and in the log when its secret does not open.

    What is erased or replaced is overwritten in a SQLite file. Sealed, it may outlast that: in the
    write-ahead log until the log is used anew, seldom in a page that SQLite had rearranged, in
    PostgreSQL until it vacuums, and in backups.
    """

    def __init__(self, database: Database, now: Now, seal: SecretBox) -> None:
        self._database = database
        self._now = now
        self._seal = seal

    async def put(self, name: str, secret: str) -> None:
        """Keep a secret under a name, in place of an earlier one. Raises StorageFailed."""
        row = {"name": name, "sealed": self._seal.close(name, secret), "at": self._now()}
        async with self._database.write() as connection:
            await connection.execute(delete(vault).where(vault.c.name == name))
            await connection.execute(insert(vault).values(row))

    async def get(self, name: str) -> str | None:
        """Return a secret; None when there is none, or when it does not open.

        Raises StorageFailed.
        """
        statement = select(vault.c.sealed).where(vault.c.name == name)
        async with self._database.read() as connection:
            sealed = await connection.scalar(statement)
        return None if sealed is None else self._open(name, sealed)

    async def take(self, name: str, since: datetime) -> str | None:
        """Return a secret that was put at `since` or later, and erase it, whatever it was.

        Of several callers at once, in this process or another, one gets it: the others find no row
        to erase. None when there is none, when it is older, or when it does not open. Raises
        StorageFailed.
        """
        young = (vault.c.at >= since).label("young")
        statement = delete(vault).where(vault.c.name == name).returning(vault.c.sealed, young)
        async with self._database.write() as connection:
            row = (await connection.execute(statement)).first()
        return self._open(name, row.sealed) if row and row.young else None

    async def delete(self, name: str) -> None:
        """Erase a secret; nothing when there is none. Raises StorageFailed."""
        async with self._database.write() as connection:
            await connection.execute(delete(vault).where(vault.c.name == name))

    async def sweep(self, prefix: str, before: datetime) -> None:
        """Erase the secrets whose names begin so and that were put before. Raises StorageFailed."""
        old = vault.c.name.startswith(prefix, autoescape=True) & (vault.c.at < before)
        async with self._database.write() as connection:
            await connection.execute(delete(vault).where(old))

    def _open(self, name: str, sealed: str) -> str | None:
        secret = self._seal.open(name, sealed)
        if secret is None:
            _log.warning(
                "the secret %r in the database cannot be opened: it is damaged, or was sealed with"
                " another SLACK_TOKEN_KEY",
                name,
            )
        return secret
