"""States of the sources, for the operator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.domain.ports import Now
from bot.domain.source_ports import SourceLedger
from bot.domain.source_states import Condition, SourceState

DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source that the bot can ask.

    Attributes:
        name: Its name.
        is_configured: Whether it is asked in this configuration.
        daily: Calls that may be made within 24 hours; None without such a limit.
    """

    name: str
    is_configured: bool = True
    daily: int | None = None


class SourceStates:
    """Says what is known of each source, from what running processes stored.

    Args:
        known: The sources, in the order in which they are listed.
        ledger: The database.
        now: Clock.
    """

    def __init__(self, known: Sequence[KnownSource], ledger: SourceLedger, now: Now) -> None:
        self._known = known
        self._ledger = ledger
        self._now = now

    async def all(self) -> Sequence[SourceState]:
        """Return the present state of each source; raise StorageFailed."""
        stored = {state.name: state for state in await self._ledger.states()}
        return [await self._state(source, stored.get(source.name)) for source in self._known]

    async def _state(self, source: KnownSource, stored: SourceState | None) -> SourceState:
        if not source.is_configured:
            return SourceState(source.name, Condition.OFF)
        state = stored or SourceState(source.name, Condition.READY)
        now = self._now()
        if state.condition is Condition.WAITING and state.until and state.until <= now:
            state = replace(state, condition=Condition.READY, until=None)
        if source.daily is None:
            return state
        left = max(0, source.daily - await self._ledger.counted(source.name, now - DAY))
        state = replace(state, budget_left=left)
        if not left and state.condition is Condition.READY:
            return replace(state, condition=Condition.WAITING)
        return state
