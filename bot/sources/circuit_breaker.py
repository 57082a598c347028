"""Circuit breaker for outside services."""

import logging
import math
import time
from collections.abc import Callable

from bot.domain.errors import Forbidden, Unavailable

_log = logging.getLogger(__name__)


class CircuitBreaker:
    """Blocks requests to a service for as long as the service itself demands.

    Own code because aiobreaker, purgatory and pybreaker open after a number of failures and for a
    fixed time; here one reply (429 with Retry-After, 403) opens it for the time that it names.

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
        """Block requests for `seconds`; `math.inf` blocks them until the process ends."""
        self._open(seconds, reason, forbidden=False)

    def forbid(self, seconds: float, reason: str) -> None:
        """Block requests like `open`, with Forbidden as the error."""
        self._open(seconds, reason, forbidden=True)

    def _open(self, seconds: float, reason: str, *, forbidden: bool) -> None:
        self._forbidden = forbidden
        self._open_until = self._monotonic() + seconds
        _log.warning("%s: %s; no requests for %.0f s", self._service, reason, seconds)
