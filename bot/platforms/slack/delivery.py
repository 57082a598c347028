"""Sends replies: the card, its chart beside it, and the reactions that are votes."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.cards import AlreadyShown, Card, Notice, Reply, Theme
from bot.domain.errors import trace
from bot.domain.places import Message, Place
from bot.domain.sanitize import one_line, short
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import emoji_names, ids, present
from bot.platforms.slack.failures import FAILURES, code, is_refusal
from bot.platforms.slack.posting import MessageForm, Posting, ReplyTarget
from bot.platforms.slack.response_url import tell
from bot.services.handlers import SharedHandlers
from bot.texts import slack as words

BEST: Final = 3
"""Genres that are offered as reactions."""

CHART: Final = "chart.png"
FIGURES: Final = "stats.png"
GONE: Final = "message_not_found"
"""Slack's code of a message that was deleted."""

THERE: Final = "already_reacted"
"""Slack's code of a reaction that an earlier try has put there."""

AGAIN: Final = "again"
STATS: Final = "stats"
"""Our codes of a sentence that points to a card, and of a workspace's figures."""

LAYOUTS: Final[Mapping[str, Callable[[str], list[present.Block]]]] = {
    AGAIN: present.pointer,
    STATS: present.stats,
}
"""Sentences that are more than that."""

_log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a reply: sent; the question is gone; Slack said no; Slack stayed away."""

    SENT = auto()
    NEEDLESS = auto()
    REFUSED = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class SendResult:
    """A reply as it was sent; `ts` is None without a message of ours, as through `respond`."""

    outcome: Outcome
    reply: Reply | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to hang beside a message, and what it is to whoever cannot see it."""

    png: bytes
    name: str
    title: str
    alt: str


