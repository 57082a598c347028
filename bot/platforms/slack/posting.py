"""Posts one message: with retries while Slack is unreachable, and never twice."""

import hashlib
import logging
from asyncio import sleep
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.places import Message
from bot.platforms.slack.failures import (
    FAILURES,
    INVALID_BLOCKS,
    error_code,
    is_refusal,
    may_be_processed,
    retry_after,
)
from bot.platforms.slack.present import Block
from bot.platforms.slack.response_url import EPHEMERAL, IN_CHANNEL, Respond

RETRY_DELAYS: Final = (1.0, 3.0, 10.0, 30.0, 60.0)
"""Minimum seconds between attempts; Slack may ask for more."""

MAX_TOTAL_DELAY: Final = 120.0
"""Seconds of all delays together."""

NO_PREVIEWS: Final[Mapping[str, Any]] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "parse": "none",
}
"""Nothing in a message becomes a preview or a mention."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a reply is sent.

    Attributes:
        client: Web client of the workspace.
        thread: Timestamp of the thread, if any.
        respond: Sends what the channel refuses because the app is not a member.
    """

    client: AsyncWebClient
    thread: str | None = None
    respond: Respond | None = None


@dataclass(frozen=True, slots=True)
class MessageForm:
    """Content of a message.

    Attributes:
        text: Summary for notifications.
        blocks: Layout.
        plain: Text that is sent if the blocks are refused.
        public: Whether a reply through `response_url` is visible to the channel.
    """

    text: str
    blocks: list[Block]
    plain: str
    public: bool


class OutcomeUnknown(SlackClientError):
    """A process ended while it posted a reply, and it cannot be found out whether it did."""


class Posting:
    """The attempts to post one reply.

    All attempts carry the same block id, also those of another process. By it a reply is found in
    the channel's history if it is unknown whether Slack posted it.
    """

    def __init__(
        self, target: ReplyTarget, message: Message, number: int, *, uncertain: bool = False
    ) -> None:
        """Prepare the reply with a number; `uncertain` if an earlier process may have posted it."""
        self.uncertain = uncertain
        self._target = target
        self._message = message
        self._block_id = _mark(message, number)
        self._plain = False
        self._unknown_outcome: Exception | None = OutcomeUnknown() if uncertain else None
        self._final = False
        self._delays = iter(RETRY_DELAYS)
        self._remaining_delay = MAX_TOTAL_DELAY

    @property
    def is_final(self) -> bool:
        """Whether Slack may have posted the reply, which cannot be found out by any attempt."""
        return self._final

    async def post(self, form: MessageForm) -> str | None:
        """Make one attempt; return the timestamp, or None for a reply through `respond`.

        Raises one of FAILURES.
        """
        if self._unknown_outcome and (posted := await self._find(self._unknown_outcome)):
            return posted
        try:
            return await self._attempt(form)
        except FAILURES as error:
            if may_be_processed(error):
                self._unknown_outcome = error
            raise

    async def wait(self, error: Exception) -> None:
        """Wait for the next attempt; raise `error`, that of the last attempt, if there is none."""
        delay = max(retry_after(error), next(self._delays, MAX_TOTAL_DELAY + 1))
        if self._final or is_refusal(error) or delay > self._remaining_delay:
            raise error
        self._remaining_delay -= delay
        _log.info("message %s: not sent yet: %s", self._message.id, error_code(error))
        await sleep(delay)

    async def _attempt(self, form: MessageForm) -> str | None:
        try:
            return await self._send(form)
        except FAILURES as error:
            if error_code(error) in INVALID_BLOCKS and not self._plain:
                _log.error("message %s: %s", self._message.id, error_code(error))
                self._plain = True
                return await self._send(form)
            if self._target.respond and is_refusal(error):
                await self._respond(self._target.respond, form)
                return None
            raise

    async def _send(self, form: MessageForm) -> str:
        first, *rest = form.blocks
        marked = [first | {"block_id": self._block_id}, *rest]
        content: dict[str, Any] = {"text": form.text, "blocks": marked}
        sent = await self._target.client.chat_postMessage(
            channel=self._message.place.channel,
            thread_ts=self._target.thread,
            **NO_PREVIEWS,
            **({"text": form.plain, "mrkdwn": False} if self._plain else content),
        )
        return str(sent["ts"])

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
            self._final = is_refusal(error)
            raise unknown_outcome from error
        return None

    async def _history(self) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the messages of the channel or thread, in which the reply would be."""
        client, channel = self._target.client, self._message.place.channel
        if self._target.thread is None:
            for message in (await client.conversations_history(channel=channel))["messages"]:
                yield message
            return
        async for page in await client.conversations_replies(
            channel=channel, ts=self._target.thread, oldest=self._message.id
        ):
            for message in page["messages"]:
                yield message


def _mark(message: Message, number: int) -> str:
    """Return the block id of a reply."""
    reply = f"{message.place}/{message.id}/{number}"
    return f"reply-{hashlib.sha256(reply.encode()).hexdigest()[:32]}"
