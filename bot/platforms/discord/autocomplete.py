"""Suggestions while someone types: only for the last of quick keystrokes."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.domain.tracks import Track
from bot.services.handlers import Room

PAUSE: Final = 0.2
"""Seconds of rest after which what was typed is looked up; Discord waits for 3."""


class Autocomplete:
    """Looks up what each person has typed last."""

    def __init__(self, room: Room, pause: float = PAUSE) -> None:
        self._room = room
        self._pause = pause
        self._latest: dict[str, object] = {}

    async def of(self, user: str, typed: str) -> Sequence[Track]:
        """Return tracks for what `user` typed; empty when they typed on meanwhile."""
        turn = self._latest[user] = object()
        await asyncio.sleep(self._pause)
        if self._latest.get(user) is not turn:
            return []
        del self._latest[user]
        return await self._room.suggest(typed)