class Delivery:
    """Sends, remembers what was sent, and keeps each channel's events in their order."""

    def __init__(self, handlers: SharedHandlers) -> None:
        self._handlers = handlers
        self.turns = KeyedLocks()
        self._updates = KeyedLocks()

    async def deliver(
        self, door: ReplyTarget, message: Message, replies: Sequence[Reply | AlreadyShown]
    ) -> None:
        """Send the replies to a message in order."""
        outcomes = []
        for reply in replies:
            shown = await self._show(door, message, reply)
            outcomes.append(shown.outcome)
            if shown.ts and isinstance(shown.reply, Card):
                await self._chart(door, message, shown.ts, shown.reply)
                await self._offer(door.client, message, shown.ts, shown.reply)
        if outcomes and all(outcome is Outcome.LOST for outcome in outcomes):
            await self._handlers.room.on_undelivered(message)

    async def show_stats(self, door: ReplyTarget, message: Message, found: WorkspaceStats) -> None:
        """Send a workspace's figures, with their picture."""
        shown = await self._show(door, message, Notice(STATS, texts.stats(found)))
        if shown.ts and (png := await self._handlers.room.stats_chart(found, Theme.LIGHT)):
            picture = Picture(png, FIGURES, words.STATS_TITLE, texts.stats_alt(found))
            await self._hang(door, message, shown.ts, picture)

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

    async def delete(self, client: AsyncWebClient, place: Place, answer: str) -> bool:
        """Delete one of our messages, or a chart; returns whether it was deleted."""
        try:
            if answer.startswith(ids.FILE):
                await client.files_delete(file=answer)
            else:
                await client.chat_delete(channel=place.channel, ts=answer)
        except FAILURES as error:
            _log.info("message %s: not deleted: %s", answer, code(error))
            return False
        return True

    async def forget(self, client: AsyncWebClient, place: Place, gone: str) -> None:
        """Note that a message is gone, and delete the answers to it."""
        async with self.turns.of(place):
            answers = await self._handlers.room.on_deleted(place, gone)
        for answer in answers:
            await self.delete(client, place, answer)

    async def _show(
        self, door: ReplyTarget, message: Message, reply: Reply | AlreadyShown
    ) -> SendResult:
        """Send one reply, again after a rest while Slack is away."""
        posting = Posting(door, message)
        try:
            while True:
                try:
                    shown = await self._try(posting, door, message, reply)
                    return await self._kept(door, message, shown)
                except FAILURES as error:
                    await posting.rest(error)
        except FAILURES as error:
            _log.warning("message %s: not sent: %s", message.id, code(error))
            if door.respond:
                await tell(door.respond, texts.TRY_AGAIN)
            return SendResult(Outcome.REFUSED if is_refusal(error) else Outcome.LOST)

    async def _try(
        self, posting: Posting, door: ReplyTarget, message: Message, reply: Reply | AlreadyShown
    ) -> SendResult:
        async with self.turns.of(message.place):
            # Slack lets a thread go on without its first message.
            if await self._handlers.room.is_gone(message.place, message.id):
                return SendResult(Outcome.NEEDLESS)
            shown = await self._resolved(door.client, message.place, reply)
            ts = await posting.post(await self._form(shown))
            if ts:
                await self._handlers.on_shown(message, ts, shown)
            return SendResult(Outcome.SENT, shown, ts)

    async def _kept(self, door: ReplyTarget, message: Message, shown: SendResult) -> SendResult:
        """Take a reply away again whose question went while it was posted, by another process."""
        if not (shown.ts and await self._handlers.room.is_gone(message.place, message.id)):
            return shown
        await self.forget(door.client, message.place, message.id)
        return SendResult(Outcome.NEEDLESS)

    async def _resolved(
        self, client: AsyncWebClient, place: Place, reply: Reply | AlreadyShown
    ) -> Card | Notice:
        """Point to a card that was given before; if it is gone unnoticed, give it again."""
        if not isinstance(reply, AlreadyShown):
            return reply
        try:
            found = await client.chat_getPermalink(channel=place.channel, message_ts=reply.shown_as)
        except FAILURES as error:
            if code(error) != GONE:
                raise
            await self._handlers.room.on_deleted(place, reply.shown_as)
            return reply.card
        return Notice(AGAIN, texts.again(str(found["permalink"])))

    async def _form(self, reply: Reply) -> MessageForm:
        if isinstance(reply, Card):
            blocks = present.card(reply, await self._handlers.tally(reply.id))
            plain = present.words_only(reply.answer)
            return MessageForm(present.summary(reply.answer), blocks, plain, aloud=True)
        lay_out = LAYOUTS.get(reply.code, present.sentence)
        text = present.escaped(reply.text)
        return MessageForm(text, lay_out(reply.text), text, aloud=False)

    async def _chart(self, door: ReplyTarget, message: Message, sent: str, card: Card) -> None:
        png = await self._handlers.chart(card, Theme.LIGHT)
        if png:
            title = one_line(texts.headline(card.answer.track))
            picture = Picture(png, CHART, title, texts.alt(short(card.answer)))
            await self._hang(door, message, sent, picture)

    async def _hang(self, door: ReplyTarget, message: Message, sent: str, picture: Picture) -> None:
        """Hang a picture beside a message of ours, with which it goes."""
        try:
            done = await door.client.files_upload_v2(
                filename=picture.name,
                content=picture.png,
                title=picture.title,
                alt_txt=picture.alt,
                channel=message.place.channel,
                thread_ts=door.thread or sent,
            )
        except FAILURES as error:
            _log.warning("message %s: no chart: %s", sent, code(error))
            return
        file = str(done["files"][0]["id"])
        # Remembered as an answer to the message, so that it goes when that one goes.
        await self._handlers.on_shown(
            replace(message, id=sent), file, Notice("chart", picture.title)
        )
        if await self._handlers.room.is_gone(message.place, sent):
            await self.delete(door.client, message.place, file)

    async def _offer(self, client: AsyncWebClient, message: Message, sent: str, card: Card) -> None:
        """Put the reactions that are votes under a card."""
        ruling = message.place.ruling(message.parent)
        if not (await self._handlers.room.settings(ruling)).reactions:
            return
        best = list(card.answer.prediction.genres)[:BEST]
        for name in (emoji_names.RIGHT, *(emoji_names.GENRES[genre] for genre in best)):
            try:
                await client.reactions_add(channel=message.place.channel, timestamp=sent, name=name)
            except FAILURES as error:
                if code(error) != THERE:
                    _log.info("card %s: no reactions: %s", card.id, code(error))
                    return
