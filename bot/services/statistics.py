"""Use case: statistics of a workspace, and their chart."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot import texts
from bot.domain.cards import ModelRef, Theme
from bot.domain.errors import SoundslikeError, stack_of
from bot.domain.picture_ports import Renderer
from bot.domain.places import Place
from bot.domain.ports import Classifier, ModelRegistry, StatsStore
from bot.domain.replies import Notice, NoticeKind
from bot.domain.statistics import Learning, WorkspaceStats, biggest_changes
from bot.services.failures import failure_notice, value_or_none
from model.errors import BundleError
from model.gate_report import GenreChange

CountCorrections = Callable[[datetime | None], Awaitable[int]]
"""Counts the corrections of all servers after a moment, or all; raises StorageFailed."""

_log = logging.getLogger(__name__)


class StatisticsService:
    """Statistics of workspaces. Methods do not raise."""

    def __init__(
        self,
        store: StatsStore,
        models: ModelRegistry,
        renderer: Renderer,
        corrections_since: CountCorrections,
    ) -> None:
        self._store = store
        self._models = models
        self._renderer = renderer
        self._corrections_since = corrections_since

    async def of_workspace(self, place: Place) -> WorkspaceStats | Notice:
        """Return the statistics of the workspace that contains `place`."""
        try:
            stats = await self._store.of(place)
        except SoundslikeError as error:
            return failure_notice(error, "statistics")
        learning = await value_or_none(self._learning(), "statistics")
        if not stats.answers:
            return Notice(NoticeKind.NO_STATISTICS, texts.no_stats(learning))
        return replace(stats, learning=learning)

    async def chart(self, stats: WorkspaceStats, theme: Theme) -> bytes | None:
        """Return the statistics as PNG; None if they cannot be drawn."""
        try:
            typical = await self._typical(next(iter(stats.genres)))
            return await self._renderer.stats(stats, typical, theme)
        except Exception as error:  # noqa: BLE001 - the statistics are sent without a chart then
            _log.error("statistics: chart failed: %s", stack_of(error))
            return None

    async def _learning(self) -> Learning:
        """Return what the default model learned, and how many corrections wait for a training."""
        classifier = await self._models.get(None)
        model = ModelRef(classifier.name, classifier.version)
        lineage = classifier.lineage
        if lineage is None:
            return Learning(model, await self._corrections_since(None))
        newest = lineage.newest_vote
        return Learning(
            model,
            await self._corrections_since(newest) if newest else None,
            lineage.rows_added,
            tuple(_changes(classifier)),
        )

    async def _typical(self, genre: str) -> Mapping[str, float]:
        """Return the typical song of a genre from the first model that knows the genre."""
        for name in (None, *self._models.names):
            with suppress(KeyError):
                return (await self._models.get(name)).typical(genre)
        return {}


def _changes(classifier: Classifier) -> Sequence[GenreChange]:
    try:
        report = classifier.report
    except BundleError as error:  # the statistics are complete without it
        _log.warning("model %s: %s", classifier.name, error)
        return ()
    return biggest_changes(report) if report else ()
