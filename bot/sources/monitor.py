"""Monitor of the sources: their guards, and what the database knows of their states and calls."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Final

from bot.domain.errors import StorageFailed
from bot.domain.ports import Now
from bot.domain.source_ports import SourceLedger
from bot.domain.source_states import SourceState
from bot.sources.call_budget import CallBudget
from bot.sources.guard import SourceGuard
from bot.sources.limits import Limits

DELAY: Final = 2.0
"""Seconds from a change until it is stored, with what changed meanwhile."""

REFRESH: Final = 300.0
"""Seconds after which budgets are read again, as calls of the day before count no more."""

SAME: Final = timedelta(seconds=1)
"""Difference of two moments that are computed from the same end of a pause."""

MAX_WAIT: Final = 1.0
"""Seconds that the start waits for the stored states, and the end for storing the last ones."""

_log = logging.getLogger(__name__)


class SourceMonitor:
    """Makes the guards of the sources, and stores their states and calls in the background.

    A ledger that fails is logged once, and neither delays nor fails a question.

    Args:
        ledger: The database.
        now: Clock of the states.
        clock: Monotonic clock in seconds.
    """

    def __init__(
        self, ledger: SourceLedger, now: Now, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._now = now
        self._clock = clock
        self._guards: dict[str, SourceGuard] = {}
        self._stored: dict[str, SourceState] = {}
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._failing = False

    def guard(self, name: str, limits: Limits) -> SourceGuard:
        """Return the guard of a source, the same for each name."""
        if name not in self._guards:
            budget = limits.daily and CallBudget(name, limits.daily, self._ledger, self._now)
            self._guards[name] = SourceGuard(
                name,
                limits,
                budget=budget or None,
                on_change=partial(self._on_change, name),
                now=self._now,
                clock=self._clock,
            )
        return self._guards[name]

    @property
    def is_offline(self) -> bool:
        """Whether no source has answered a call of this process, as without a network."""
        return not any(guard.has_answered for guard in self._guards.values())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Continue from the stored states, and store changes until the block ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(MAX_WAIT):
                await self._load()
        task = asyncio.create_task(self._repeat())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            with suppress(TimeoutError):
                async with asyncio.timeout(MAX_WAIT):
                    await self._store()

    def _on_change(self, name: str) -> None:
        self._changed.add(name)
        self._wake.set()

    async def _repeat(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(REFRESH):
                    await self._wake.wait()
            await asyncio.sleep(DELAY)
            self._wake.clear()
            await self._store()

    async def _load(self) -> None:
        try:
            states = await self._ledger.states()
            await self._synchronize()
        except StorageFailed as error:
            self._report(error)
            return
        for state in states:
            if known := self._guards.get(state.name):
                self._stored[state.name] = state
                known.remember(state)
                self._on_change(state.name)  # the stored condition may have ended

    async def _store(self) -> None:
        changed, self._changed = self._changed, set()
        try:
            for name in sorted(changed):
                await self._save(self._guards[name].state())
            await self._synchronize()
        except StorageFailed as error:
            self._changed |= changed
            self._report(error)
        else:
            self._failing = False

    async def _save(self, state: SourceState) -> None:
        stored = self._stored.get(state.name)
        if stored is None or _differ(stored, state):
            await self._ledger.save(state)
            self._stored[state.name] = state

    async def _synchronize(self) -> None:
        for guard in self._guards.values():
            if guard.budget:
                await guard.budget.synchronize()

    def _report(self, error: StorageFailed) -> None:
        if not self._failing:
            _log.warning("the states of the sources are not stored: %s", error)
        self._failing = True


def _differ(one: SourceState, other: SourceState) -> bool:
    """Return whether two states differ in more than the time of the last error."""
    if (one.condition, one.last_error) != (other.condition, other.last_error):
        return True
    if one.until is None or other.until is None:
        return one.until is not other.until
    return abs(one.until - other.until) > SAME
