"""The web platform: bind, serve, stop."""

import asyncio
import errno
import logging
from contextlib import AsyncExitStack
from typing import Final

from bot import texts
from bot.domain.errors import ConfigurationError, PortInUse, StartupError
from bot.platforms.http import server
from bot.platforms.web import events
from bot.platforms.web.site import Site
from bot.services.services import NotifyReady, Services
from bot.texts import public_page
from bot.texts.addresses import browser_address

PORT: Final = 8765

SHUTDOWN_SECONDS: Final = 0.5
"""Time for open requests to finish when the bot stops."""

_log = logging.getLogger(__name__)


class WebPlatform:
    """Serves the page on a port; port 0 selects a free one."""

    name = "web"

    def __init__(self, site: Site | None = None, port: int = PORT) -> None:
        self.site = site or Site()
        self._port = port

    async def run(self, services: Services, notify_ready: NotifyReady) -> None:
        """Serve until cancelled.

        Raises:
            PortInUse: Another program listens on the port.
            ConfigurationError: The address cannot be bound.
        """
        application = events.build(services, self.site)
        async with AsyncExitStack() as stack:
            serving = server.serving(
                application, "Web", self.site.host, self._port, shutdown_seconds=SHUTDOWN_SECONDS
            )
            try:
                port = await stack.enter_async_context(serving)
            except (OSError, OverflowError) as error:
                raise self._cannot_listen(error) from error
            await notify_ready(self._ready(browser_address(self.site.host, port)))
            await asyncio.Event().wait()

    def _ready(self, address: str) -> str:
        if not self.site.is_public:
            return f"Web: {address}"
        if self.site.url is None:
            _log.warning(public_page.NO_URL)
        return public_page.ready(address, self.site.url)

    def _cannot_listen(self, error: Exception) -> StartupError:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            return PortInUse(texts.port_in_use(self._port))
        return ConfigurationError(texts.cannot_listen("WEB", self.site.host, self._port, error))
