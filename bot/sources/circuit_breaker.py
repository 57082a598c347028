"""Circuit breaker for the endpoints of outside services."""

import logging
import time
from collections.abc import Callable
from typing import Final

from bot.concurrency.backoff import Backoff
from bot.domain.errors import Forbidden, Unavailable

FAILURES: Final = 3
"""Failures in a row that open a breaker."""

FIRST_PAUSE: Final = 2.0
MAX_PAUSE: Final = 600.0
"""Seconds that a breaker stays open after failures, doubled after each probe that fails."""

FIRST_DEMANDED_PAUSE: Final = 30.0
"""Seconds that a breaker stays open if a service demands a pause without a time; doubled too."""

FIRST_REFUSED_PAUSE: Final = 60.0
REFUSED_PAUSE: Final = 3600.0
"""Seconds that a breaker stays open after access was refused, doubled after each refused probe."""

MIN_PAUSE: Final = 1.0
"""Seconds that a breaker stays open at least, also if the service demands less."""

PROBE_SECONDS: Final = 1.0
"""Seconds after which a caller may try again that came while a probe was sent."""

_log = logging.getLogger(__name__)


# Own code: aiobreaker, pybreaker, circuitbreaker and purgatory count failures and open for a fixed
# time; here a reply may name the time, and a refusal differs from a failure.
class CircuitBreaker:
    """Stops requests after failures, and while a service demands a pause.

    Closed, it lets all requests pass. Open, it lets none pass until a time. Then it is half-open:
    one request passes, whose result closes or opens it. The caller of `begin` reports that result
    with one of `succeeded`, `failed`, `refused`, `pause` and `released`.

    Args:
        name: Name of the service or endpoint, for errors and the log.
        refusals: Refusals in a row that open it.
        clock: Monotonic clock in seconds.
    """

    def __init__(
        self, name: str, refusals: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._max_refusals = refusals
        self._clock = clock
        self._backoff = Backoff(FIRST_PAUSE, MAX_PAUSE)
        self._demand_backoff = Backoff(FIRST_DEMANDED_PAUSE, MAX_PAUSE)
        self._refusal_backoff = Backoff(FIRST_REFUSED_PAUSE, REFUSED_PAUSE)
        self._open_until: float | None = None
        self._forbidden = False
        self._probing = False
        self._failures = self._refusals = 0
        self._failures_before_success = 0
        self._logged: str | None = None

    @property
    def is_closed(self) -> bool:
        """Whether all requests pass."""
        return self._open_until is None

    @property
    def is_forbidden(self) -> bool:
        """Whether it is open because access was refused."""
        return not self.is_closed and self._forbidden

    @property
    def wait(self) -> float:
        """Seconds until a request may pass; 0 if one may now."""
        return 0.0 if self._open_until is None else max(0.0, self._open_until - self._clock())

    def check(self) -> None:
        """Raise Forbidden or Unavailable if no request may pass now."""
        if self._open_until is None:
            return
        wait = self.wait or (PROBE_SECONDS if self._probing else 0.0)
        if wait and self._forbidden:
            raise Forbidden(self._name, "access was refused", retry_after=wait)
        if wait:
            raise Unavailable(self._name, "is not asked for a while", retry_after=wait)

    def begin(self) -> None:
        """Let one request pass; raise Forbidden or Unavailable if none may."""
        self.check()
        self._probing = self._open_until is not None

    def succeeded(self) -> None:
        """Close after a reply."""
        self._probing = False
        self._failures_before_success = self._failures
        self._failures = self._refusals = 0
        if self._open_until is not None and not self.wait:
            self._open_until = None
            self._backoff.reset()
            self._demand_backoff.reset()
            self._refusal_backoff.reset()
            self._logged = None
            _log.info("%s: answers again", self._name)

    def failed(self, reason: str, *, in_reply: bool = False) -> None:
        """Count a failure, and open after FAILURES in a row or a failed probe.

        Args:
            reason: For the log.
            in_reply: The failure was found in a reply that was reported as a success.
        """
        if self.wait:  # a request from before it opened
            return
        probe, self._probing = self._probing, False
        self._failures = 1 + (self._failures_before_success if in_reply else self._failures)
        if probe or self._failures >= FAILURES:
            self._failures = self._failures_before_success = 0
            self._open(self._backoff.next_delay(), reason, forbidden=False)

    def refused(self, reason: str) -> None:
        """Count a refusal of access, and open after several in a row or a refused probe."""
        if self.wait:
            return
        probe, self._probing = self._probing, False
        self._refusals += 1
        if probe or self._refusals >= self._max_refusals:
            about_caller = self._max_refusals == 1
            backoff = self._refusal_backoff if about_caller else self._backoff
            self.forbid(backoff.next_delay(), reason)

    def released(self) -> None:
        """End a request without a result."""
        self._probing = False

    def pause(self, seconds: float | None, reason: str) -> None:
        """Open for the seconds that the service demands, or its own time for None.

        Has no effect on a breaker that is already open for at least as long.
        """
        self._probing = False
        wait = self._demand_backoff.next_delay() if seconds is None else max(seconds, MIN_PAUSE)
        self._open(wait, reason, forbidden=False)

    def forbid(self, seconds: float, reason: str) -> None:
        """Open like `pause`, with Forbidden as the error."""
        self._probing = False
        self._refusals = 0
        self._open(seconds, reason, forbidden=True)

    def _open(self, seconds: float, reason: str, *, forbidden: bool) -> None:
        until = self._clock() + seconds
        if self._open_until is not None and until <= self._open_until:
            return  # the reply to a concurrent request demanded as much
        self._forbidden = forbidden
        self._open_until = until
        # A reason is a warning once, not after each probe.
        level = logging.INFO if reason == self._logged else logging.WARNING
        self._logged = reason
        _log.log(level, "%s: %s; no requests for %.0f s", self._name, reason, seconds)
