"""Runs platforms side by side, so that the failure of one does not end the others."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot.concurrency.backoff import Backoff
from bot.domain.errors import ConfigurationError, SoundslikeError, stack_of
from bot.services.services import NotifyReady, Platform, Services
from bot.texts import operator

FIRST_DELAY: Final = 2.0
"""Seconds after which a platform is started again that failed unexpectedly."""

_log = logging.getLogger(__name__)


class Supervisor:
    """Runs platforms until it is cancelled.

    A platform that raises a ConfigurationError, such as for a token that is not valid, stays
    stopped; one that raises anything else is started again, with back-off. If no other one runs,
    a SoundslikeError ends the bot.
    """

    def __init__(
        self,
        platforms: Sequence[Platform],
        services: Services,
        notify_ready: NotifyReady,
        first_delay: float = FIRST_DELAY,
    ) -> None:
        self._platforms = platforms
        self._services = services
        self._notify_ready = notify_ready
        self._first_delay = first_delay
        self._running = len(platforms)

    async def run(self) -> None:
        """Run the platforms; raise the SoundslikeError of the last one that stopped."""
        try:
            async with asyncio.TaskGroup() as group:
                for platform in self._platforms:
                    group.create_task(self._supervise(platform))
        except* SoundslikeError as failures:
            raise failures.exceptions[0] from None

    async def _supervise(self, platform: Platform) -> None:
        backoff = Backoff(self._first_delay)
        notify = self._notify_ready
        while True:
            try:
                await platform.run(self._services, notify)
            except SoundslikeError as error:
                if isinstance(error, ConfigurationError) or self._running == 1:
                    await self._stopped(platform, error)
                    return
                # Such as a port that the process before this one has not left yet.
                delay = backoff.next_delay()
                _log.error("%s (%s)", operator.platform_failed(platform.name, delay), error)
                await asyncio.sleep(delay)
            except Exception as error:  # noqa: BLE001 - one platform must not end the others
                delay = backoff.next_delay()
                _log.error(
                    "%s: %s", operator.platform_failed(platform.name, delay), stack_of(error)
                )
                await asyncio.sleep(delay)
                notify = _log_line
            else:
                return

    async def _stopped(self, platform: Platform, error: SoundslikeError) -> None:
        """Report that a platform stays stopped; raise its error if no other one runs."""
        self._running -= 1
        if not self._running:
            raise error
        _log.error("%s", operator.platform_stopped(platform.name, error))
        # The others count as all: a restart of the process would not change the configuration.
        await self._notify_ready(operator.platform_stopped(platform.name, error))


async def _log_line(line: str) -> None:
    _log.info("%s", line)
