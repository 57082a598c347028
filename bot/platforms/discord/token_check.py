"""What Discord's developer portal says of the bot's application."""

import json
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.sources.http_client import MOST_BYTES, read_at_most

DISCORD: Final = "https://discord.com/api/v10"
NAME: Final = "Discord"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
USER_AGENT: Final = "DiscordBot (Soundslike, 1)"
"""Discord may turn away clients that do not begin like this."""

MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
"""Flags of an application that was granted the intent: one after a review, one without."""


async def reads_messages(token: str, address: str = DISCORD) -> bool:
    """Say whether the bot with this token was granted the message-content intent.

    Raises Forbidden when the token is wrong, Unavailable when Discord does not say.
    """
    if not (token.isascii() and token.isprintable()):
        raise Forbidden(NAME, "no token looks like that")
    headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.get(f"{address}/applications/@me", allow_redirects=False) as response,
        ):
            if response.status == HTTPStatus.UNAUTHORIZED:
                raise Forbidden(NAME, "status 401")
            if response.status != HTTPStatus.OK:
                raise Unavailable(NAME, f"Discord answered with status {response.status}")
            application = json.loads(await read_at_most(response, MOST_BYTES))
            return bool(application["flags"] & MESSAGE_CONTENT)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable(NAME, f"Discord cannot be reached ({type(error).__name__})") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadReply(NAME, "Discord sent what makes no sense") from error
