"""Sends replies: cards with their charts and reactions, pointers, statistics, sentences."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.cards import Card, offered_genres
from bot.domain.errors import stack_of
from bot.domain.jobs import StoredJob
from bot.domain.places import Message, Place
from bot.domain.replies import AlreadyShown, Notice, Reply, Summary
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import emoji_names, present, present_card, present_summary
from bot.platforms.slack.contents import Content, Outcome, Pointer, SendResult
from bot.platforms.slack.failures import FAILURES, error_code, is_refusal
from bot.platforms.slack.message_form import MessageForm, Variants, send_simplified
from bot.platforms.slack.native_blocks import NativeBlocks
from bot.platforms.slack.pictures import MESSAGE_NOT_FOUND, Pictures, delete
from bot.platforms.slack.posting import MAX_TOTAL_DELAY, Posting, ReplyTarget
from bot.platforms.slack.progress import ProgressMessage
from bot.platforms.slack.response_url import send_ephemeral
from bot.services.job_outcomes import HandBack
from bot.services.reply_plans import Outgoing
from bot.services.services import Services

HAND_BACK_DELAY: Final = 30.0
"""Seconds after which a reply that could not be sent is tried again, by any process."""

ALREADY_REACTED: Final = "already_reacted"

_log = logging.getLogger(__name__)


class Delivery:
    """Sends replies and stores what was sent; `locks` keep each channel's events in order."""

    def __init__(self, services: Services) -> None:
        self._cards = services.cards
        self._listen = services.listen
        self._native = NativeBlocks(services.now)
        self._now = services.now
        self._settings = services.settings
        self._pictures = Pictures(services)
        self._voting = services.voting
        self.locks = KeyedLocks()
        self._update_locks = KeyedLocks()

    def progress(self, stored: StoredJob, target: ReplyTarget, message: Message) -> ProgressMessage:
        """Return the display of how far the answer to a job is; arguments as there."""
        return ProgressMessage(self._cards, stored, target, message)

    async def deliver(
        self,
        target: ReplyTarget,
        message: Message,
        replies: Sequence[Outgoing],
        progress: ProgressMessage | None = None,
    ) -> None:
        """Send the replies to a message in order; the first summary takes the place of `progress`.

        Raises:
            HandBack: Slack is unreachable or asks to wait, and sending may be repeated later.
            StorageFailed: A reply was sent, but could not be recorded.
        """
        for outgoing in replies:
            result = await self._send_once(target, message, outgoing, progress)
            if result.outcome is Outcome.UNREACHABLE and not target.respond:
                raise HandBack(HAND_BACK_DELAY)
            if not (result.ts and isinstance(result.content, (Card, Summary))):
                continue
            if not await self._cards.has_files(message.place, result.ts):
                await self._pictures.upload(target, message, result.ts, result.content)
            if isinstance(result.content, Card):
                await self._offer_reactions(target.client, message, result.ts, result.content)

    async def send_statistics(
        self, target: ReplyTarget, message: Message, stats: WorkspaceStats, *, uncertain: bool
    ) -> None:
        """Send a workspace's statistics with their chart; `uncertain` as in `Outgoing`."""
        posting = Posting(target, message, 0, uncertain=uncertain, planned=False)
        result = await self._send(posting, target, message, stats)
        if result.ts:
            await self._pictures.upload(target, message, result.ts, stats)

    async def refresh(
        self, client: AsyncWebClient, place: Place, timestamp: str, card: Card
    ) -> None:
        """Update the tally on a card."""
        try:
            await self.update(client, place, timestamp, card)
        except FAILURES as error:
            _log.info("card %s: not refreshed: %s", card.id, stack_of(error))

    async def update(
        self, client: AsyncWebClient, place: Place, timestamp: str, card: Card
    ) -> None:
        """Do what `refresh` does; raise one of FAILURES."""
        # In order, so that a delayed update does not replace a newer tally.
        async with self._update_locks.of((place, timestamp)):
            tally = await self._voting.tally(card.id)
            form = self._card_form(place, self._listen.complete(card), tally)

            async def update(form: MessageForm) -> None:
                if not form.blocks:  # plain text has no votes
                    return
                await client.chat_update(
                    channel=place.channel,
                    ts=timestamp,
                    text=form.text,
                    blocks=form.blocks,
                    parse="none",
                )

            await send_simplified(form, update, f"card {card.id}")

    async def on_deleted(self, client: AsyncWebClient, place: Place, message_id: str) -> None:
        """Record that a message was deleted, and delete the answers to it; raise StorageFailed."""
        async with self.locks.of(place):
            answers = await self._cards.on_deleted(place, message_id)
        for answer in answers:
            await delete(client, place, answer)

    async def _send_once(
        self,
        target: ReplyTarget,
        message: Message,
        outgoing: Outgoing,
        progress: ProgressMessage | None,
    ) -> SendResult:
        """Send one reply, unless an earlier process has sent it."""
        reply = outgoing.reply
        if isinstance(reply, Card):  # a stored reply has not all that was heard
            reply = self._listen.complete(reply)
        if outgoing.sent_as:
            content = reply if isinstance(reply, (Card, Summary)) else None
            sent = SendResult(Outcome.SENT, content, outgoing.sent_as)
            return await self._unless_deleted(target, message, sent)
        replaces = None
        if progress and isinstance(reply, Summary) and not progress.is_answer:
            replaces = progress.timestamp
        posting = Posting(
            target,
            message,
            outgoing.number,
            uncertain=outgoing.uncertain,
            remaining=self._remaining_delay(target),
            replaces=replaces,
        )
        result = await self._send(posting, target, message, reply)
        if progress and result.ts and result.ts == progress.timestamp:
            progress.is_answer = True
        return result

    def _remaining_delay(self, target: ReplyTarget) -> float:
        """Return for how many seconds attempts may be made; people who used a command wait."""
        if target.respond is None:
            return MAX_TOTAL_DELAY  # a message is tried again while it is in the inbox
        age = self._now() - target.accepted_at
        return MAX_TOTAL_DELAY - age.total_seconds()

    async def _send(
        self,
        posting: Posting,
        target: ReplyTarget,
        message: Message,
        reply: Reply | AlreadyShown | WorkspaceStats,
    ) -> SendResult:
        """Send one reply, with retries while Slack is unreachable."""
        try:
            while True:
                try:
                    result = await self._attempt(posting, target, message, reply)
                    return await self._unless_deleted(target, message, result)
                except FAILURES as error:
                    await posting.wait(error)
        except FAILURES as error:
            if posting.replaces and error_code(error) == MESSAGE_NOT_FOUND:
                return SendResult(Outcome.NOT_NEEDED)  # deleted by a person
            doubt = "; perhaps answered already" if posting.is_final else ""
            _log.warning("message %s: not sent: %s%s", message.id, error_code(error), doubt)
            if target.respond:
                await send_ephemeral(target.respond, texts.TRY_AGAIN)
            useless = posting.is_final or is_refusal(error)
            return SendResult(Outcome.REFUSED if useless else Outcome.UNREACHABLE)

    async def _attempt(
        self,
        posting: Posting,
        target: ReplyTarget,
        message: Message,
        reply: Reply | AlreadyShown | WorkspaceStats,
    ) -> SendResult:
        async with self.locks.of(message.place):
            # Slack accepts replies to a thread whose first message is deleted.
            if await self._cards.is_deleted(message.place, message.id):
                return SendResult(Outcome.NOT_NEEDED)
            content = await self.content(target.client, message.place, reply)
            is_new = content is reply and not posting.uncertain
            ts = await posting.post(await self.form(message.place, content, is_new=is_new))
            if ts and isinstance(content, Card):
                await self._cards.on_sent(message, ts, content)
            elif ts:
                await self._cards.on_other_sent(message, ts)
            return SendResult(Outcome.SENT, content, ts)

    async def _unless_deleted(
        self, target: ReplyTarget, message: Message, result: SendResult
    ) -> SendResult:
        """Delete a reply if the deletion of its message was recorded while it was sent."""
        deleted = result.ts and await self._cards.is_deleted(message.place, message.id)
        if not deleted:
            return result
        await self.on_deleted(target.client, message.place, message.id)
        return SendResult(Outcome.NOT_NEEDED)

    async def content(
        self,
        client: AsyncWebClient,
        place: Place,
        reply: Reply | AlreadyShown | WorkspaceStats,
    ) -> Content:
        """Return what to display; for a card that was deleted unnoticed, the card again.

        Raises one of FAILURES.
        """
        if not isinstance(reply, AlreadyShown):
            return reply
        try:
            found = await client.chat_getPermalink(
                channel=place.channel, message_ts=reply.message_id
            )
        except FAILURES as error:
            if error_code(error) != MESSAGE_NOT_FOUND:
                raise
            await self._cards.on_deleted(place, reply.message_id)
            return reply.card
        return Pointer(str(found["permalink"]))

    async def form(self, place: Place, content: Content, *, is_new: bool) -> MessageForm:
        """Return how a reply is displayed; `is_new` means that it cannot have votes."""
        match content:
            case Card():
                # A card that was not displayed yet has no votes.
                tally = {} if is_new else await self._voting.tally(content.id)
                return self._card_form(place, content, tally)
            case Pointer(address=address):
                text = texts.already_answered(address)
                layout = present.pointer(text)
            case WorkspaceStats():
                text = texts.stats(content)
                layout = present.stats(content)
            case Summary(answer=answer):
                line, plain = present_summary.line(answer), present_summary.plain_text(answer)
                return MessageForm(line, present_summary.summary(answer), plain, public=True)
            case Notice():
                text = texts.with_choices(content)
                layout = present.notice(content)
        escaped = present.escape(text)
        return MessageForm(escaped, layout, escaped, public=False)

    def _card_form(self, place: Place, card: Card, tally: Mapping[str, int]) -> MessageForm:
        lay_out = partial(present_card.card, card, tally)
        variants = Variants(lay_out, self._native, place.workspace)
        plain = present_card.plain_text(card.answer)
        line = present_card.line(card.answer)
        return MessageForm(line, variants.blocks(), plain, public=True, variants=variants)

    async def _offer_reactions(
        self, client: AsyncWebClient, message: Message, timestamp: str, card: Card
    ) -> None:
        """Add the reactions that stand for votes to a card."""
        if not (await self._settings.of(message.settings_place)).reactions:
            return
        genres = offered_genres(card.answer)
        for name in (emoji_names.RIGHT, *(emoji_names.GENRES[genre] for genre in genres)):
            try:
                await client.reactions_add(
                    channel=message.place.channel, timestamp=timestamp, name=name
                )
            except FAILURES as error:
                if error_code(error) != ALREADY_REACTED:
                    _log.info("card %s: reactions not offered: %s", card.id, error_code(error))
                    return
