"""Budget of the calls to a source within a day, shared by all processes."""

from datetime import timedelta
from typing import Final

from bot.domain.errors import Unavailable
from bot.domain.ports import Now
from bot.domain.source_ports import SourceLedger

WINDOW: Final = timedelta(hours=24)
HOUR: Final = 3600.0


class CallBudget:
    """Calls that may be made within any 24 hours.

    The ledger counts the calls of all processes by the hour. This object knows what it read there,
    and the calls of its own process since. Before the first `synchronize` all calls are left.
    """

    def __init__(self, source: str, calls: int, ledger: SourceLedger, now: Now) -> None:
        self._source = source
        self._calls = calls
        self._ledger = ledger
        self._now = now
        self._counted = 0
        self._not_stored = 0

    @property
    def left(self) -> int:
        """Calls that may still be made."""
        return max(0, self._calls - self._counted - self._not_stored)

    def spend(self) -> None:
        """Count a call; raise Unavailable if none is left."""
        if not self.left:
            raise Unavailable(self._source, "the calls of a day are used up", retry_after=HOUR)
        self._not_stored += 1

    async def synchronize(self) -> None:
        """Store the calls of this process, and read those of all; raise StorageFailed."""
        if calls := self._not_stored:
            await self._ledger.count(self._source, calls)
            self._not_stored -= calls
            self._counted += calls
        self._counted = await self._ledger.counted(self._source, self._now() - WINDOW)
