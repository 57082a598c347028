"""The web platform: bind, serve, stop."""

import asyncio
import errno
from typing import Final

from aiohttp import web

from bot import texts
from bot.domain.errors import ConfigurationError, PortInUse
from bot.platforms.web import events
from bot.services.services import NotifyReady, Services
from bot.texts.addresses import browser_address

HOST: Final = "127.0.0.1"
PORT: Final = 8765

SHUTDOWN_SECONDS: Final = 0.5
"""Time for open requests to finish when the bot stops."""


class WebPlatform:
    """Serves the page on `host` and `port`; port 0 selects a free port."""

    name = "web"

    def __init__(self, host: str = HOST, port: int = PORT) -> None:
        self._host = host
        self._port = port

    async def run(self, services: Services, notify_ready: NotifyReady) -> None:
        """Serve until cancelled.

        Raises:
            PortInUse: Another program listens on the port.
            ConfigurationError: The address cannot be bound.
        """
        runner = web.AppRunner(
            events.build(services, self._host),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        await runner.setup()
        try:
            await self._bind(runner)
            port = runner.addresses[0][1]
            await notify_ready(f"Web: {browser_address(self._host, port)}")
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _bind(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise PortInUse(texts.port_in_use(self._port)) from error
            sentence = texts.cannot_listen("WEB", self._host, self._port, error)
            raise ConfigurationError(sentence) from error
