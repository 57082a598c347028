"""The message that says how many links wait in a channel, with its button."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.platforms.slack import present
from bot.platforms.slack.failures import FAILURES, error_code

_log = logging.getLogger(__name__)


class WaitingMessage:
    """Displays how many links wait in a channel."""

    def __init__(self, client_of: Callable[[str], Awaitable[AsyncWebClient | None]]) -> None:
        self._client_of = client_of

    async def display(self, place: Place, current: str | None, count: int) -> str | None:
        """Update the message `current`, or post one; return its timestamp, None on failure."""
        text = texts.waiting(count)
        form: dict[str, Any] = {
            "text": present.escape(text),
            "blocks": present.waiting(count),
            "parse": "none",  # else an update would turn names into mentions
        }
        try:
            client = await self._client_of(place.workspace)
            if client is None:
                return None
            if current:
                try:
                    await client.chat_update(channel=place.channel, ts=current, **form)
                except FAILURES as error:
                    if error_code(error) != "message_not_found" or not count:
                        raise
                else:
                    return current
            posted = await client.chat_postMessage(channel=place.channel, **form)
            return str(posted["ts"])
        except (*FAILURES, StorageFailed) as error:
            _log.info("%s: waiting links not displayed: %s", place, error_code(error))
            return None
