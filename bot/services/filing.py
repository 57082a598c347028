"""Use case: find the genres under which the world files a track."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot.concurrency.single_flight import SingleFlight
from bot.domain.errors import SoundslikeError
from bot.domain.filing import FiledUnder, file
from bot.domain.source_ports import GenreTagSource
from bot.domain.tracks import Track
from model.tag_taxonomy import Taxonomy

TIME_LIMIT: Final = 2.5
"""Seconds that a card waits for its filed genres."""

TIME_TO_FINISH: Final = 30.0
"""Seconds after which a question without a waiting caller is given up."""

_log = logging.getLogger(__name__)


class FiledUnderService:
    """Asks sources of tags in order; the first one whose tags name a genre decides.

    A question that takes longer than a card waits is finished, so that a source's cache has the
    answer for the next card: MusicBrainz alone needs three calls, and allows one a second.

    Args:
        sources: Sources of tags, in order of preference.
        taxonomy: Reads the tags as genres.
        time_limit: Seconds that a caller waits.
    """

    def __init__(
        self,
        sources: Sequence[GenreTagSource],
        taxonomy: Taxonomy,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._sources = sources
        self._taxonomy = taxonomy
        self._time_limit = time_limit
        self._asking: SingleFlight[FiledUnder | None] = SingleFlight()

    async def filed_under(self, track: Track) -> FiledUnder | None:
        """Return the genres of a track; None if no source knows them in time. Does not raise."""
        try:
            async with asyncio.timeout(self._time_limit):
                return await self._asking.get(track.key, lambda: self._ask(track))
        except TimeoutError:
            _log.info("filed genres left out: no answer in %g s", self._time_limit)
            return None

    async def close(self) -> None:
        """Cancel the questions without a waiting caller."""
        await self._asking.close()

    async def _ask(self, track: Track) -> FiledUnder | None:
        try:
            async with asyncio.timeout(TIME_TO_FINISH):
                return await self._first(track)
        except TimeoutError:
            _log.info("filed genres given up after %g s", TIME_TO_FINISH)
            return None

    async def _first(self, track: Track) -> FiledUnder | None:
        for source in self._sources:
            try:
                tags = await source.tags(track)
            except SoundslikeError as error:
                _log.info("source of filed genres skipped: %s: %s", source.name, error)
                continue
            if tags and (filed := file(tags, self._taxonomy)):
                return filed
        return None
