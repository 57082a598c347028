"""Sends replies: the card, its chart beside it, and the reactions that are votes."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.errors import trace
from bot.handlers import SharedHandlers
from bot.names import one_line, short
from bot.platforms.slack import ids, present, signs
from bot.platforms.slack.failures import BAD_FORM, FAILURES, code, is_refusal
from bot.turns import Turns
from bot.values import Again, Card, Message, Notice, Place, Reply, Theme

BEST: Final = 3
"""Genres that are offered as reactions."""

CHART: Final = "chart.png"
SILENT: Final[Mapping[str, Any]] = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}
"""Nothing in a reply becomes a preview or a mention."""

Respond = Callable[..., Awaitable[Any]]
"""Answers a command through its `response_url`, where the app is no member of the channel."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a reply goes: a client of the workspace, a thread, and a way in for outsiders."""

    client: AsyncWebClient
    thread: str | None = None
    respond: Respond | None = None


class Delivery:
    """Sends, remembers what was sent, and keeps each channel's events in their order."""

    def __init__(self, handlers: SharedHandlers) -> None:
        self._handlers = handlers
        self.turns = Turns()

    async def deliver(self, door: Door, message: Message, replies: Sequence[Reply | Again]) -> None:
        """Send the replies to a message in order."""
        arrived = 0
        for reply in replies:
            arrived += await self._deliver(door, message, reply)
        if replies and not arrived:
            await self._handlers.room.on_undelivered(message)

    async def refresh(self, client: AsyncWebClient, place: Place, sent: str, card: Card) -> None:
        """Show on a card what people have said of it."""
        tally = await self._handlers.tally(card.id)
        try:
            await client.chat_update(
                channel=place.channel,
                ts=sent,
                text=present.summary(card.answer),
                blocks=present.card(card, tally),
                parse="none",
            )
        except FAILURES as error:
            _log.info("card %s: not refreshed: %s", card.id, trace(error))

    async def delete(self, client: AsyncWebClient, place: Place, answer: str) -> None:
        """Delete one of our messages, or a chart."""
        try:
            if answer.startswith(ids.FILE):
                await client.files_delete(file=answer)
            else:
                await client.chat_delete(channel=place.channel, ts=answer)
        except FAILURES as error:
            _log.info("message %s: not deleted: %s", answer, code(error))

    async def _deliver(self, door: Door, message: Message, reply: Reply | Again) -> bool:
        """Send one reply; returns whether anything of it arrived, or there is no use in trying."""
        async with self.turns.of(message.place):
            try:
                sent = await self._post(door, message, reply)
            except FAILURES as error:
                _log.warning("message %s: not sent: %s", message.id, code(error))
                return is_refusal(error)
            if sent:
                await self._handlers.on_shown(message, sent, reply)
        if sent and isinstance(reply, Card):
            await self._chart(door, message, sent, reply)
            await self._offer(door.client, message, sent, reply)
        return True

    async def _post(self, door: Door, message: Message, reply: Reply | Again) -> str | None:
        """Post one reply; returns its timestamp, None for one given through `respond`."""
        text, blocks = await self._words(door.client, message.place, reply)
        post: dict[str, Any] = {
            "channel": message.place.channel,
            "thread_ts": door.thread,
            **SILENT,
        }
        try:
            sent = await door.client.chat_postMessage(**post, text=text, blocks=blocks)
        except FAILURES as error:
            if code(error) in BAD_FORM:
                _log.error("message %s: %s: %s", message.id, code(error), blocks)
                sent = await door.client.chat_postMessage(**post, text=text)
            elif door.respond and is_refusal(error):
                kind = "in_channel" if isinstance(reply, Card) else "ephemeral"
                await door.respond(text=text, blocks=blocks, response_type=kind)
                return None
            else:
                raise
        return str(sent["ts"])

    async def _words(
        self, client: AsyncWebClient, place: Place, reply: Reply | Again
    ) -> tuple[str, list[present.Block]]:
        match reply:
            case Notice(text=text):
                return present.escaped(text), present.sentence(text)
            case Again(shown_as=shown_as):
                found = await client.chat_getPermalink(channel=place.channel, message_ts=shown_as)
                text = texts.again(str(found["permalink"]))
                return text, [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
            case Card():
                tally = await self._handlers.tally(reply.id)
                return present.summary(reply.answer), present.card(reply, tally)

    async def _chart(self, door: Door, message: Message, sent: str, card: Card) -> None:
        png = await self._handlers.chart(card, Theme.LIGHT)
        if png is None:
            return
        name = one_line(texts.headline(card.answer.track))
        try:
            done = await door.client.files_upload_v2(
                filename=CHART,
                content=png,
                title=name,
                alt_txt=texts.alt(short(card.answer)),
                channel=message.place.channel,
                thread_ts=door.thread or sent,
            )
        except FAILURES as error:
            _log.warning("card %s: no chart: %s", card.id, code(error))
            return
        # Remembered as an answer to the card, so that it goes when the card goes.
        answered = replace(message, id=sent)
        chart = Notice("chart", name)
        await self._handlers.on_shown(answered, str(done["files"][0]["id"]), chart)

    async def _offer(self, client: AsyncWebClient, message: Message, sent: str, card: Card) -> None:
        """Put the reactions that are votes under a card."""
        ruling = message.place.ruling(message.parent)
        if not (await self._handlers.room.settings(ruling)).reactions:
            return
        best = list(card.answer.prediction.genres)[:BEST]
        try:
            for name in (signs.RIGHT, *(signs.GENRES[genre] for genre in best)):
                await client.reactions_add(channel=message.place.channel, timestamp=sent, name=name)
        except FAILURES as error:
            _log.info("card %s: no reactions: %s", card.id, code(error))
