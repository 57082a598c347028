"""Discord's failures: which exceptions to expect, and how log lines describe them."""

import logging
from collections.abc import Awaitable
from typing import Final

import aiohttp
import discord

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""Exceptions of failed requests, including those of the connection."""

CONNECTION_FAILURES: Final = (
    aiohttp.ClientError,
    OSError,
    discord.DiscordServerError,
)
"""Failures after which a later attempt may succeed; Discord may have processed the request."""

EXPIRED: Final = frozenset({10062, 40060})
"""Error codes of interactions that expired or were answered already."""

INVALID_FORM_BODY: Final = 50035
"""Error code of a request that violates the rules for its content."""

NO_MESSAGE_HISTORY: Final = 160002
"""Error code of a reply in a channel whose history the bot may not read."""

UNKNOWN_MESSAGE: Final = 10008
"""Error code of a request about a message that was deleted."""

AUTHENTICATION_FAILED: Final = 4004
"""Gateway close code for an invalid or revoked token."""

_log = logging.getLogger(__name__)


def describe(error: BaseException) -> str:
    """Return the status and code of a failure without its message, which may quote a person."""
    if isinstance(error, discord.HTTPException):
        return f"{type(error).__name__} {error.status}, code {error.code}"
    return type(error).__name__


def is_about_deleted(error: BaseException) -> bool:
    """Return whether a request failed because its message is deleted."""
    return isinstance(error, discord.HTTPException) and error.code == UNKNOWN_MESSAGE


async def succeeds(request: Awaitable[object], about: str) -> bool:
    """Return whether a request succeeded; log its failure."""
    try:
        await request
    except FAILURES as error:
        _log.info("%s: %s", about, describe(error))
        return False
    return True
