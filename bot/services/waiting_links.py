"""Use case: links past the rate limit wait, and one message in their channel says how many.

Its button answers them all. A platform displays the message (`Display`).
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

from bot.concurrency.debouncer import Debouncer
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.errors import StorageFailed
from bot.domain.jobs import StoredJob
from bot.domain.places import Place
from bot.domain.ports import Inbox, MessageStore
from bot.services.failures import failure_notice
from bot.services.group_chat import TooManyMessages
from bot.services.job_outcomes import Parked

SOURCE: Final = "waiting"
"""Stored as the message that the notice answers; no platform has such an id."""

UPDATE_DELAY: Final = 1.0
"""Seconds between a change of the count and the update of the message."""

R = TypeVar("R")

Display = Callable[[Place, str | None, int], Awaitable[str | None]]
"""Displays in a place that links wait: message to update or None, number of links.

Returns the id of the message, None if it cannot be displayed; does not raise. With 0 links the
message says that none waits any more.
"""


class WaitingLinks:
    """Parks jobs, and releases them when somebody asks for it."""

    def __init__(self, inbox: Inbox, messages: MessageStore) -> None:
        self._inbox = inbox
        self._messages = messages

    def open(
        self, platform: str, display: Display, delay: float = UPDATE_DELAY
    ) -> "PlatformWaitingLinks":
        """Return the same for one platform."""
        return PlatformWaitingLinks(self._inbox, self._messages, platform, display, delay)


class PlatformWaitingLinks:
    """The links of one platform that wait."""

    def __init__(
        self,
        inbox: Inbox,
        messages: MessageStore,
        platform: str,
        display: Display,
        delay: float,
    ) -> None:
        self._inbox = inbox
        self._messages = messages
        self._platform = platform
        self._shown: dict[Place, int] = {}
        self._display = display
        self._updates = Debouncer(delay)
        self._locks = KeyedLocks()

    async def replies_or_park(self, stored: StoredJob, replies: Awaitable[R]) -> R:
        """Return the awaited replies to a job; let it wait if a rate limit is reached.

        Raises Parked then, and StorageFailed.
        """
        try:
            return await replies
        except TooManyMessages:
            await self.park(stored)
            raise Parked from None

    async def park(self, stored: StoredJob) -> None:
        """Let a job wait, and display it; raise StorageFailed."""
        place = stored.job.place
        await self._inbox.park(stored.id)
        self._schedule(place)

    async def release(self, place: Place) -> int:
        """Let the links of a place be answered; return how many; raise StorageFailed."""
        count = await self._inbox.release(place)
        self._schedule(place)
        return count

    async def refresh(self) -> None:
        """Update the messages of all places, as links may be too old by now; does not raise."""
        try:
            parked = await self._inbox.parked_places(self._platform)
            displayed = await self._messages.places_of(self._platform, SOURCE)
        except StorageFailed as error:
            failure_notice(error, f"{self._platform}: waiting links")
            return
        for place in {*parked, *displayed}:
            self._schedule(place)

    async def close(self) -> None:
        """Cancel updates of messages."""
        await self._updates.close()

    def _schedule(self, place: Place) -> None:
        self._updates.schedule(place, partial(self._update, place))

    async def _update(self, place: Place) -> None:
        async with self._locks.of(place):  # else two messages could be sent
            await self._update_alone(place)

    async def _update_alone(self, place: Place) -> None:
        try:
            count = await self._inbox.parked(place)
            displayed = await self._messages.answers(place, SOURCE)
            current = displayed[-1][0] if displayed else None
            if (not count and current is None) or (current and self._shown.get(place) == count):
                return
            shown = await self._display(place, current, count)
            if shown and count:
                self._shown[place] = count
            else:
                self._shown.pop(place, None)
            if shown and count and shown != current:
                await self._messages.remember(place, shown, None, asker="", source=SOURCE)
            if not count:
                await self._messages.drop(place, SOURCE)
        except StorageFailed as error:
            failure_notice(error, f"{place}: waiting links")
