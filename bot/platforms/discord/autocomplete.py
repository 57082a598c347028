"""Autocompletion of /genre: only the last of several quick keystrokes is searched."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.domain.tracks import Track
from bot.services.autocomplete import AutocompleteService

DELAY: Final = 0.2
"""Seconds without a keystroke after which a search starts; Discord waits for 3."""


class Autocomplete:
    """Debounces the searches of each user."""

    def __init__(self, service: AutocompleteService, delay: float = DELAY) -> None:
        self._service = service
        self._delay = delay
        self._latest: dict[str, object] = {}

    async def suggest(self, user: str, typed: str) -> Sequence[Track]:
        """Return tracks that match `typed`; none if `user` typed again during the delay."""
        request = self._latest[user] = object()
        await asyncio.sleep(self._delay)
        if self._latest.get(user) is not request:
            return []
        del self._latest[user]
        return await self._service.suggest(typed)
