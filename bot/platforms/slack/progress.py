"""The message that says how far an album, a playlist or an artist is, or that a file waits.

It is edited into the summary of an album, so that nothing is posted twice: an edit can be repeated.
A process that takes over a job adopts the message that the process before it left.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from bot.concurrency.throttle import Throttle
from bot.concurrency.wanted_work import NotWanted, while_wanted
from bot.domain import links
from bot.domain.errors import StorageFailed
from bot.domain.jobs import StoredJob
from bot.domain.places import Message
from bot.domain.tracks import SubjectKind
from bot.platforms.slack import present
from bot.platforms.slack.failures import FAILURES, error_code
from bot.platforms.slack.message_form import MessageForm
from bot.platforms.slack.pictures import MESSAGE_NOT_FOUND, delete
from bot.platforms.slack.posting import Posting, ReplyTarget
from bot.services.cards import CardService
from bot.services.failures import value_or_none
from bot.services.job_outcomes import HandBack, Lost, Parked

DELAY: Final = 1.0
"""Seconds after which work that is not done is displayed."""

INTERVAL: Final = 3.0
"""Least seconds between two edits, of which Slack allows about 50 in a minute."""

CHECK_INTERVAL: Final = 1.0
"""Seconds between two looks whether the question was deleted."""

UNFINISHED: Final = (HandBack, Lost, Parked, StorageFailed, asyncio.CancelledError)
"""Exceptions after which the job is worked off again, by this process or another one."""

PROGRESS: Final = "progress"
"""Stands for the position among the replies, in the message's block id."""

_log = logging.getLogger(__name__)

R = TypeVar("R")


class ProgressMessage:
    """Displays the progress of one job; an asynchronous context manager around its handling.

    Attributes:
        timestamp: The message; None if there is none, or only the person who asked sees it.
        is_answer: Whether it was edited into an answer. Otherwise it is deleted at the end.
    """

    def __init__(
        self, cards: CardService, stored: StoredJob, target: ReplyTarget, message: Message
    ) -> None:
        """Prepare the display.

        Args:
            cards: Stores which message it is.
            stored: The job.
            target: Where it is answered.
            message: The message or command of the job, with its id.
        """
        self.timestamp: str | None = None
        self.is_answer = False
        self._cards = cards
        self._stored = stored
        self._target = target
        self._message = message
        self._uncertain = stored.attempts > 1
        uncertain = self._uncertain
        self._posting = Posting(target, message, PROGRESS, uncertain=uncertain, planned=False)
        self._given_up = False
        self._throttle = Throttle(self._display, delay=DELAY, interval=INTERVAL)

    async def __aenter__(self) -> Self:
        """Adopt the message of an earlier process; raise StorageFailed."""
        if self._stored.job.payload.get("files") or _may_have_progress(self._message.text):
            self.timestamp = await self._cards.progress_of(self._message)
            await self._look_for_unrecorded()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Delete the message, unless it became the answer or the job is repeated."""
        await self._throttle.stop()
        if self.timestamp and not self.is_answer and not isinstance(error, UNFINISHED):
            await self._remove(self.timestamp)

    async def tell(self, sentence: str) -> None:
        """Display a sentence instead of the one before, not necessarily at once."""
        self._throttle.put(sentence)

    async def following(self, work: Coroutine[Any, Any, Sequence[R]]) -> Sequence[R]:
        """Return the replies that are the result of work that calls `tell`.

        If the question or this message is deleted, the work is cancelled; there are none then.
        """
        try:
            return await while_wanted(work, self._is_wanted, CHECK_INTERVAL)
        except NotWanted:
            _log.info("message %s: not answered: it was deleted", self._message.id)
            return ()
        finally:
            await self._throttle.stop()
            await self._look_for_unrecorded()

    async def _display(self, sentence: str) -> None:
        if self._given_up:
            return
        text = present.escape(sentence)
        form = MessageForm(text, present.sentence(sentence), text, public=False)
        try:
            if self.timestamp is None:
                await self._post(form)
            elif not await self._posting.edit(self.timestamp, form):
                self._given_up = True
        except (*FAILURES, StorageFailed) as error:
            _log.info("message %s: progress not displayed: %s", self._message.id, error_code(error))
            if self.timestamp and error_code(error) == MESSAGE_NOT_FOUND:
                await self._record_deletion(self.timestamp)

    async def _post(self, form: MessageForm) -> None:
        self._uncertain = True
        posted = await self._posting.post(form)
        self._uncertain = False
        if posted is None:  # a private line cannot be edited, and Slack allows five
            self._given_up = True
            return
        self.timestamp = posted
        await self._cards.on_progress_sent(self._message, posted)

    async def _look_for_unrecorded(self) -> None:
        """Look in the channel for a message that may have been posted and is not recorded."""
        if self.timestamp or not self._uncertain:
            return
        try:
            self.timestamp = await self._posting.posted()
        except FAILURES as error:
            self._given_up = True  # another one would be displayed beside it
            _log.info("message %s: no history: %s", self._message.id, error_code(error))
        self._uncertain = False

    async def _is_wanted(self) -> bool:
        for message_id in filter(None, (self._answered, self.timestamp)):
            deleted = self._cards.is_deleted(self._message.place, message_id)
            if await value_or_none(deleted, f"message {self._message.id}"):
                return False
        return True

    @property
    def _answered(self) -> str:
        """The message that the answer is deleted with."""
        return str(self._stored.job.payload.get("source") or self._message.id)

    async def _remove(self, timestamp: str) -> None:
        if await delete(self._target.client, self._message.place, timestamp):
            await self._record_deletion(timestamp)

    async def _record_deletion(self, timestamp: str) -> None:
        recording = self._cards.on_deleted(self._message.place, timestamp)
        await value_or_none(recording, f"message {timestamp}")


def _may_have_progress(text: str) -> bool:
    """Return whether a text has a link that may lead to a collection."""
    return any(link.kind != SubjectKind.TRACK for link in links.find(text).links)
