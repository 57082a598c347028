"""The App Home: statistics, the person's latest tracks, settings."""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import ids, present
from bot.platforms.slack.failures import FAILURES, error_code
from bot.platforms.slack.permissions import may_manage
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.statistics import StatisticsService

_log = logging.getLogger(__name__)


class AppHome:
    """Publishes each person's App Home."""

    def __init__(
        self, cards: CardService, settings: SettingsService, statistics: StatisticsService
    ) -> None:
        self._cards = cards
        self._settings = settings
        self._statistics = statistics

    async def publish(self, client: AsyncWebClient, team: str, user: str) -> None:
        """Publish the page of a person."""
        workspace = ids.place(team, "")
        stats = await self._statistics.of_workspace(workspace)
        blocks = present.home(
            list(await self._cards.requested_by(workspace, user)),
            stats if isinstance(stats, WorkspaceStats) else None,
            await self._settings.of(workspace),
            may_manage=await may_manage(client, user),
        )
        try:
            await client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})
        except FAILURES as error:
            _log.warning("app home: not published: %s", error_code(error))

    async def change_mode(self, client: AsyncWebClient, team: str, user: str, mode: str) -> None:
        """Set when the bot answers in the workspace, if the person may, and publish the page.

        Raises StorageFailed; the job of the press is then repeated.
        """
        workspace = ids.place(team, "")
        if mode in list(Mode) and await may_manage(client, user):
            await self._settings.store(workspace, SettingsChange(mode=Mode(mode)))
        await self.publish(client, team, user)
