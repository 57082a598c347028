"""Logs malformed deliveries: the first ones with their stack, the others as a number a minute."""

import asyncio
import logging
from typing import Final

from bot.domain.errors import stack_of

MAX_LOGGED: Final = 20
"""Malformed deliveries whose stack is logged; the others are counted."""

SUMMARY_DELAY: Final = 60.0
"""Seconds for which malformed deliveries are counted before one line says how many there were."""

_log = logging.getLogger(__name__)


class MalformedLog:
    """Counts the malformed deliveries of one platform. Its methods need a running event loop."""

    def __init__(self, platform: str) -> None:
        self.count = 0
        self._platform = platform
        self._summary: asyncio.TimerHandle | None = None
        self._unlogged = 0

    def add(self, about: str, error: Exception) -> None:
        """Count a delivery that raised `error`, and log it now or in the next summary."""
        self.count += 1
        if self.count <= MAX_LOGGED:
            _log.warning("%s: not understood: %s", about, stack_of(error))
            return
        self._unlogged += 1
        if self._summary is None:
            loop = asyncio.get_running_loop()
            self._summary = loop.call_later(SUMMARY_DELAY, self._log_summary)

    def _log_summary(self) -> None:
        _log.warning(
            "%s: further deliveries that were not understood: %s; since the start: %s",
            self._platform,
            self._unlogged,
            self.count,
        )
        self._unlogged, self._summary = 0, None
