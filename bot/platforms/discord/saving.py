"""Sends the square pictures of cards to the person who wants to save them."""

import io
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import discord

from bot import texts
from bot.domain.cards import Card
from bot.domain.errors import UnknownCard
from bot.domain.jobs import StoredJob
from bot.domain.places import Message, Place
from bot.domain.sanitize import with_short_names
from bot.platforms.discord import present
from bot.platforms.discord.failures import INVALID_FORM_BODY
from bot.platforms.discord.interaction_response import InteractionResponse
from bot.services.cards import CardService
from bot.services.listen import ListenService
from bot.services.sharing import ShareService
from bot.services.voting import VotingService
from bot.texts import share

FILE_NAME: Final = "soundslike-{}.png"
"""Name of a picture, by its position."""


class _Picture(NamedTuple):
    png: bytes
    alt: str


class CardSaver:
    """Answers the button and the command "Save card"."""

    def __init__(
        self,
        cards: CardService,
        listen: ListenService,
        share: ShareService,
        voting: VotingService,
    ) -> None:
        self._cards = cards
        self._listen = listen
        self._share = share
        self._voting = voting

    async def send(self, stored: StoredJob, response: InteractionResponse) -> None:
        """Send the pictures of the cards that a job names, or a sentence without one.

        It may be repeated. Raises discord.py's exceptions and StorageFailed.
        """
        options: Any = stored.job.payload["options"]
        asked = options["cards"]
        if asked or not options["message"]:
            cards = await self._known(asked)
        else:
            cards = await self._displayed(stored.job.place, options["message"])
        if not cards:
            missing = texts.failure(UnknownCard("")) if asked else texts.NO_CARD
            await response.edit(view=present.sentence(missing))
            return
        drawn = [await self._picture(self._listen.complete(card)) for card in cards]
        pictures = list(filter(None, drawn))
        if not pictures:
            await response.edit(view=present.sentence(texts.PICTURE_MISSING))
            return
        try:
            await response.edit(attachments=[_file(n, one) for n, one in enumerate(pictures, 1)])
        except discord.HTTPException as error:
            if not isinstance(error, discord.Forbidden) and error.code != INVALID_FORM_BODY:
                raise
            await response.edit(view=present.sentence(texts.CANNOT_SEND_PICTURE))

    async def _picture(self, card: Card) -> _Picture | None:
        png = await self._share.picture(card)
        if png is None:
            return None
        tally = await self._voting.tally(card.id)
        return _Picture(png, share.alt(with_short_names(card.answer), tally))

    async def _known(self, card_ids: Iterable[int | None]) -> list[Card]:
        found = [await self._cards.get(one) for one in card_ids if one is not None]
        return [card for card in found if card]

    async def _displayed(self, place: Place, message_id: str) -> list[Card]:
        """Return the card that a message displays, else those with which it was answered."""
        if card := await self._cards.displayed_by(place, message_id):
            return [card]
        answers = await self._cards.sent_replies(Message(place, message_id, "", ""))
        return await self._known(card_id for _, card_id in answers)


def _file(number: int, picture: _Picture) -> discord.File:
    """Return a picture as an attachment with a description, which can be sent once."""
    alt = picture.alt[: present.MAX_ALT_LENGTH]
    return discord.File(io.BytesIO(picture.png), FILE_NAME.format(number), description=alt)
