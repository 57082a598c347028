"""Posts one message: with retries while Slack is unreachable, and never twice."""

import hashlib
import logging
from asyncio import sleep
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.places import Message, Place
from bot.platforms.slack.failures import (
    FAILURES,
    error_code,
    is_refusal,
    may_be_processed,
    retry_after,
)
from bot.platforms.slack.message_form import MessageForm, send_simplified
from bot.platforms.slack.response_url import EPHEMERAL, IN_CHANNEL, Respond
from bot.services.job_outcomes import HandBack

RETRY_DELAYS: Final = (1.0, 3.0, 10.0, 30.0, 60.0)
"""Minimum seconds between attempts; Slack may ask for more."""

MAX_TOTAL_DELAY: Final = 120.0
"""Seconds of all delays together."""

MIN_HAND_BACK: Final = 10.0
"""Seconds of delay from which a job is handed back, instead of holding its place meanwhile."""

HISTORY_PAGE: Final = 200
MAX_HISTORY_PAGES: Final = 10
"""Messages that are asked for at once, and how often, when a reply is looked for; Slack may return
fewer.
"""

CLOCK_TOLERANCE: Final = timedelta(minutes=1)
"""Difference between Slack's clock and that of the bot that is allowed for."""

NO_PREVIEWS: Final[Mapping[str, Any]] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "parse": "none",
}
"""Nothing in a message becomes a preview or a mention."""

NOT_EDITABLE: Final = frozenset({"cant_update_message", "edit_window_closed"})
"""Error codes of messages that exist and cannot be edited."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a reply is sent.

    Attributes:
        client: Web client of the workspace.
        job: Id of the job that is answered.
        accepted_at: When it was accepted.
        thread: Timestamp of the thread, if any.
        respond: Sends what the channel refuses because the app is not a member.
    """

    client: AsyncWebClient
    job: str
    accepted_at: datetime
    thread: str | None = None
    respond: Respond | None = None

    def oldest(self, message: Message) -> str:
        """Return the timestamp before which no reply to a message or command was posted."""
        if self.respond is None:
            return message.id
        # The id of a command is no timestamp.
        return f"{(self.accepted_at - CLOCK_TOLERANCE).timestamp():.6f}"


class OutcomeUnknown(SlackClientError):
    """A reply may have been posted by an earlier attempt, and it cannot be found out."""


