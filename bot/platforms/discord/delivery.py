"""Sends replies: the whole card, else one without its picture, else plain words, else nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

import aiohttp
import discord

from bot import texts
from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain import emoji
from bot.domain.cards import AlreadyShown, Card, Notice, Reply, Theme
from bot.domain.places import Message, Place
from bot.platforms.discord import ids, present
from bot.services.handlers import SharedHandlers

Send = Callable[..., Awaitable[discord.Message]]
"""`Messageable.send`, or an interaction's follow-up, which takes the same."""

Edit = Callable[..., Awaitable[object]]
"""`PartialMessage.edit`, or an interaction's `edit_original_response`."""

Form = Callable[[], dict[str, Any]]
"""One way to send a reply, as what `Send` takes; made anew for each try."""

BEST: Final = 3
"""Genres that are offered as reactions."""

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""What discord.py raises when a request comes to nothing, also of the connection itself."""

AWAY: Final = (aiohttp.ClientError, OSError, discord.DiscordServerError)
"""Failures of Discord or of the way to it: nobody knows whether the request arrived."""

PAUSES: Final = (1.0, 3.0, 10.0, 30.0)
"""Seconds between the tries to send a reply while Discord is away."""

AT_ONCE: Final = 4
"""Replies laid out at once: a hundred, in one turn of the event loop, would stop it."""

BAD_FORM: Final = 50035
"""Discord's code of a request that breaks a rule of form."""

NO_PAST: Final = 160002
"""Discord's code of a reply in a channel whose past the bot may not read."""

_log = logging.getLogger(__name__)


class Delivery:
    """Sends, remembers what was sent, and keeps each channel's events in their order."""

    def __init__(self, handlers: SharedHandlers, pauses: Sequence[float] = PAUSES) -> None:
        self._handlers = handlers
        self._pauses = pauses
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.turns = KeyedLocks()

    async def deliver(
        self,
        send: Send,
        message: Message,
        replies: Sequence[Reply | AlreadyShown],
        *,
        by_nonce: bool = True,
    ) -> list[tuple[int, Card]]:
        """Send the replies to a message in order; returns the cards that arrived, by message.

        `by_nonce` says whether `send` lets Discord know a repeated reply by its nonce; else only
        the first can be repeated, as it takes the place of something.
        """
        shown: list[tuple[int, Card]] = []
        arrived = 0
        for number, reply in enumerate(replies):
            again = by_nonce or not number
            sent = await self._send(send, message, number, reply, self._pauses if again else ())
            arrived += sent is not None
            if sent and isinstance(reply, Card):
                shown.append((sent.id, reply))
        if replies and not arrived:
            await self._handlers.room.on_undelivered(message)
        return shown

    async def _send(
        self,
        send: Send,
        message: Message,
        number: int,
        reply: Reply | AlreadyShown,
        pauses: Sequence[float],
    ) -> discord.Message | None:
        """Send one reply, again after each pause while Discord is away; None if it is refused.

        A reply may have arrived although its connection broke: its nonce keeps it from being shown
        a second time.
        """
        about, nonce = f"message {message.id}", f"{message.id}-{number}"
        async with self._slots:
            forms = await self._forms(message.place, reply)
        for pause in (*pauses, None):
            async with self.turns.of(message.place):
                try:
                    sent = await _first(send, forms, about, nonce)
                except AWAY as error:
                    _log.info("%s: not sent: %s", about, why(error))
                else:
                    if sent:
                        await self._handlers.on_shown(message, str(sent.id), reply)
                    return sent
            if pause is None:
                _log.warning("%s: not sent: Discord is away", about)
                return None
            await asyncio.sleep(pause)
        return None

    async def offer(self, sent: discord.PartialMessage, card: Card) -> None:
        """Put the reactions that are votes under a card."""
        best = list(card.answer.prediction.genres)[:BEST]
        try:
            for sign in (emoji.RIGHT, *(emoji.GENRES[genre] for genre in best)):
                await sent.add_reaction(sign)
        except FAILURES as error:
            _log.info("card %s: no reactions: %s", card.id, why(error))

    async def refresh(self, edit: Edit, card: Card) -> None:
        """Show on a card what people have said of it; without its picture where that is refused."""
        tally = await self._handlers.tally(card.id)
        png = await self._handlers.chart(card, Theme.DARK)
        for files in ([present.file(png)], []) if png else ([],):
            view = present.card(card, tally, chart=bool(files))
            try:
                await edit(view=view, attachments=files, allowed_mentions=present.NO_MENTIONS)
            except FAILURES as error:
                _log.info("card %s: not refreshed: %s", card.id, why(error))
                if not isinstance(error, discord.Forbidden):
                    return
            else:
                return

    async def _forms(self, place: Place, reply: Reply | AlreadyShown) -> list[Form]:
        """Return the forms in which a reply may be sent, best first."""
        match reply:
            case Notice(text=text):
                return _forms(present.sentence(text), present.plain_sentence(text))
            case AlreadyShown(shown_as=shown_as):
                text = texts.again(ids.link(place, shown_as))
                return _forms(present.pointer(text), text)
            case Card():
                tally = await self._handlers.tally(reply.id)
                words = _forms(present.card(reply, tally, chart=False), present.plain(reply))
                png = await self._handlers.chart(reply, Theme.DARK)
                if png is None:
                    return words
                view = present.card(reply, tally, chart=True)
                # Each try reads the file anew.
                return [lambda: {"view": view, "file": present.file(png)}, *words]


def _forms(view: discord.ui.LayoutView, text: str) -> list[Form]:
    return [lambda: {"view": view}, lambda: {"content": text}]


def why(error: BaseException) -> str:
    """Return what Discord answered, or what broke; no words, which may quote people."""
    if isinstance(error, discord.HTTPException):
        return f"{type(error).__name__} {error.status}, code {error.code}"
    return type(error).__name__


async def _first(
    send: Send, forms: Sequence[Form], about: str, nonce: str
) -> discord.Message | None:
    """Send the first form that Discord takes; None when there is no use in trying.

    Raises one of AWAY when the same may be taken later.
    """
    left = list(forms)
    while left:
        form = left[0]()
        try:
            return await send(**form, nonce=nonce, allowed_mentions=present.NO_MENTIONS)
        except AWAY:
            raise
        except FAILURES as error:
            kind = "+".join(form)
            _log.debug("%s: not sent as %s: %s", about, kind, why(error))
            if isinstance(error, discord.HTTPException) and error.code == NO_PAST:
                send = partial(send, reference=None)
            elif _another_form_may_do(error, form):
                del left[0]
            else:
                _log.warning("%s: not sent as %s: %s", about, kind, why(error))
                return None
    _log.warning("%s: not sent: no form of it will do", about)
    return None


def _another_form_may_do(error: BaseException, form: dict[str, Any]) -> bool:
    if isinstance(error, discord.Forbidden):
        return "file" in form  # perhaps only files are not allowed here
    # A reply to a message that is gone is refused as a matter of form, too.
    return (
        isinstance(error, discord.HTTPException)
        and error.code == BAD_FORM
        and "message_reference" not in error.text
    )
