"""Pictures of statistics for App Homes: uploaded once for each content, without a message."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.cards import Theme
from bot.domain.places import Place
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack.failures import FAILURES, error_code
from bot.platforms.slack.pictures import STATISTICS_FILE, Picture, delete, upload
from bot.services.statistics import StatisticsService
from bot.texts import slack as words

READY_DELAYS: Final = (0.5, 1.0, 2.0)
"""Seconds between looks whether Slack has processed a picture. It refuses blocks with one that is
not: its media type is empty (github.com/slackapi/python-slack-sdk/issues/1521).
"""

_log = logging.getLogger(__name__)


class HomeCharts:
    """Keeps the latest picture of each workspace's statistics.

    Args:
        statistics: Draws them.
        delays: Seconds between looks whether a picture is processed.
    """

    def __init__(
        self, statistics: StatisticsService, delays: Sequence[float] = READY_DELAYS
    ) -> None:
        self._statistics = statistics
        self._delays = delays
        self._uploaded: dict[str, tuple[str, str]] = {}  # digest of the content, and file id
        self._locks = KeyedLocks()

    async def of(
        self, client: AsyncWebClient, workspace: Place, stats: WorkspaceStats
    ) -> str | None:
        """Return the id of the file with the picture; None if there is none. Does not raise.

        The picture that it replaces is deleted.
        """
        png = await self._statistics.chart(stats, Theme.LIGHT)
        if png is None:
            return None
        digest, team = hashlib.sha256(png).hexdigest(), workspace.workspace
        async with self._locks.of(workspace):
            known, file = self._uploaded.get(team, ("", ""))
            if known == digest:
                return file
            try:
                new = await self._upload(client, png, stats)
            except FAILURES as error:
                _log.warning("app home: chart not uploaded: %s", error_code(error))
                return None
            self._uploaded[team] = digest, new
            if file:
                await delete(client, workspace, file)
            return new

    async def _upload(self, client: AsyncWebClient, png: bytes, stats: WorkspaceStats) -> str:
        alt = texts.stats_alt(stats)
        file = await upload(client, Picture(png, STATISTICS_FILE, words.STATS_TITLE, alt))
        for delay in self._delays:
            info = (await client.files_info(file=file)).get("file")
            if isinstance(info, dict) and info.get("mimetype"):
                break
            await asyncio.sleep(delay)
        return file
