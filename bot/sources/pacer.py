"""Pacing of the calls to one host by its published limits."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.concurrency.deadline import remaining
from bot.domain.errors import Unavailable
from bot.sources.limits import MAX_WAIT, Limits

MARGIN: Final = 0.05
"""Seconds added to a window, as requests do not all take the same time to arrive."""


# Own code: aiolimiter's leaky bucket lets twice the calls pass in the first window, and cannot say
# how long a caller would wait.
class Pacer:
    """Gives each call to a host its turn, first come, first served.

    A caller that would not get its turn before its deadline is refused at once, so that no queue
    grows that cannot be served.

    Args:
        name: The service's name, for errors.
        limits: Its limits.
        clock: Monotonic clock in seconds.
    """

    def __init__(
        self, name: str, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._limits = limits
        self._clock = clock
        self._starts: deque[float] = deque()
        """Ascending times of calls of the last window, and those reserved for waiting callers."""
        self._hold_until = 0.0
        self._slots = asyncio.Semaphore(limits.concurrent) if limits.concurrent else None
        self._waiting = 0
        self._last_duration = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn, and run the block as one call.

        Raises Unavailable if the turn would come after the caller's deadline, or MAX_WAIT without
        one.
        """
        max_wait = remaining(MAX_WAIT)
        if self._slots is None:
            await self._wait(max_wait)
            yield
            return
        end = self._clock() + max_wait
        await self._enter(self._slots, max_wait)
        try:
            await self._wait(end - self._clock())
            started = self._clock()
            yield
            self._last_duration = self._clock() - started
        finally:
            self.hold(self._limits.pause)
            self._slots.release()

    def hold(self, seconds: float) -> None:
        """Start no call for `seconds`, as the service said that its limit is reached."""
        self._hold_until = max(self._hold_until, self._clock() + seconds)

    async def _enter(self, slots: asyncio.Semaphore, max_wait: float) -> None:
        """Wait for one of the calls at the same time to end."""
        each = (self._last_duration + self._limits.pause) / (self._limits.concurrent or 1)
        if slots.locked() and (self._waiting + 1) * each > max_wait:
            raise self._refusal((self._waiting + 1) * each)
        self._waiting += 1
        try:
            async with asyncio.timeout(max_wait):
                await slots.acquire()
        except TimeoutError:
            raise self._refusal(each) from None
        finally:
            self._waiting -= 1

    async def _wait(self, max_wait: float) -> None:
        """Reserve the next start, and wait for it."""
        now = self._clock()
        start = self._next_start(now)
        if start - now > max_wait:
            raise self._refusal(start - now)
        self._starts.append(start)
        if start > now:
            try:
                await asyncio.sleep(start - now)
            except asyncio.CancelledError:
                self._starts.remove(start)
                raise

    def _next_start(self, now: float) -> float:
        window = self._limits.seconds + MARGIN
        while self._starts and self._starts[0] <= now - window:
            self._starts.popleft()
        start = max(now, self._hold_until, self._starts[-1] if self._starts else now)
        calls = self._limits.calls
        if calls is None or len(self._starts) < calls:
            return start
        return max(start, self._starts[-calls] + window)

    def _refusal(self, wait: float) -> Unavailable:
        return Unavailable(self._name, "has too many requests waiting", retry_after=wait)
