"""Sends replies: a card with its chart, else without it, else as plain text, else nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, Final

import discord

from bot import texts
from bot.concurrency import MAX_CONCURRENT_MESSAGES
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain import emoji
from bot.domain.cards import Card, Theme, offered_genres
from bot.domain.places import Message, Place
from bot.domain.replies import AlreadyShown, Notice, Reply, Summary
from bot.platforms.discord import ids, present
from bot.platforms.discord.failures import (
    CONNECTION_FAILURES,
    FAILURES,
    INVALID_FORM_BODY,
    NO_MESSAGE_HISTORY,
    describe,
    is_about_deleted,
)
from bot.platforms.discord.forms import Form, text_forms, with_chart
from bot.platforms.discord.transports import Transport, Unfindable
from bot.platforms.discord.uploads import Edit, Sent, SentReply, UploadedCharts
from bot.services.cards import CardService
from bot.services.collections import CollectionService
from bot.services.failures import value_or_none
from bot.services.job_outcomes import HandBack
from bot.services.listen import ListenService
from bot.services.reply_plans import Outgoing
from bot.services.voting import VotingService

RETRY_DELAYS: Final = (1.0, 3.0, 10.0)
"""Seconds between attempts to send a reply while Discord is unreachable."""

HAND_BACK_DELAY: Final = 30.0
"""Seconds after which a reply that could not be sent is tried again, by any process."""

_log = logging.getLogger(__name__)


class Delivery:
    """Sends replies and stores what was sent; `locks` keep each channel's events in order."""

    def __init__(
        self,
        *,
        cards: CardService,
        collections: CollectionService,
        listen: ListenService,
        voting: VotingService,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self._cards = cards
        self._collections = collections
        self._listen = listen
        self._voting = voting
        self._retry_delays = retry_delays
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_MESSAGES)
        self._uploaded = UploadedCharts()
        self._refresh_locks = KeyedLocks()
        self.locks = KeyedLocks()

    async def deliver(
        self, transport: Transport, message: Message, replies: Sequence[Outgoing]
    ) -> list[SentReply]:
        """Send the replies to a message in order.

        Returns:
            The replies that were sent.

        Raises:
            HandBack: Discord is unreachable, and sending may be repeated later.
            StorageFailed: A reply was sent, but could not be recorded.
        """
        sent_replies: list[SentReply] = []
        for outgoing in replies:
            if outgoing.sent_as:
                continue
            try:
                sent = await self._find(transport, message, outgoing)
                sent = sent or await self._send(transport, message, outgoing)
            except Unfindable:
                _log.warning("message %s: perhaps answered already; not answered again", message.id)
                continue
            if sent:
                sent_replies.append(SentReply(sent.id, outgoing.reply))
        return sent_replies

    async def offer_reactions(self, sent: discord.PartialMessage, card: Card) -> None:
        """Add the reactions with which people vote to a card."""
        genres = offered_genres(card.answer)
        try:
            for reaction in (emoji.RIGHT, *(emoji.GENRES[genre] for genre in genres)):
                await sent.add_reaction(reaction)
        except FAILURES as error:
            _log.info("card %s: reactions not offered: %s", card.id, describe(error))

    async def refresh(
        self,
        place: Place,
        message_id: str | None,
        edit: Edit,
        card: Card,
        *,
        hidden: bool = False,
    ) -> bool:
        """Update the tally on the card that a message displays; keep its chart and its spoiler.

        The chart is uploaded again if it is not known, as after a restart, or if Discord does not
        accept it; it is left out if files are not allowed. `hidden` is whether the message is known
        to be behind a spoiler, as that of a card for one person is not stored.

        Returns:
            False if the message is deleted.
        """
        try:
            await self.update(place, message_id, edit, card, hidden=hidden)
        except FAILURES as error:
            _log.info("card %s: not refreshed: %s", card.id, describe(error))
            return not is_about_deleted(error)
        return True

    async def update(
        self,
        place: Place,
        message_id: str | None,
        edit: Edit,
        card: Card,
        *,
        hidden: bool = False,
    ) -> None:
        """Do what `refresh` does, and raise one of FAILURES if a later attempt may succeed."""
        # In order, so that a delayed edit restores neither an older tally nor an older chart.
        async with self._refresh_locks.of(message_id):
            hidden_there = hidden or await self._is_hidden(place, message_id)
            if hidden_there is None:
                return
            tally = await self._voting.tally(card.id)
            card = self._listen.complete(card)
            async for charts in self._charts(message_id, card):
                view = present.card(card, tally, chart=bool(charts), hidden=hidden_there)
                try:
                    edited = await edit(
                        view=view, attachments=charts, allowed_mentions=present.NO_MENTIONS
                    )
                except FAILURES as error:
                    if not (isinstance(error, discord.Forbidden) or _is_invalid_form(error)):
                        raise
                    _log.info("card %s: not refreshed: %s", card.id, describe(error))
                else:
                    self._uploaded.remember(edited)
                    break

    async def _is_hidden(self, place: Place, message_id: str | None) -> bool | None:
        """Return whether a card is behind a spoiler; None if that cannot be read."""
        if message_id is None:
            return False
        about = f"message {message_id}"
        return await value_or_none(self._cards.is_hidden(place, message_id), about)

    async def _charts(
        self, message_id: str | None, card: Card
    ) -> AsyncIterator[Sequence[present.UploadedChart | discord.File]]:
        """Yield the attachments with which a card may be edited, in order of preference."""
        if uploaded := self._uploaded.of(message_id):
            yield [uploaded]
        if png := await self._cards.chart(card, Theme.DARK):
            yield [present.file(png)]
        yield []

    async def _find(
        self, transport: Transport, message: Message, outgoing: Outgoing
    ) -> Sent | None:
        """Return a reply that an earlier process sent, and record it."""
        if not outgoing.uncertain:
            return None
        async with self.locks.of(message.place):
            try:
                found = await transport.find(outgoing)
            except FAILURES as error:
                _log.info("message %s: its reply cannot be looked for: %s", *_about(message, error))
                raise HandBack(HAND_BACK_DELAY) from error
            if found:
                await self._on_sent(transport, message, found, outgoing.reply)
        return found

    async def _send(
        self, transport: Transport, message: Message, outgoing: Outgoing
    ) -> Sent | None:
        """Send one reply, with retries while Discord is unreachable; return None on failure."""
        async with self._slots:
            forms = await self._forms(message, outgoing)
        repeatable = transport.is_repeatable(outgoing.number)
        for delay in (*(self._retry_delays if repeatable else ()), None):
            async with self.locks.of(message.place):
                try:
                    sent = await _send_first_accepted(transport, outgoing.number, forms, message.id)
                except discord.RateLimited as error:
                    _log.warning("message %s: not sent yet: %s", *_about(message, error))
                    raise HandBack(error.retry_after) from error
                except CONNECTION_FAILURES as error:
                    _log.info("message %s: not sent: %s", *_about(message, error))
                else:
                    if sent:
                        await self._on_sent(transport, message, sent, outgoing.reply)
                    return sent
            if delay is not None:
                await asyncio.sleep(delay)
        _log.warning("message %s: not sent: Discord is unreachable", message.id)
        if repeatable:
            raise HandBack(HAND_BACK_DELAY)
        return None

    async def _on_sent(
        self, transport: Transport, message: Message, sent: Sent, reply: Reply | AlreadyShown
    ) -> None:
        self._uploaded.remember(sent)
        if transport.is_recorded:
            await self._cards.on_sent(message, str(sent.id), reply)

    async def _forms(self, message: Message, outgoing: Outgoing) -> list[Form]:
        """Return the forms in which a reply may be sent, in order of preference."""
        hidden = message.is_spoiler
        match reply := outgoing.reply:
            case Notice():
                return text_forms(
                    present.notice(reply, hidden=hidden),
                    present.plain_notice(reply, hidden=hidden),
                )
            case Summary():
                return with_chart(
                    await self._collections.chart(reply, Theme.DARK),
                    partial(present.summary, reply, hidden=hidden),
                    present.plain_summary(reply.answer, hidden=hidden),
                )
            case AlreadyShown(message_id=message_id):
                text = texts.already_answered(ids.message_url(message.place, message_id))
                return text_forms(present.pointer(text), text)
            case Card():
                # A card that was not displayed yet has no votes.
                tally = await self._voting.tally(reply.id) if outgoing.uncertain else {}
                card = self._listen.complete(reply)
                return with_chart(
                    await self._cards.chart(card, Theme.DARK),
                    partial(present.card, card, tally, hidden=hidden),
                    present.plain(card, hidden=hidden),
                )


