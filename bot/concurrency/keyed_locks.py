"""Events of one channel, one after another: a vote must not overtake the card that it is on."""

import asyncio
from weakref import WeakValueDictionary

from bot.domain.places import Place


class KeyedLocks:
    """A lock for each channel, for as long as somebody holds it or waits for it; first come first.

    Use as `async with turns.of(place): ...`.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    def of(self, place: Place) -> asyncio.Lock:
        """Return the lock of a channel."""
        return self._locks.setdefault(place, asyncio.Lock())
