"""In-memory vault; the contract tests run against it and the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.ports import Now


@dataclass(frozen=True)
class StoredSecret:
    """A secret, when it was stored, and the key that it was encrypted with."""

    secret: str
    at: datetime
    key: str


class FakeVault:
    """Implements Vault. Vaults with different keys may share `secrets`."""

    def __init__(
        self,
        now: Now = lambda: datetime.now(UTC),
        keys: Sequence[str] = ("key",),
        secrets: dict[str, StoredSecret] | None = None,
    ) -> None:
        self.now = now
        self.keys = keys
        self.secrets = {} if secrets is None else secrets

    async def put(self, name: str, secret: str) -> None:
        self.secrets[name] = StoredSecret(secret, self.now(), self.keys[0])

    async def get(self, name: str) -> str | None:
        return self._decrypt(self.secrets.get(name))

    async def take(self, name: str, since: datetime) -> str | None:
        stored = self.secrets.pop(name, None)
        return self._decrypt(stored) if stored and stored.at >= since else None

    async def delete(self, name: str) -> None:
        self.secrets.pop(name, None)

    async def sweep(self, prefix: str, before: datetime) -> None:
        expired = [
            name
            for name, stored in self.secrets.items()
            if name.startswith(prefix) and stored.at < before
        ]
        for name in expired:
            del self.secrets[name]

    def _decrypt(self, stored: StoredSecret | None) -> str | None:
        return stored.secret if stored and stored.key in self.keys else None
