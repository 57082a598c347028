"""Sends replies: a card with its chart, else without it, else as plain text, else nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

import discord

from bot import texts
from bot.concurrency import MAX_CONCURRENT_MESSAGES
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain import emoji
from bot.domain.cards import Card, Theme
from bot.domain.places import Message, Place
from bot.domain.replies import AlreadyShown, Notice, Reply
from bot.platforms.discord import ids, present
from bot.platforms.discord.failures import (
    CONNECTION_FAILURES,
    FAILURES,
    INVALID_FORM_BODY,
    NO_MESSAGE_HISTORY,
    describe,
)
from bot.services.cards import CardService
from bot.services.group_chat import GroupChat
from bot.services.voting import VotingService

Send = Callable[..., Awaitable[discord.Message]]
"""`Messageable.send`, or an interaction's follow-up with the same arguments."""

Edit = Callable[..., Awaitable[object]]
"""`PartialMessage.edit`, or an interaction's `edit_original_response`."""

Form = Callable[[], dict[str, Any]]
"""Returns the arguments of `Send` for one form of a reply; called again for each attempt."""

OFFERED_REACTIONS: Final = 3
"""Genres that are offered as reactions."""

RETRY_DELAYS: Final = (1.0, 3.0, 10.0, 30.0)
"""Seconds between attempts to send a reply while Discord is unreachable."""

_log = logging.getLogger(__name__)


class Delivery:
    """Sends replies and stores what was sent; `locks` keep each channel's events in order."""

    def __init__(
        self,
        *,
        cards: CardService,
        group_chat: GroupChat,
        voting: VotingService,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self._cards = cards
        self._group_chat = group_chat
        self._voting = voting
        self._retry_delays = retry_delays
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_MESSAGES)
        self.locks = KeyedLocks()

    async def deliver(
        self,
        send: Send,
        message: Message,
        replies: Sequence[Reply | AlreadyShown],
        *,
        by_nonce: bool = True,
    ) -> list[tuple[int, Card]]:
        """Send the replies to a message in order.

        Args:
            send: Sends one reply.
            message: The message that is answered.
            replies: The replies.
            by_nonce: Whether Discord recognises a repeated `send` by its nonce. If not, only the
                first reply is retried, as it replaces a placeholder.

        Returns:
            Message ids and cards of the cards that were sent.
        """
        sent_cards: list[tuple[int, Card]] = []
        delivered = 0
        for number, reply in enumerate(replies):
            delays = self._retry_delays if by_nonce or not number else ()
            sent = await self._send(send, message, number, reply, delays)
            delivered += sent is not None
            if sent and isinstance(reply, Card):
                sent_cards.append((sent.id, reply))
        if replies and not delivered:
            await self._group_chat.on_undelivered(message)
        return sent_cards

    async def offer_reactions(self, sent: discord.PartialMessage, card: Card) -> None:
        """Add the reactions with which people vote to a card."""
        genres = list(card.answer.prediction.genres)[:OFFERED_REACTIONS]
        try:
            for reaction in (emoji.RIGHT, *(emoji.GENRES[genre] for genre in genres)):
                await sent.add_reaction(reaction)
        except FAILURES as error:
            _log.info("card %s: reactions not offered: %s", card.id, describe(error))

    async def refresh(self, edit: Edit, card: Card) -> None:
        """Update the tally on a card; without the chart if files are not allowed."""
        tally = await self._voting.tally(card.id)
        png = await self._cards.chart(card, Theme.DARK)
        for files in ([present.file(png)], []) if png else ([],):
            view = present.card(card, tally, chart=bool(files))
            try:
                await edit(view=view, attachments=files, allowed_mentions=present.NO_MENTIONS)
            except FAILURES as error:
                _log.info("card %s: not refreshed: %s", card.id, describe(error))
                if not isinstance(error, discord.Forbidden):
                    return
            else:
                return

    async def _send(
        self,
        send: Send,
        message: Message,
        number: int,
        reply: Reply | AlreadyShown,
        delays: Sequence[float],
    ) -> discord.Message | None:
        """Send one reply, with retries while Discord is unreachable; return None on failure.

        A reply may have arrived although its connection broke; its nonce prevents a second one.
        """
        about, nonce = f"message {message.id}", f"{message.id}-{number}"
        async with self._slots:
            forms = await self._forms(message.place, reply)
        for delay in (*delays, None):
            async with self.locks.of(message.place):
                try:
                    sent = await _send_first_accepted(send, forms, about, nonce)
                except CONNECTION_FAILURES as error:
                    _log.info("%s: not sent: %s", about, describe(error))
                else:
                    if sent:
                        await self._cards.on_sent(message, str(sent.id), reply)
                    return sent
            if delay is None:
                _log.warning("%s: not sent: Discord is unreachable", about)
                return None
            await asyncio.sleep(delay)
        return None

    async def _forms(self, place: Place, reply: Reply | AlreadyShown) -> list[Form]:
        """Return the forms in which a reply may be sent, in order of preference."""
        match reply:
            case Notice(text=text):
                return _text_forms(present.sentence(text), present.plain_sentence(text))
            case AlreadyShown(message_id=message_id):
                text = texts.already_answered(ids.message_url(place, message_id))
                return _text_forms(present.pointer(text), text)
            case Card():
                tally = await self._voting.tally(reply.id)
                without_chart = _text_forms(
                    present.card(reply, tally, chart=False), present.plain(reply)
                )
                png = await self._cards.chart(reply, Theme.DARK)
                if png is None:
                    return without_chart
                view = present.card(reply, tally, chart=True)
                # A file object can be read once, so each attempt gets a new one.
                return [lambda: {"view": view, "file": present.file(png)}, *without_chart]


def _text_forms(view: discord.ui.LayoutView, text: str) -> list[Form]:
    return [lambda: {"view": view}, lambda: {"content": text}]


async def _send_first_accepted(
    send: Send, forms: Sequence[Form], about: str, nonce: str
) -> discord.Message | None:
    """Send the first form that Discord accepts; return None if retrying is useless.

    Raises one of CONNECTION_FAILURES if a later attempt may succeed.
    """
    remaining = list(forms)
    while remaining:
        form = remaining[0]()
        try:
            return await send(**form, nonce=nonce, allowed_mentions=present.NO_MENTIONS)
        except CONNECTION_FAILURES:
            raise
        except FAILURES as error:
            kind = "+".join(form)
            _log.debug("%s: not sent as %s: %s", about, kind, describe(error))
            if isinstance(error, discord.HTTPException) and error.code == NO_MESSAGE_HISTORY:
                send = partial(send, reference=None)
            elif _may_accept_another_form(error, form):
                del remaining[0]
            else:
                _log.warning("%s: not sent as %s: %s", about, kind, describe(error))
                return None
    _log.warning("%s: not sent: Discord accepted none of its forms", about)
    return None


def _may_accept_another_form(error: BaseException, form: dict[str, Any]) -> bool:
    if isinstance(error, discord.Forbidden):
        return "file" in form  # files alone may be forbidden in this channel
    # A reply to a deleted message gives the same code.
    return (
        isinstance(error, discord.HTTPException)
        and error.code == INVALID_FORM_BODY
        and "message_reference" not in error.text
    )
