"""In-memory cache of replies; the contract test runs against it and the databases."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.errors import StorageFailed
from bot.domain.ports import Now
from bot.domain.source_states import CachedReply, JsonValue


class FakeSourceCache:
    """Keeps replies in memory; `broken` makes it fail. Counts reads and writes."""

    def __init__(self, now: Now, *, broken: bool = False) -> None:
        self.rows: dict[tuple[str, str], tuple[CachedReply, datetime]] = {}
        self.broken = broken
        self.reads = self.writes = 0
        self._now = now

    async def read(self, source: str, keys: Sequence[str]) -> Mapping[str, CachedReply]:
        self._check()
        self.reads += 1
        now = self._now()
        rows = {key: self.rows[source, key] for key in keys if (source, key) in self.rows}
        return {key: reply for key, (reply, expires_at) in rows.items() if expires_at > now}

    async def write(
        self, source: str, replies: Mapping[str, JsonValue], lifetime: timedelta
    ) -> None:
        self._check()
        self.writes += 1
        now = self._now()
        for key, value in replies.items():
            self.rows[source, key] = CachedReply(value, now), now + lifetime

    def _check(self) -> None:
        if self.broken:
            raise StorageFailed("broken")
