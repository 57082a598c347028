"""The Discord platform: log in, serve, reconnect, stop."""

import asyncio
import logging
from collections.abc import Sequence
from typing import NoReturn

import discord
from discord.http import Route

from bot.concurrency.backoff import FIRST_DELAY, Backoff
from bot.domain.errors import ConfigurationError, stack_of
from bot.domain.proxies import NO_PROXIES, Proxies
from bot.platforms.discord.delivery import RETRY_DELAYS
from bot.platforms.discord.events import REFRESH_DELAY, STOP_SECONDS, Client
from bot.platforms.discord.failures import AUTHENTICATION_FAILED, FAILURES, describe
from bot.platforms.discord.log_filters import install_log_filters
from bot.platforms.discord.progress import TIMING, Timing
from bot.platforms.discord.shards import Shards
from bot.services.services import NotifyReady, Services
from bot.texts import discord as words
from bot.texts import operator

_log = logging.getLogger(__name__)


class DiscordPlatform:
    """A Discord bot, or with `shards` the part of it that serves these shards."""

    name = "discord"

    def __init__(
        self,
        token: str,
        shards: Shards | None = None,
        *,
        first_delay: float = FIRST_DELAY,
        refresh_delay: float = REFRESH_DELAY,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        stop_seconds: float = STOP_SECONDS,
        progress_timing: Timing = TIMING,
        proxies: Proxies = NO_PROXIES,
    ) -> None:
        self._token = token
        self._proxies = proxies
        self._shards = shards
        self._first_delay = first_delay
        self._refresh_delay = refresh_delay
        self._retry_delays = retry_delays
        self._stop_seconds = stop_seconds
        self._progress_timing = progress_timing

    async def run(self, services: Services, notify_ready: NotifyReady) -> None:
        """Serve until cancelled; reconnect with back-off while Discord is unreachable.

        Raises ConfigurationError if Discord refuses the token or the shards.
        """
        install_log_filters()
        content, backoff, notify = True, Backoff(self._first_delay), _NotifyOnce(notify_ready)
        while True:
            # A new client each time: discord.py 2.7.1 leaks a session when login is repeated.
            client = self._client(services, notify, backoff, content=content)
            try:
                async with client:
                    await client.start(self._token)
            except discord.PrivilegedIntentsRequired:
                _log.warning(words.NO_MESSAGE_CONTENT)
                content = False
            except discord.LoginFailure:
                _refuse(AUTHENTICATION_FAILED)
            except discord.ConnectionClosed as closed:
                _refuse(closed.code)
            except FAILURES as error:
                delay = backoff.next_delay()
                _log.warning("%s (%s)", words.unreachable(delay), describe(error))
                await asyncio.sleep(delay)
            except Exception as error:  # noqa: BLE001 - one bad event must not end the platform
                delay = backoff.next_delay()
                _log.error("%s: %s", words.failed(delay), stack_of(error))
                await asyncio.sleep(delay)
            else:
                return

    def _client(
        self, services: Services, notify: NotifyReady, backoff: Backoff, *, content: bool
    ) -> Client:
        client = Client(
            services,
            content=content,
            shards=self._shards,
            refresh_delay=self._refresh_delay,
            retry_delays=self._retry_delays,
            stop_seconds=self._stop_seconds,
            progress_timing=self._progress_timing,
            proxy=self._proxies.of(Route.BASE),
        )

        async def on_connected() -> None:
            backoff.reset()
            await notify(words.connected(str(client.user), len(client.guilds)))

        client.on_connected = on_connected
        return client


class _NotifyOnce:
    """Forwards only the first line, because the ready event is repeated for each new session."""

    def __init__(self, notify_ready: NotifyReady) -> None:
        self._notify_ready: NotifyReady | None = notify_ready

    async def __call__(self, line: str) -> None:
        notify_ready, self._notify_ready = self._notify_ready, None
        if notify_ready:
            await notify_ready(line)


def _refuse(code: int) -> NoReturn:
    if code == AUTHENTICATION_FAILED:
        raise ConfigurationError(operator.DISCORD_TOKEN_REJECTED)
    raise ConfigurationError(words.connection_refused(code))
