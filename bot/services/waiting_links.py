"""Use case: links past the rate limit wait, and one message in their channel says how many.

Its button answers them all. A platform displays the message (`Display`).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from bot.concurrency.debouncer import Debouncer
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain import links
from bot.domain.errors import StorageFailed
from bot.domain.jobs import JobKind, Payload, StoredJob
from bot.domain.links import LinksFound
from bot.domain.message_ports import MessageStore
from bot.domain.places import Place
from bot.domain.ports import Inbox
from bot.services.failures import failure_notice
from bot.services.group_chat import TooManyMessages
from bot.services.job_outcomes import HandBack, Lost, Parked

SOURCE: Final = "waiting"
"""Stored as the message that the notice answers; no platform has such an id."""

UPDATE_DELAY: Final = 1.0
"""Seconds between a change of the count and the update of the message."""

CONTENT: Final = ("links", "addressed", "roles", "spoiler")
"""What the payloads of messages and of edits say of a message, under these names everywhere."""

TAKEN_DELAY: Final = 1.0
"""Seconds after which an edit looks again at a job that a process works off."""

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
        self.update(place)

    async def supersede(self, edit: StoredJob, *, has_files: bool) -> StoredJob | None:
        """Let an edit count instead of what its message asked before, where that still waits.

        A message that waits, for its release or for a process, asks what it says after the edit:
        its job gets the edit's content, or is deleted if it asks nothing any more. Edits that wait
        are deleted: the new one compares the message with what was answered before them. Call
        `update` when it is worked off, as it may wait then itself.

        Args:
            edit: The edit, before anything was done for it.
            has_files: Whether the message has sound files after the edit.

        Returns:
            The edit as it is to be worked off; None if the message that waits answers it.

        Raises:
            HandBack: One of these jobs is worked off, or its answers may have been sent.
            Lost: Another process has taken the edit.
            StorageFailed: It may be called again then.
        """
        earlier = await self._inbox.earlier(edit)
        if not earlier:
            return edit
        if any(job.owner or job.plan is not None for job in earlier):
            raise HandBack(TAKEN_DELAY)
        message = next((job for job in earlier if job.job.kind is JobKind.MESSAGE), None)
        if message:
            await self._amend(message, _edited(message, edit, has_files=has_files))
        else:
            edit = await self.compare_with(edit, _before(earlier, edit))
        for job in earlier:
            if job is not message:
                await self._amend(job, None)
        if message:
            self.update(edit.job.place)
        return None if message else edit

    async def compare_with(self, edit: StoredJob, before: str | None) -> StoredJob:
        """Store which links an edit does not answer again; return the edit with them.

        Raises Lost and StorageFailed.
        """
        payload = {**edit.job.payload, "before": before}
        if not await self._inbox.amend(edit, payload):
            raise Lost
        return replace(edit, job=replace(edit.job, payload=payload))

    async def release(self, place: Place) -> int:
        """Let the links of a place be answered; return how many; raise StorageFailed."""
        count = await self._inbox.release(place)
        self.update(place)
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
            self.update(place)

    async def close(self) -> None:
        """Cancel updates of messages."""
        await self._updates.close()

    async def _amend(self, waiting: StoredJob, payload: Payload | None) -> None:
        if not await self._inbox.amend(waiting, payload):
            raise HandBack(TAKEN_DELAY)

    def update(self, place: Place) -> None:
        """Update the message of a place soon."""
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


def _edited(message: StoredJob, edit: StoredJob, *, has_files: bool) -> Payload | None:
    """Return the payload of a message after an edit; None if it asks nothing any more."""
    after = edit.job.payload
    if not (after["links"] or after["addressed"] or has_files):
        return None
    kept = {name: value for name, value in message.job.payload.items() if name not in CONTENT}
    return kept | {name: after[name] for name in CONTENT if name in after}


def _before(earlier: Sequence[StoredJob], edit: StoredJob) -> str | None:
    """Return the links that were answered before several edits and stood in all of them.

    None if they are unknown, or if the last edit asks for them anew as it addresses the bot.
    """
    before, after = earlier[0].job.payload["before"], edit.job.payload
    is_asked_anew = after["addressed"] and not earlier[-1].job.payload["addressed"]
    if before is None or is_asked_anew:
        return None
    standing = set(links.find(before).links)
    for one in earlier:
        standing &= set(links.find(one.job.payload["links"]).links)
    return links.as_text(LinksFound(tuple(standing)))
