"""In-memory vault; the contract tests run against it and the database."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class StoredSecret:
    """A secret, and the key that it was encrypted with."""

    secret: str
    key: str


class FakeVault:
    """Implements Vault. Vaults with different keys may share `secrets`."""

    def __init__(
        self,
        keys: Sequence[str] = ("key",),
        secrets: dict[str, StoredSecret] | None = None,
    ) -> None:
        self.keys = keys
        self.secrets = {} if secrets is None else secrets

    async def put(self, name: str, secret: str) -> None:
        self.secrets[name] = StoredSecret(secret, self.keys[0])

    async def get(self, name: str) -> str | None:
        return self._decrypt(self.secrets.get(name))

    async def delete(self, name: str) -> None:
        self.secrets.pop(name, None)

    def _decrypt(self, stored: StoredSecret | None) -> str | None:
        return stored.secret if stored and stored.key in self.keys else None
