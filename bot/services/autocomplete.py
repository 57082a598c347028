"""Use case: suggest tracks while a person types."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot.concurrency.single_flight import SingleFlight
from bot.domain import links
from bot.domain.errors import SoundslikeError, stack_of
from bot.domain.tracks import Track
from bot.services.search import SearchService, Suggestions

MIN_LENGTH: Final = 2
"""Characters; shorter text gives no suggestions."""

TIME_LIMIT: Final = 2.0
"""Seconds; Discord discards suggestions that take 3."""

CACHE_SIZE: Final = 256

_log = logging.getLogger(__name__)


class AutocompleteService:
    """Searches tracks for partial input, with a cache."""

    def __init__(self, search: SearchService) -> None:
        self._search = search
        self._searches: SingleFlight[Suggestions] = SingleFlight(CACHE_SIZE)

    async def suggest(self, text: str) -> Sequence[Track]:
        """Return tracks that match the text so far; empty on failure or for a link."""
        text = " ".join(text.split())
        if len(text) < MIN_LENGTH or links.find(text).links:
            return []
        key = text.casefold()
        try:
            async with asyncio.timeout(TIME_LIMIT):
                found = await self._searches.get(key, lambda: self._search.suggest(text))
        except (SoundslikeError, TimeoutError) as error:
            _log.info("no suggestions: %s", stack_of(error))
            return []
        if not found.is_complete:
            self._searches.discard(key)  # a source that failed may answer next time
        return found.tracks
