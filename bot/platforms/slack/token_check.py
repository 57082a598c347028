"""What Slack says of an app's tokens."""

import json
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.platforms.slack.api import AWAY, SLACK, can_be_sent
from bot.sources.http_client import MOST_BYTES, read_at_most
from bot.texts import slack as words

NAME: Final = "Slack"
TIMEOUT: Final = aiohttp.ClientTimeout(total=5)

WHO: Final = "auth.test"
CONNECT: Final = "apps.connections.open"
"""The methods by which a bot's and an app's token show that they are good."""


async def ask(method: str, token: str, address: str = SLACK) -> None:
    """Ask Slack whether a token is good for `method`; `address` is where its Web API is.

    Raises Forbidden when it is not, with Slack's code as `why`; Unavailable when Slack does not
    say.
    """
    if not can_be_sent(token):
        raise Forbidden(NAME, words.NO_TOKEN)
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, headers=headers) as session,
            session.post(f"{address}{method}", allow_redirects=False) as response,
        ):
            if response.status != HTTPStatus.OK:
                raise Unavailable(NAME, f"Slack answered with status {response.status}")
            answer = json.loads(await read_at_most(response, MOST_BYTES))
            code = None if answer["ok"] is True else str(answer["error"])
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable(NAME, f"Slack cannot be reached ({type(error).__name__})") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadReply(NAME, "Slack sent what makes no sense") from error
    if code in AWAY:
        raise Unavailable(NAME, "Slack does not say")
    if code is not None:
        raise Forbidden(NAME, code)
