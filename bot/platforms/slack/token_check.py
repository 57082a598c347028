"""Asks Slack whether a token is valid, for `python -m bot check`."""

from http import HTTPStatus
from typing import Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.platforms.slack.api import AWAY, SLACK, can_be_sent
from bot.sources.http_client import read_json
from bot.texts import slack as words

NAME: Final = "Slack"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)

FOR_BOT_TOKEN: Final = "auth.test"
FOR_APP_TOKEN: Final = "apps.connections.open"
"""Methods that succeed with a valid bot token and a valid app token."""


async def check_token(method: str, token: str, address: str = SLACK) -> None:
    """Call `method` with a token.

    Args:
        method: A method of Slack's Web API.
        token: The token.
        address: Base address of the Web API.

    Raises:
        Forbidden: The token is invalid; `reason` is Slack's error code.
        Unavailable: Slack does not answer.
    """
    if not can_be_sent(token):
        raise Forbidden(NAME, words.TOKEN_MALFORMED)
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.post(f"{address}{method}", allow_redirects=False) as response,
        ):
            if response.status != HTTPStatus.OK:
                raise Unavailable(NAME, f"Slack answered with status {response.status}")
            answer = await read_json(NAME, response)
            code = None if answer["ok"] is True else str(answer["error"])
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable(NAME, f"Slack cannot be reached ({type(error).__name__})") from error
    except (LookupError, TypeError) as error:
        raise BadReply(NAME, "Slack sent an unexpected reply") from error
    if code in AWAY:
        raise Unavailable(NAME, "Slack did not process the request")
    if code is not None:
        raise Forbidden(NAME, code)
