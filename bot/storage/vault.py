"""Vault: secrets that are encrypted in the database; names and times are not encrypted."""

import logging

from sqlalchemy import delete, select

from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.encryption import SecretBox
from bot.storage.tables import vault

_log = logging.getLogger(__name__)


class SealedVault:
    """Implements the port `Vault`. Names are not encrypted, and may appear in the log.

    Deleted and replaced secrets are overwritten in a SQLite file. Encrypted copies may remain: in
    the write-ahead log until it is reused, rarely in a page that SQLite rearranged, in PostgreSQL
    until it vacuums, and in backups.
    """

    def __init__(self, database: Database, now: Now, box: SecretBox) -> None:
        self._database = database
        self._now = now
        self._box = box

    async def put(self, name: str, secret: str) -> None:
        """Store a secret under a name, replacing an earlier one; raise StorageFailed."""
        row = {"name": name, "sealed": self._box.encrypt(name, secret), "at": self._now()}
        statement = self._database.insert(vault).values(row)
        await self._database.execute(
            statement.on_conflict_do_update(index_elements=[vault.c.name], set_=row)
        )

    async def get(self, name: str) -> str | None:
        """Return a secret; None if there is none, or it cannot be decrypted.

        Raises StorageFailed.
        """
        statement = select(vault.c.sealed).where(vault.c.name == name)
        async with self._database.read() as connection:
            sealed = await connection.scalar(statement)
        return None if sealed is None else self._decrypt(name, sealed)

    async def delete(self, name: str) -> None:
        """Delete a secret, if there is one; raise StorageFailed."""
        await self._database.execute(delete(vault).where(vault.c.name == name))

    def _decrypt(self, name: str, sealed: str) -> str | None:
        secret = self._box.decrypt(name, sealed)
        if secret is None:
            _log.warning(
                "the secret %r in the database cannot be decrypted: it is damaged, or was encrypted"
                " with another SLACK_TOKEN_KEY",
                name,
            )
        return secret
