"""Asks Slack whether a token is valid, for `python -m bot check`."""

from collections.abc import Mapping
from typing import Final

import aiohttp

from bot.domain.errors import Forbidden, Unavailable
from bot.platforms.slack.api import SLACK, UNPROCESSED, can_be_sent
from bot.platforms.slack.credentials import SCOPES
from bot.sources.http_client import connection_errors, malformed, read_json
from bot.texts import slack as words

NAME: Final = "Slack"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)

FOR_BOT_TOKEN: Final = "auth.test"  # noqa: S105 - a method, no secret
FOR_APP_TOKEN: Final = "apps.connections.open"  # noqa: S105 - a method, no secret
"""Methods that succeed with a valid bot token and a valid app token."""


GRANTED: Final = "X-OAuth-Scopes"
"""Header of replies with the scopes of the token, separated by commas."""

PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    FOR_BOT_TOKEN: ("xoxb-", "xoxe.xoxb-"),
    FOR_APP_TOKEN: ("xapp-",),
}
"""How a token for a method begins (https://api.slack.com/authentication/token-types)."""


async def check_token(
    method: str, token: str, address: str = SLACK, proxy: str | None = None
) -> frozenset[str]:
    """Call `method` with a token; return the scopes that a bot's token lacks, if Slack tells.

    Args:
        method: A method of Slack's Web API.
        token: The token.
        address: Base address of the Web API.
        proxy: Address of the proxy, if one is used.

    Raises:
        Forbidden: The token is invalid; `reason` is Slack's error code.
        Unavailable: Slack does not answer.
    """
    if not can_be_sent(token) or not token.startswith(PREFIXES[method]):
        raise Forbidden(NAME, words.TOKEN_MALFORMED)
    headers = {"Authorization": f"Bearer {token}"}
    with connection_errors(NAME):
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.post(f"{address}{method}", allow_redirects=False, proxy=proxy) as response,
        ):
            reply, granted = await read_json(NAME, response), response.headers.get(GRANTED)
    match reply:
        case {"ok": True}:
            if method != FOR_BOT_TOKEN or not granted:
                return frozenset()
            return frozenset(SCOPES).difference(name.strip() for name in granted.split(","))
        case {"error": str(code)} if code in UNPROCESSED:
            raise Unavailable(NAME, "did not process the request")
        case {"error": str(code)}:
            raise Forbidden(NAME, code)
        case _:
            raise malformed(NAME, "neither ok nor an error")
