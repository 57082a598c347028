"""The platform: log in, serve, come back after trouble, stop."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, NoReturn

import discord

from bot.domain.errors import ConfigurationError
from bot.platforms.discord.delivery import FAILURES, PAUSES, why
from bot.platforms.discord.events import REFRESH_AFTER, Client
from bot.platforms.discord.log_filters import install_log_filters
from bot.platforms.discord.shards import Shards
from bot.services.handlers import Ready, SharedHandlers
from bot.texts import discord as words
from bot.texts import operator

FIRST_WAIT: Final = 2.0
LONGEST_WAIT: Final = 60.0
"""Seconds between two attempts to reach Discord, which double from the one to the other."""

TOKEN_REFUSED: Final = 4004
"""The gateway's code for a token that is none, or no more."""

_log = logging.getLogger(__name__)


class DiscordPlatform:
    """A bot on Discord; `shards` makes it one part of several."""

    name = "discord"

    def __init__(
        self,
        token: str,
        shards: Shards | None = None,
        *,
        first_wait: float = FIRST_WAIT,
        refresh_after: float = REFRESH_AFTER,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._token = token
        self._shards = shards
        self._first_wait = first_wait
        self._refresh_after = refresh_after
        self._pauses = pauses

    async def run(self, handlers: SharedHandlers, ready: Ready) -> None:
        """Serve until cancelled; raises ConfigurationError when Discord refuses for good.

        While Discord is away, try again and again, with longer and longer rests.
        """
        install_log_filters()
        content, waits, up = True, Backoff(self._first_wait), _Once(ready)
        while True:
            # A new client each time: discord.py 2.7.1 leaves a session open when login is repeated.
            client = self._client(handlers, up, waits, content=content)
            try:
                async with client:
                    await client.start(self._token)
            except discord.PrivilegedIntentsRequired:
                _log.warning(words.NO_CONTENT)
                content = False
            except discord.LoginFailure:
                _refuse(TOKEN_REFUSED)
            except discord.ConnectionClosed as closed:
                _refuse(closed.code)
            except FAILURES as error:
                wait = waits.next()
                _log.warning("%s (%s)", words.not_reached(wait), why(error))
                await asyncio.sleep(wait)
            else:
                return

    def _client(
        self, handlers: SharedHandlers, up: Ready, waits: "Backoff", *, content: bool
    ) -> Client:
        client = Client(
            handlers,
            content=content,
            shards=self._shards,
            refresh_after=self._refresh_after,
            pauses=self._pauses,
        )

        async def on_ready() -> None:
            waits.reset()
            await up(words.connected(str(client.user), len(client.guilds)))

        client.event(on_ready)
        return client


class Backoff:
    """Seconds between two attempts: twice as long each time, until one succeeds."""

    def __init__(self, first: float) -> None:
        self._first = self._next = first

    def next(self) -> float:
        """Return how long to wait now."""
        wait = self._next
        self._next = min(wait * 2, LONGEST_WAIT)
        return wait

    def reset(self) -> None:
        """Begin anew: Discord was reached."""
        self._next = self._first


class _Once:
    """Passes the first line on, and no other: a session that is begun anew is ready again."""

    def __init__(self, ready: Ready) -> None:
        self._ready: Ready | None = ready

    async def __call__(self, line: str) -> None:
        ready, self._ready = self._ready, None
        if ready:
            await ready(line)


def _refuse(code: int) -> NoReturn:
    if code == TOKEN_REFUSED:
        raise ConfigurationError(operator.DISCORD_REFUSES)
    raise ConfigurationError(words.refused(code))
