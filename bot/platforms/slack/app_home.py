"""The App Home: statistics, the person's latest tracks, settings."""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import ids, present_home
from bot.platforms.slack.failures import FAILURES, error_code, is_refusal
from bot.platforms.slack.home_charts import HomeCharts
from bot.platforms.slack.permissions import may_manage
from bot.platforms.slack.present import Block
from bot.services.cards import CardService
from bot.services.channel_settings import SettingsService
from bot.services.statistics import StatisticsService

_log = logging.getLogger(__name__)


class AppHome:
    """Publishes each person's App Home."""

    def __init__(
        self,
        cards: CardService,
        settings: SettingsService,
        statistics: StatisticsService,
        charts: HomeCharts | None = None,
    ) -> None:
        self._cards = cards
        self._settings = settings
        self._statistics = statistics
        self._charts = charts or HomeCharts(statistics)

    async def publish(self, client: AsyncWebClient, team: str, user: str) -> None:
        """Publish the page of a person, with the picture of the statistics if Slack allows it."""
        workspace = ids.place(team, "")
        stats = await self._statistics.of_workspace(workspace)
        known = stats if isinstance(stats, WorkspaceStats) else None
        page = present_home.Home(
            await self._cards.requested_by(workspace, user),
            stats,
            await self._settings.of(workspace),
            may_manage=await may_manage(client, user),
        )
        chart = await self._charts.of(client, workspace, known) if known else None
        try:
            if chart is None:
                await _publish(client, user, present_home.home(page))
                return
            try:
                await _publish(client, user, present_home.home(page, chart))
            except FAILURES as error:
                if not is_refusal(error):
                    raise
                _log.info("app home: published without its chart: %s", error_code(error))
                await _publish(client, user, present_home.home(page))
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


async def _publish(client: AsyncWebClient, user: str, blocks: list[Block]) -> None:
    await client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})
