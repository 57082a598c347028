"""In-memory ledger of the sources; the contract test runs against it and the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import StorageFailed
from bot.domain.ports import Now
from bot.domain.source_states import SourceState


class FakeSourceLedger:
    """Implements SourceLedger; `broken` makes it fail. `saves` are the states in their order."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.saves: list[SourceState] = []
        self.calls: Counter[tuple[str, datetime]] = Counter()
        self.broken = False

    async def states(self) -> Sequence[SourceState]:
        self._check()
        latest = {state.name: state for state in self.saves}
        return [latest[name] for name in sorted(latest)]

    async def save(self, state: SourceState) -> None:
        self._check()
        self.saves.append(replace(state, budget_left=None))

    async def count(self, source: str, calls: int) -> None:
        self._check()
        self.calls[source, _hour(self._now())] += calls

    async def counted(self, source: str, since: datetime) -> int:
        self._check()
        hours = (key for key in self.calls if key[0] == source and key[1] >= _hour(since))
        return sum(self.calls[key] for key in hours)

    def _check(self) -> None:
        if self.broken:
            raise StorageFailed("the database is broken")


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
