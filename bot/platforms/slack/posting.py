"""Posts one message: again while Slack is away, and never twice."""

import logging
from asyncio import sleep
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.places import Message
from bot.platforms.slack.failures import (
    BAD_FORM,
    FAILURES,
    asked_to_wait,
    code,
    is_doubtful,
    is_refusal,
)
from bot.platforms.slack.present import Block
from bot.platforms.slack.response_url import ALOUD, ASIDE, Respond

PAUSES: Final = (1.0, 3.0, 10.0, 30.0, 60.0)
"""Seconds between the tries, at least; Slack may ask for more."""

PATIENCE: Final = 120.0
"""Seconds of all the pauses together."""

SILENT: Final[Mapping[str, Any]] = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}
"""Nothing in a message becomes a preview or a mention."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where a reply goes: a client of the workspace, a thread, and a way in for outsiders.

    Through `respond` goes what the channel refuses, as the app is no member.
    """

    client: AsyncWebClient
    thread: str | None = None
    respond: Respond | None = None


@dataclass(frozen=True, slots=True)
class MessageForm:
    """What a message looks like; `plain` where its blocks are refused, `aloud` if for everybody."""

    text: str
    blocks: list[Block]
    plain: str
    aloud: bool


class Posting:
    """The tries to post a reply to `message`.

    Each carries the same mark: when nobody knows whether Slack has posted it, the mark tells.
    """

    def __init__(self, door: ReplyTarget, message: Message) -> None:
        self._door = door
        self._message = message
        self._mark = uuid4().hex
        self._plain = False
        self._doubt: Exception | None = None
        self._over = False
        self._pauses = iter(PAUSES)
        self._patience = PATIENCE

    async def post(self, form: MessageForm) -> str | None:
        """Try once; returns the timestamp, None of what was given through `respond`.

        Raises one of FAILURES.
        """
        if self._doubt and (found := await self._look(self._doubt)):
            return found
        try:
            return await self._try(form)
        except FAILURES as error:
            if is_doubtful(error):
                self._doubt = error
            raise

    async def rest(self, error: Exception) -> None:
        """Wait until the next try; raises `error`, the last one's, when there is none."""
        pause = max(asked_to_wait(error), next(self._pauses, PATIENCE + 1))
        if self._over or is_refusal(error) or pause > self._patience:
            raise error
        self._patience -= pause
        _log.info("message %s: not sent yet: %s", self._message.id, code(error))
        await sleep(pause)

    async def _try(self, form: MessageForm) -> str | None:
        try:
            return await self._send(form)
        except FAILURES as error:
            if code(error) in BAD_FORM and not self._plain:
                _log.error("message %s: %s", self._message.id, code(error))
                self._plain = True
                return await self._send(form)
            if self._door.respond and is_refusal(error):
                await self._through(self._door.respond, form)
                return None
            raise

    async def _send(self, form: MessageForm) -> str:
        first, *rest = form.blocks
        marked = [first | {"block_id": self._mark}, *rest]
        words: dict[str, Any] = {"text": form.text, "blocks": marked}
        sent = await self._door.client.chat_postMessage(
            channel=self._message.place.channel,
            thread_ts=self._door.thread,
            **SILENT,
            **({"text": form.plain, "mrkdwn": False} if self._plain else words),
        )
        return str(sent["ts"])

    async def _through(self, respond: Respond, form: MessageForm) -> None:
        # What belongs into a thread would stand outside it, before everybody.
        aloud = form.aloud and self._door.thread is None
        kind = ALOUD if aloud else ASIDE
        try:
            await respond(text=form.text, blocks=form.blocks, response_type=kind)
        except FAILURES as error:
            self._over = is_doubtful(error)  # there it cannot be looked for
            raise

    async def _look(self, doubt: Exception) -> str | None:
        """Return the timestamp of what a try before has posted, None if it has not."""
        if self._plain:
            self._over = True  # plain words carry no mark
            raise doubt
        try:
            async for message in self._messages():
                if any(block.get("block_id") == self._mark for block in message.get("blocks", ())):
                    return str(message["ts"])
        except FAILURES as error:
            # Where it cannot be looked for, nothing is better than the same again.
            self._over = is_refusal(error)
            raise doubt from error
        return None

    async def _messages(self) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the messages among which a reply would be."""
        client, channel = self._door.client, self._message.place.channel
        if self._door.thread is None:
            for message in (await client.conversations_history(channel=channel))["messages"]:
                yield message
            return
        async for page in await client.conversations_replies(
            channel=channel, ts=self._door.thread, oldest=self._message.id
        ):
            for message in page["messages"]:
                yield message