def _about(message: Message, error: BaseException) -> tuple[str, str]:
    return message.id, describe(error)


async def _send_first_accepted(
    transport: Transport, number: int, forms: Sequence[Form], message_id: str
) -> Sent | None:
    """Send the first form that Discord accepts; return None if retrying is useless.

    Raises one of CONNECTION_FAILURES, or RateLimited, if a later attempt may succeed.
    """
    remaining = list(forms)
    while remaining:
        form = remaining[0]()
        try:
            return await transport.send(number, **form, allowed_mentions=present.NO_MENTIONS)
        except (*CONNECTION_FAILURES, discord.RateLimited):
            raise
        except FAILURES as error:
            kind = "+".join(form)
            _log.debug("message %s: not sent as %s: %s", message_id, kind, describe(error))
            if isinstance(error, discord.HTTPException) and error.code == NO_MESSAGE_HISTORY:
                transport.drop_reference()
            elif _may_accept_another_form(error, form):
                del remaining[0]
            else:
                _log.warning("message %s: not sent as %s: %s", message_id, kind, describe(error))
                return None
    _log.warning("message %s: not sent: Discord accepted none of its forms", message_id)
    return None


def _may_accept_another_form(error: BaseException, form: dict[str, Any]) -> bool:
    if isinstance(error, discord.Forbidden):
        return "file" in form  # files alone may be forbidden in this channel
    # A reply to a deleted message gives the same code.
    return _is_invalid_form(error) and "message_reference" not in str(error)


def _is_invalid_form(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.code == INVALID_FORM_BODY