class Posting:
    """The attempts to post one reply.

    All attempts carry the same block id, also those of another process. By it a reply is found in
    the channel's history if it is unknown whether Slack posted it.
    """

    def __init__(
        self,
        target: ReplyTarget,
        message: Message,
        number: int | str,
        *,
        uncertain: bool = False,
        planned: bool = True,
        remaining: float = MAX_TOTAL_DELAY,
        replaces: str | None = None,
    ) -> None:
        """Prepare one reply.

        Args:
            target: Where it is sent.
            message: The message or command that it answers.
            number: Its position among the replies; a word for what is no reply.
            uncertain: Whether an earlier process may have posted it.
            planned: Whether it is stored with the job, so that the job may be handed back.
            remaining: Seconds of all delays together, beyond which the reply is given up.
            replaces: The app's message that is edited, instead of posting another one.
        """
        self.uncertain = uncertain
        self.replaces = replaces
        self._planned = planned
        self._target = target
        self._message = message
        self._block_id = _mark(message.place, target.job, number)
        self._plain = False
        self._unknown_outcome: Exception | None = OutcomeUnknown() if uncertain else None
        self._final = False
        self._delays = iter(RETRY_DELAYS)
        self._remaining_delay = remaining

    @property
    def is_final(self) -> bool:
        """Whether Slack may have posted the reply, which cannot be found out by any attempt."""
        return self._final

    async def post(self, form: MessageForm) -> str | None:
        """Make one attempt; return the timestamp, or None for a reply through `respond`.

        Raises one of FAILURES.
        """
        if self.replaces is None and (posted := await self.posted()):
            return posted
        try:
            return await self._attempt(form)
        except FAILURES as error:
            if may_be_processed(error):
                self._unknown_outcome = error
            raise

    async def posted(self) -> str | None:
        """Return the timestamp of what an earlier attempt or process posted, if any did.

        Raises one of FAILURES.
        """
        return await self._find(self._unknown_outcome) if self._unknown_outcome else None

    async def edit(self, timestamp: str, form: MessageForm) -> bool:
        """Let a message of the app display a form; return False if Slack does not allow it.

        Raises one of FAILURES.
        """
        channel = self._message.place.channel
        content = self._content(form)
        try:
            # Without `parse`, an update would turn names into mentions.
            await self._target.client.chat_update(
                channel=channel, ts=timestamp, parse="none", **content
            )
        except FAILURES as error:
            if error_code(error) not in NOT_EDITABLE:
                raise
            return False
        return True

    async def wait(self, error: Exception) -> None:
        """Wait for the next attempt after `error`, that of the last one.

        Raises:
            HandBack: The delay is long, and another attempt may find what this one posted.
            Exception: `error`, if there is no next attempt.
        """
        delay = max(retry_after(error), next(self._delays, MAX_TOTAL_DELAY + 1))
        if self._final or is_refusal(error) or delay > self._remaining_delay:
            raise error
        self._remaining_delay -= delay
        _log.info("message %s: not sent yet: %s", self._message.id, error_code(error))
        if self._planned and delay >= MIN_HAND_BACK:
            raise HandBack(delay) from error
        await sleep(delay)

    async def _attempt(self, form: MessageForm) -> str | None:
        try:
            return await send_simplified(form, self._send, self._message.id)
        except FAILURES as error:
            if self._target.respond and is_refusal(error) and self.replaces is None:
                await self._respond(self._target.respond, form.without_native_blocks())
                return None
            raise

    async def _send(self, form: MessageForm) -> str:
        self._plain = not form.blocks
        if self.replaces:
            if await self.edit(self.replaces, form):
                return self.replaces
            self.replaces = None
            if posted := await self.posted():
                return posted
        sent = await self._target.client.chat_postMessage(
            channel=self._message.place.channel,
            thread_ts=self._target.thread,
            mrkdwn=not self._plain,
            **NO_PREVIEWS,
            **self._content(form),
        )
        return str(sent["ts"])

    def _content(self, form: MessageForm) -> Mapping[str, Any]:
        if not form.blocks:
            return {"text": form.text, "blocks": []}
        first, *rest = form.blocks
        return {"text": form.text, "blocks": [first | {"block_id": self._block_id}, *rest]}

    async def _respond(self, respond: Respond, form: MessageForm) -> None:
        # A reply that belongs in a thread would be displayed in the channel.
        public = form.public and self._target.thread is None
        response_type = IN_CHANNEL if public else EPHEMERAL
        try:
            await respond(text=form.text, blocks=form.blocks, response_type=response_type)
        except FAILURES as error:
            self._final = may_be_processed(error)  # it cannot be found there
            raise

    async def _find(self, unknown_outcome: Exception) -> str | None:
        """Return the timestamp of what an earlier attempt posted; None if it posted nothing."""
        if self._plain:
            self._final = True  # plain text has no block id
            raise unknown_outcome
        try:
            async for message in self._history():
                blocks = message.get("blocks", ())
                if any(block.get("block_id") == self._block_id for block in blocks):
                    return str(message["ts"])
        except FAILURES as error:
            # Without the history, no reply is better than a repeated one.
            self._final = self._final or is_refusal(error)
            raise unknown_outcome from error
        return None

    async def _history(self) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the messages of the channel or thread since the job was accepted.

        Raises OutcomeUnknown after MAX_HISTORY_PAGES if there are more.
        """
        options: dict[str, Any] = {
            "channel": self._message.place.channel,
            "oldest": self._target.oldest(self._message),
            "limit": HISTORY_PAGE,
        }
        if self._target.thread is None:
            pages = await self._target.client.conversations_history(**options)
        else:
            ts = self._target.thread
            pages = await self._target.client.conversations_replies(ts=ts, **options)
        read = 0
        async for page in pages:
            if read == MAX_HISTORY_PAGES:
                self._final = True
                raise OutcomeUnknown
            read += 1
            for message in page["messages"]:
                yield message


def _mark(place: Place, job: str, number: int | str) -> str:
    """Return the block id of a reply, which no reply to another job has."""
    reply = f"{place}/{job}/{number}"
    return f"reply-{hashlib.sha256(reply.encode()).hexdigest()[:32]}"
