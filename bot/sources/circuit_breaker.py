"""Circuit breaker for outside services."""

import logging
import math
import time
from collections.abc import Callable

from bot.domain.errors import Forbidden, Unavailable

_log = logging.getLogger(__name__)


# Own code: aiobreaker, pybreaker, circuitbreaker and purgatory count failures and open for a fixed
# time; here a single reply names the time.
class CircuitBreaker:
    """Blocks requests to a service for as long as the service itself demands.

    Args:
        service: The service's name, for errors and the log.
        monotonic: Clock in seconds.
    """

    def __init__(self, service: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._monotonic = monotonic
        self._open_until = -math.inf
        self._forbidden = False

    def check(self) -> None:
        """Raise Forbidden or Unavailable while requests are blocked."""
        wait = self._open_until - self._monotonic()
        if wait <= 0:
            return
        if self._forbidden:
            raise Forbidden(self._service, "access was refused", retry_after=wait)
        raise Unavailable(self._service, "asked us to wait", retry_after=wait)

    def open(self, seconds: float, reason: str) -> None:
        """Block requests for `seconds`; `math.inf` blocks them until the process ends.

        Has no effect on a breaker that is already open for at least as long.
        """
        self._open(seconds, reason, forbidden=False)

    def forbid(self, seconds: float, reason: str) -> None:
        """Block requests like `open`, with Forbidden as the error."""
        self._open(seconds, reason, forbidden=True)

    def _open(self, seconds: float, reason: str, *, forbidden: bool) -> None:
        until = self._monotonic() + seconds
        if until <= self._open_until:  # the reply to a concurrent request demanded as much
            return
        self._forbidden = forbidden
        self._open_until = until
        duration = "until the bot restarts" if math.isinf(seconds) else f"for {seconds:.0f} s"
        _log.warning("%s: %s; no requests %s", self._service, reason, duration)
