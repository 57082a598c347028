"""Guard of the calls to one source: circuit breakers, pacing and budget."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.ports import Now
from bot.domain.source_states import Condition, SourceState
from bot.sources.call_budget import CallBudget
from bot.sources.circuit_breaker import MAX_PAUSE, CircuitBreaker
from bot.sources.limits import Limits
from bot.sources.pacer import Pacer

SLOW: Final = 2.0
"""Seconds without a reply after which a call that its caller gave up counts as a failure."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SourceGuard:
    """Decides whether a call may be made, when, and what its result means for the next ones.

    A circuit breaker for each endpoint counts failures and refusals. One for the whole source opens
    when the service demands a pause, as its limits apply to all endpoints, or refuses the caller.

    Args:
        name: The source's name.
        limits: Its limits.
        budget: Calls that are left of the day; None without such a limit.
        on_change: Called when the state may have changed.
        now: Clock of the state.
        clock: Monotonic clock in seconds.

    Attributes:
        has_answered: Whether a call of this process succeeded.
    """

    def __init__(
        self,
        name: str,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        *,
        budget: CallBudget | None = None,
        on_change: Callable[[], None] = lambda: None,
        now: Now = _utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.budget = budget
        self.has_answered = False
        self._limits = limits
        self._on_change = on_change
        self._now = now
        self._clock = clock
        self._pacer = Pacer(name, limits, clock)
        self._whole = CircuitBreaker(name, clock=clock)
        self._endpoints: dict[str, CircuitBreaker] = {}
        self._last_error: str | None = None
        self._failed_at: datetime | None = None

    @asynccontextmanager
    async def call(self, endpoint: str) -> AsyncIterator[None]:
        """Wait for the turn of a call, run it in the block, and judge its result.

        The block raises Forbidden for a refusal of the endpoint, and Unavailable for a failure.
        For what concerns all endpoints it calls `demand_pause` or `switch_off` before.

        Raises:
            Forbidden: Access was refused earlier.
            Unavailable: A breaker is open, the turn would come too late, or no call is left of the
                day.
        """
        breaker = self._breaker(endpoint)
        self._whole.check()
        breaker.check()
        async with self._pacer.turn():
            self._whole.check()  # another call may have opened it meanwhile
            breaker.check()
            if self.budget:
                self.budget.spend()
                self._on_change()
            breaker.begin()
            self._whole.begin()
            started = self._clock()
            try:
                yield
            except Unavailable as error:
                self._judge(endpoint, breaker, error)
                raise
            except asyncio.CancelledError:
                self._whole.released()
                if self._clock() - started >= SLOW:
                    breaker.failed("did not answer in time")
                    self._note(f"{endpoint}: did not answer in time")
                else:
                    breaker.released()
                raise
            except BaseException:
                self._whole.released()
                breaker.released()
                raise
            self.has_answered = True
            was_open = not (self._whole.is_closed and breaker.is_closed)
            self._whole.succeeded()
            breaker.succeeded()
            if was_open:
                self._on_change()

    def rejected(self, endpoint: str, reason: str, retry_after: float | None = None) -> None:
        """Count a failure that was found in a reply, or obey the pause that it demands."""
        if retry_after is None:
            self._breaker(endpoint).failed(reason, in_reply=True)
        else:
            self._whole.pause(retry_after, reason)
        self._note(f"{endpoint}: {reason}")

    def demand_pause(self, seconds: float | None, reason: str) -> float:
        """Make no call for the seconds that the service demands, or the breaker's time for None.

        Returns the seconds until a call may be made.
        """
        self._whole.pause(seconds, reason)
        self._note(reason)
        return self._whole.wait

    def switch_off(self, seconds: float, reason: str) -> None:
        """Make no call for `seconds`, as the service refuses its caller."""
        self._whole.forbid(seconds, reason)
        self._note(reason)

    def hold(self, seconds: float) -> None:
        """Delay the next calls, as the service said that its limit is reached."""
        self._pacer.hold(seconds)

    def remember(self, state: SourceState) -> None:
        """Continue from the state that another process stored: its last error, and a long pause.

        A pause longer than a breaker's own was demanded by the service, for every process.
        """
        self._last_error, self._failed_at = state.last_error, state.failed_at
        if state.condition is Condition.WAITING and state.until:
            seconds = (state.until - self._now()).total_seconds()
            if seconds > MAX_PAUSE:
                self._whole.pause(seconds, state.last_error or "a pause was demanded")

    def state(self) -> SourceState:
        """Return the present state."""
        ready = SourceState(
            self.name,
            Condition.READY,
            last_error=self._last_error,
            failed_at=self._failed_at,
            budget_left=self.budget.left if self.budget else None,
        )
        endpoints = self._endpoints.values()
        refused = endpoints and all(breaker.is_forbidden for breaker in endpoints)
        if self._whole.is_forbidden or refused:
            return replace(ready, condition=Condition.OFF)
        waits = [breaker.wait for breaker in endpoints if not breaker.is_forbidden]
        if wait := max(self._whole.wait, *waits, 0.0):
            until = self._now() + timedelta(seconds=wait)
            return replace(ready, condition=Condition.WAITING, until=until)
        return ready

    def _breaker(self, endpoint: str) -> CircuitBreaker:
        if endpoint not in self._endpoints:
            self._endpoints[endpoint] = CircuitBreaker(
                f"{self.name} {endpoint}", self._limits.refusals, self._clock
            )
        return self._endpoints[endpoint]

    def _judge(self, endpoint: str, breaker: CircuitBreaker, error: Unavailable) -> None:
        if self._whole.wait:  # the reply concerned all endpoints
            breaker.released()
            return
        self._whole.succeeded()
        if isinstance(error, Forbidden):
            breaker.refused(error.reason)
        else:
            breaker.failed(error.reason)
        self._note(f"{endpoint}: {error.reason}")

    def _note(self, error: str) -> None:
        self._last_error, self._failed_at = error, self._now()
        self._on_change()
