"""Asks Discord whether a token is valid and which intents it has, for `python -m bot check`."""

from http import HTTPStatus
from typing import Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.sources.http_client import read_json

DISCORD: Final = "https://discord.com/api/v10"
NAME: Final = "Discord"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
USER_AGENT: Final = "DiscordBot (Soundslike, 1)"
"""Discord may reject clients whose agent does not start with DiscordBot."""

MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
"""Application flags of the granted message content intent, verified and unverified."""


async def has_message_content_intent(token: str, address: str = DISCORD) -> bool:
    """Return whether the bot with this token was granted the message content intent.

    Raises:
        Forbidden: The token is invalid.
        Unavailable: Discord does not answer.
    """
    if not (token.isascii() and token.isprintable()):
        raise Forbidden(NAME, "malformed token")
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
            application = await read_json(NAME, response)
            return bool(application["flags"] & MESSAGE_CONTENT)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable(NAME, f"Discord cannot be reached ({type(error).__name__})") from error
    except (LookupError, TypeError) as error:
        raise BadReply(NAME, "Discord sent an unexpected reply") from error
