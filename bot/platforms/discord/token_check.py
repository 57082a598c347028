"""Asks Discord whether a token is valid and which intents it has, for `python -m bot check`."""

import re
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.domain.errors import Forbidden
from bot.sources.http_client import connection_errors, malformed, read_json

DISCORD: Final = "https://discord.com/api/v10"
NAME: Final = "Discord"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
USER_AGENT: Final = "DiscordBot (Soundslike, 1)"
"""Discord may reject clients whose agent does not start with DiscordBot."""

SHAPE: Final = re.compile(r"[\w=-]+\.[\w-]+\.[\w-]+", re.ASCII)
"""A token has three parts, separated by dots."""

MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
"""Application flags of the granted message content intent, verified and unverified."""


async def has_message_content_intent(
    token: str, address: str = DISCORD, proxy: str | None = None
) -> bool:
    """Return whether the bot with this token was granted the message content intent.

    Raises:
        Forbidden: The token is invalid.
        Unavailable: Discord does not answer.
    """
    if not SHAPE.fullmatch(token):
        raise Forbidden(NAME, "malformed token")
    headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}
    with connection_errors(NAME):
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.get(
                f"{address}/applications/@me", allow_redirects=False, proxy=proxy
            ) as response,
        ):
            if response.status == HTTPStatus.UNAUTHORIZED:
                raise Forbidden(NAME, "rejected the token")
            application = await read_json(NAME, response)
    match application:
        case {"flags": int(flags)}:
            return bool(flags & MESSAGE_CONTENT)
        case _:
            raise malformed(NAME, "an application without flags")
