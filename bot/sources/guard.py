"""Guard of the calls to one source: circuit breakers, pacing and budget."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.domain.errors import Forbidden, Unavailable
from bot.sources.circuit_breaker import CircuitBreaker
from bot.sources.limits import Limits
from bot.sources.pacer import Pacer

SLOW: Final = 2.0
"""Seconds without a reply after which a call that its caller gave up counts as a failure."""


class SourceGuard:
    """Decides whether a call may be made, when, and what its result means for the next ones.

    A circuit breaker for each endpoint counts failures and refusals. One for the whole source opens
    when the service demands a pause, as its limits apply to all endpoints, or refuses the caller.

    Args:
        name: The source's name.
        limits: Its limits.
        clock: Monotonic clock in seconds.
    """

    def __init__(
        self,
        name: str,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._limits = limits
        self._clock = clock
        self._pacer = Pacer(name, limits, clock)
        self._whole = CircuitBreaker(name, clock=clock)
        self._endpoints: dict[str, CircuitBreaker] = {}

    @asynccontextmanager
    async def call(self, endpoint: str) -> AsyncIterator[None]:
        """Wait for the turn of a call, run it in the block, and judge its result.

        The block raises Forbidden for a refusal of the endpoint, and Unavailable for a failure.
        For what concerns all endpoints it calls `demand_pause` or `switch_off` before.

        Raises:
            Forbidden: Access was refused earlier.
            Unavailable: A breaker is open, or the turn would come too late.
        """
        breaker = self._breaker(endpoint)
        self._whole.check()
        breaker.check()
        async with self._pacer.turn():
            self._whole.check()  # another call may have opened it meanwhile
            breaker.begin()
            self._whole.begin()
            started = self._clock()
            try:
                yield
            except Unavailable as error:
                self._judge(breaker, error)
                raise
            except asyncio.CancelledError:
                self._whole.released()
                if self._clock() - started >= SLOW:
                    breaker.failed("did not answer in time")
                else:
                    breaker.released()
                raise
            except BaseException:
                self._whole.released()
                breaker.released()
                raise
            self._whole.succeeded()
            breaker.succeeded()

    def rejected(self, endpoint: str, reason: str, retry_after: float | None = None) -> None:
        """Count a failure that was found in a reply, or obey the pause that it demands."""
        if retry_after is None:
            self._breaker(endpoint).failed(reason, in_reply=True)
        else:
            self._whole.pause(retry_after, reason)

    def demand_pause(self, seconds: float | None, reason: str) -> float:
        """Make no call for the seconds that the service demands, or the breaker's time for None.

        Returns the seconds until a call may be made.
        """
        self._whole.pause(seconds, reason)
        return self._whole.wait

    def switch_off(self, seconds: float, reason: str) -> None:
        """Make no call for `seconds`, as the service refuses its caller."""
        self._whole.forbid(seconds, reason)

    def hold(self, seconds: float) -> None:
        """Delay the next calls, as the service said that its limit is reached."""
        self._pacer.hold(seconds)

    def _breaker(self, endpoint: str) -> CircuitBreaker:
        if endpoint not in self._endpoints:
            self._endpoints[endpoint] = CircuitBreaker(
                f"{self.name} {endpoint}", self._limits.refusals, self._clock
            )
        return self._endpoints[endpoint]

    def _judge(self, breaker: CircuitBreaker, error: Unavailable) -> None:
        if self._whole.wait:  # the reply concerned all endpoints
            breaker.released()
            return
        self._whole.succeeded()
        if isinstance(error, Forbidden):
            breaker.refused(error.reason)
        else:
            breaker.failed(error.reason)
