"""In-memory leases; the contract test runs against them and the database."""

from datetime import datetime, timedelta

from bot.domain.errors import StorageFailed
from bot.domain.ports import Now
from bot.storage.leases import CLOCKS


class FakeLeases:
    """Implements Leases; `broken` makes it fail."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.held: dict[str, tuple[str, datetime]] = {}
        self.broken = False

    async def take(self, name: str, owner: str, length: timedelta) -> bool:
        self._check()
        now = self._now()
        holder, until = self.held.get(name, (owner, now))
        if holder != owner and now <= until <= now + length + CLOCKS:
            return False
        self.held[name] = (owner, now + length)
        return True

    async def renew(self, name: str, owner: str, length: timedelta) -> bool:
        self._check()
        if self.held.get(name, ("",))[0] != owner:
            return False
        self.held[name] = (owner, self._now() + length)
        return True

    async def release(self, name: str, owner: str) -> None:
        self._check()
        if self.held.get(name, ("",))[0] == owner:
            del self.held[name]

    def _check(self) -> None:
        if self.broken:
            raise StorageFailed("the database is broken")
