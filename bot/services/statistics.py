"""Use case: statistics of a workspace, and their chart."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

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

CountCorrections = Callable[[str], Awaitable[int]]
"""Counts the corrections since the last training of a model; raises StorageFailed."""

_log = logging.getLogger(__name__)


class StatisticsService:
    """Statistics of workspaces. Methods do not raise."""

    def __init__(
        self,
        store: StatsStore,
        models: ModelRegistry,
        renderer: Renderer,
        corrections_since_last: CountCorrections,
    ) -> None:
        self._store = store
        self._models = models
        self._renderer = renderer
        self._corrections_since_last = corrections_since_last

    async def of_workspace(self, place: Place) -> WorkspaceStats | Notice:
        """Return the statistics of the workspace that contains `place`."""
        try:
            stats = await self._store.of(place)
        except SoundslikeError as error:
            return failure_notice(error, "statistics")
        if not stats.answers:
            return Notice(NoticeKind.NO_STATISTICS, texts.NO_STATS)
        learning = await value_or_none(self._learning(voted=bool(stats.votes)), "statistics")
        return replace(stats, learning=learning)

    async def chart(self, stats: WorkspaceStats, theme: Theme) -> bytes | None:
        """Return the statistics as PNG; None if they cannot be drawn."""
        try:
            typical = await self._typical(next(iter(stats.genres)))
            return await self._renderer.stats(stats, typical, theme)
        except Exception as error:  # noqa: BLE001 - the statistics are sent without a chart then
            _log.error("statistics: chart failed: %s", stack_of(error))
            return None

    async def _learning(self, *, voted: bool) -> Learning:
        """Return what the default model learned; its name alone where no one has voted."""
        classifier = await self._models.get(None)
        model = ModelRef(classifier.name, classifier.version)
        if not voted:
            return Learning(model)
        lineage = classifier.lineage
        return Learning(
            model,
            await self._corrections_since_last(model.name),
            lineage.rows_added if lineage else None,
            tuple(_changes(classifier)) if lineage else (),
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
