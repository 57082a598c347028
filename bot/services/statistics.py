"""Use case: statistics of a workspace, and their chart."""

import logging
from collections.abc import Mapping
from contextlib import suppress

from bot import texts
from bot.domain.cards import Theme
from bot.domain.errors import SoundslikeError, stack_of
from bot.domain.picture_ports import Renderer
from bot.domain.places import Place
from bot.domain.ports import ModelRegistry, StatsStore
from bot.domain.replies import Notice, NoticeKind
from bot.domain.statistics import WorkspaceStats
from bot.services.failures import failure_notice

_log = logging.getLogger(__name__)


class StatisticsService:
    """Statistics of workspaces. Methods do not raise."""

    def __init__(self, store: StatsStore, models: ModelRegistry, renderer: Renderer) -> None:
        self._store = store
        self._models = models
        self._renderer = renderer

    async def of_workspace(self, place: Place) -> WorkspaceStats | Notice:
        """Return the statistics of the workspace that contains `place`."""
        try:
            stats = await self._store.of(place)
        except SoundslikeError as error:
            return failure_notice(error, "statistics")
        return stats if stats.answers else Notice(NoticeKind.NO_STATISTICS, texts.NO_STATS)

    async def chart(self, stats: WorkspaceStats, theme: Theme) -> bytes | None:
        """Return the statistics as PNG; None if they cannot be drawn."""
        try:
            typical = await self._typical(next(iter(stats.genres)))
            return await self._renderer.stats(stats, typical, theme)
        except Exception as error:  # noqa: BLE001 - the statistics are sent without a chart then
            _log.error("statistics: chart failed: %s", stack_of(error))
            return None

    async def _typical(self, genre: str) -> Mapping[str, float]:
        """Return the typical song of a genre from the first model that knows the genre."""
        for name in (None, *self._models.names):
            with suppress(KeyError):
                return (await self._models.get(name)).typical(genre)
        return {}
