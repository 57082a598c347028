"""Which users are no people: what tells of a shared link does not say."""

import logging
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.concurrency.single_flight import SingleFlight
from bot.platforms.slack.failures import FAILURES, code

REMEMBERED: Final = 1000

_log = logging.getLogger(__name__)


class BotUsers:
    """Asks Slack once about each user."""

    def __init__(self) -> None:
        self._known: SingleFlight[bool] = SingleFlight(REMEMBERED)

    async def include(self, client: AsyncWebClient, team: str, user: str) -> bool:
        """Say whether a user of a workspace is a bot; False where Slack does not say."""

        async def ask() -> bool:
            return bool((await client.users_info(user=user))["user"].get("is_bot"))

        try:
            return await self._known.get(f"{team}/{user}", ask)
        except FAILURES as error:
            _log.info("a shared link: taken for a person's: %s", code(error))
            return False
