"""The vault in memory: a fake of the port, held to the same contract as the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.ports import Now


@dataclass(frozen=True)
class Kept:
    """What a FakeVault knows of a secret: it, when it was put, and the key that it wants."""

    secret: str
    at: datetime
    key: str


class FakeVault:
    """A Vault. `kept` are the secrets, which vaults with other keys may share."""

    def __init__(
        self,
        now: Now = lambda: datetime.now(UTC),
        keys: Sequence[str] = ("the only key",),
        kept: dict[str, Kept] | None = None,
    ) -> None:
        self.now = now
        self.keys = keys
        self.kept = {} if kept is None else kept

    async def put(self, name: str, secret: str) -> None:
        self.kept[name] = Kept(secret, self.now(), self.keys[0])

    async def get(self, name: str) -> str | None:
        return self._open(self.kept.get(name))

    async def take(self, name: str, since: datetime) -> str | None:
        kept = self.kept.pop(name, None)
        return self._open(kept) if kept and kept.at >= since else None

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    async def sweep(self, prefix: str, before: datetime) -> None:
        old = [n for n, kept in self.kept.items() if n.startswith(prefix) and kept.at < before]
        for name in old:
            del self.kept[name]

    def _open(self, kept: Kept | None) -> str | None:
        return kept.secret if kept and kept.key in self.keys else None
