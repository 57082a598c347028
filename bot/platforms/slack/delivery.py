"""Sends replies: the card, its chart beside it, and the reactions that are votes."""

import logging
from collections import deque
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
GONE: Final = "message_not_found"
"""Slack's code of a message that was deleted."""

THERE: Final = "already_reacted"
"""Slack's code of a reaction that an earlier try has put there."""

AGAIN: Final = "again"
"""Our code of a sentence that points to a card."""

REMEMBERED: Final = 256
"""Deletions of late; a card is made in seconds."""

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
    """Sends, remembers what was sent, and keeps each channel's events in their order.

    `gone` are the messages that were deleted of late: Slack lets a thread go on without its first.
    """

    def __init__(self, handlers: SharedHandlers) -> None:
        self._handlers = handlers
        self.turns = Turns()
        self._updates = Turns()
        self.gone: deque[tuple[Place, str]] = deque(maxlen=REMEMBERED)

    async def deliver(self, door: Door, message: Message, replies: Sequence[Reply | Again]) -> None:
        """Send the replies to a message in order."""
        arrived = 0
        for reply in replies:
            arrived += await self._deliver(door, message, reply)
        if replies and not arrived:
            await self._handlers.room.on_undelivered(message)

    async def refresh(self, client: AsyncWebClient, place: Place, sent: str, card: Card) -> None:
        """Show on a card what people have said of it."""
        # One after another: an update that waited must not put an older count over a newer one.
        async with self._updates.of(replace(place, channel=sent)):
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
            if (message.place, message.id) in self.gone:
                return True
            try:
                shown = await self._resolved(door.client, message.place, reply)
                sent = await self._post(door, message, shown)
            except FAILURES as error:
                _log.warning("message %s: not sent: %s", message.id, code(error))
                await _apologise(door)
                return is_refusal(error)
            if sent:
                await self._handlers.on_shown(message, sent, shown)
        if sent and isinstance(shown, Card):
            await self._chart(door, message, sent, shown)
            await self._offer(door.client, message, sent, shown)
        return True

    async def _resolved(
        self, client: AsyncWebClient, place: Place, reply: Reply | Again
    ) -> Card | Notice:
        """Point to a card that was given before; if it is gone unnoticed, give it again."""
        if not isinstance(reply, Again):
            return reply
        try:
            found = await client.chat_getPermalink(channel=place.channel, message_ts=reply.shown_as)
        except FAILURES as error:
            if code(error) != GONE:
                raise
            await self._handlers.room.on_deleted(place, reply.shown_as)
            return reply.card
        return Notice(AGAIN, texts.again(str(found["permalink"])))

    async def _post(self, door: Door, message: Message, reply: Reply) -> str | None:
        """Post one reply; returns its timestamp, None for one given through `respond`."""
        text, blocks = await self._words(reply)
        post: dict[str, Any] = {
            "channel": message.place.channel,
            "thread_ts": door.thread,
            **SILENT,
        }
        try:
            sent = await door.client.chat_postMessage(**post, text=text, blocks=blocks)
        except FAILURES as error:
            if code(error) in BAD_FORM:
                _log.error("message %s: %s", message.id, code(error))
                whole = present.words_only(reply.answer) if isinstance(reply, Card) else text
                sent = await door.client.chat_postMessage(**post, text=whole, mrkdwn=False)
            elif door.respond and is_refusal(error):
                kind = "in_channel" if isinstance(reply, Card) else "ephemeral"
                await door.respond(text=text, blocks=blocks, response_type=kind)
                return None
            else:
                raise
        return str(sent["ts"])

    async def _words(self, reply: Reply) -> tuple[str, list[present.Block]]:
        if isinstance(reply, Card):
            tally = await self._handlers.tally(reply.id)
            return present.summary(reply.answer), present.card(reply, tally)
        lay_out = present.pointer if reply.code == AGAIN else present.sentence
        return present.escaped(reply.text), lay_out(reply.text)

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
        file = str(done["files"][0]["id"])
        # Remembered as an answer to the card, so that it goes when the card goes.
        await self._handlers.on_shown(replace(message, id=sent), file, Notice("chart", name))
        if (message.place, sent) in self.gone:
            await self.delete(door.client, message.place, file)

    async def _offer(self, client: AsyncWebClient, message: Message, sent: str, card: Card) -> None:
        """Put the reactions that are votes under a card."""
        ruling = message.place.ruling(message.parent)
        if not (await self._handlers.room.settings(ruling)).reactions:
            return
        best = list(card.answer.prediction.genres)[:BEST]
        for name in (signs.RIGHT, *(signs.GENRES[genre] for genre in best)):
            try:
                await client.reactions_add(channel=message.place.channel, timestamp=sent, name=name)
            except FAILURES as error:
                if code(error) != THERE:
                    _log.info("card %s: no reactions: %s", card.id, code(error))
                    return


async def _apologise(door: Door) -> None:
    """Tell whoever used a command that nothing will come of it, if even that can be told."""
    if door.respond is None:
        return
    try:
        await door.respond(text=texts.TRY_AGAIN, response_type="ephemeral")
    except FAILURES as error:
        _log.info("command: not answered: %s", code(error))
