"""The local chat as a platform: bind, serve, stop."""

import asyncio
import errno
from typing import Final

from aiohttp import web

from bot import texts
from bot.domain.errors import ConfigurationError, PortInUse
from bot.platforms.web import events, security
from bot.services.handlers import Handlers, Ready

HOST: Final = "127.0.0.1"
PORT: Final = 8765

PATIENCE: Final = 0.5
"""Seconds that an open request gets to finish when the bot stops."""


class WebPlatform:
    """A chat in the browser, on `host` and `port` and nowhere else; port 0 picks a free one."""

    name = "local"

    def __init__(self, host: str = HOST, port: int = PORT) -> None:
        self._host = host
        self._port = port

    async def run(self, handlers: Handlers, ready: Ready) -> None:
        """Serve the chat until cancelled.

        Raises PortInUse when something else listens there, ConfigurationError when the address
        cannot be had at all.
        """
        runner = web.AppRunner(
            events.build(handlers, self._host),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=PATIENCE,
        )
        await runner.setup()
        try:
            await self._bind(runner)
            port = runner.addresses[0][1]
            await ready(f"Local chat: http://{security.bracketed(self._host)}:{port}")
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _bind(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise PortInUse(texts.port_taken(self._port)) from error
            sentence = texts.cannot_listen("LOCAL", self._host, self._port, error)
            raise ConfigurationError(sentence) from error
