"""Recognises bot users, which the event link_shared does not mark."""

import logging
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.concurrency.single_flight import SingleFlight
from bot.platforms.slack.failures import FAILURES, error_code

CACHE_SIZE: Final = 1000

_log = logging.getLogger(__name__)


class BotUsers:
    """Asks Slack about each user once."""

    def __init__(self) -> None:
        self._known: SingleFlight[bool] = SingleFlight(CACHE_SIZE)

    async def include(self, client: AsyncWebClient, team: str, user: str) -> bool:
        """Return whether a user of a workspace is a bot; False if Slack does not answer."""

        async def request() -> bool:
            return bool((await client.users_info(user=user))["user"].get("is_bot"))

        try:
            return await self._known.get(f"{team}/{user}", request)
        except FAILURES as error:
            _log.info("shared link: its author is assumed to be a person: %s", error_code(error))
            return False
