"""What people ask about a card: its details, and its picture to save."""

import logging
from dataclasses import replace
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.domain.cards import Card
from bot.domain.jobs import StoredJob
from bot.domain.places import Message, Place
from bot.domain.sanitize import MAX_NAME_LENGTH, with_short_names
from bot.platforms.slack import present, present_card
from bot.platforms.slack.failures import FAILURES, error_code, is_refusal
from bot.platforms.slack.pictures import Picture, delete, upload
from bot.platforms.slack.posting import NO_PREVIEWS
from bot.platforms.slack.response_url import respond_to, send_ephemeral
from bot.services.services import Services
from bot.texts import share
from bot.texts import slack as words

FILE: Final = "soundslike.png"

DIRECT: Final = "D"
"""First letter of the ids of conversations with one person."""

_log = logging.getLogger(__name__)


class CardQuestions:
    """Answers for the person who asks only."""

    def __init__(self, services: Services) -> None:
        self._cards = services.cards
        self._listen = services.listen
        self._share = services.share
        self._voting = services.voting

    async def answer(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Answer a press of a button or a shortcut. Raises StorageFailed."""
        payload = stored.job.payload
        if stored.attempts > 1:  # what only the person sees cannot be looked for
            _log.warning("message %s: perhaps answered already", stored.job.id)
            return
        respond = respond_to(payload["response_url"], client.proxy)
        card = await self._card(stored)
        if card is None:
            text = texts.NO_CARD
        elif payload["value"] == present_card.DETAILS:
            text = texts.details(card.answer)
        else:
            text = await self._send_picture(stored, client, card)
        await send_ephemeral(respond, text)

    async def _card(self, stored: StoredJob) -> Card | None:
        """Return the card that is meant: by its id, the message that shows it, or its question."""
        place, payload = stored.job.place, stored.job.payload
        if payload["card"] is not None:
            found = await self._cards.get(payload["card"])
        else:
            asked = Message(place, payload["message"], payload["user"], "")
            found = await self._cards.displayed_by(place, asked.id)
            for _, card in () if found else await self._cards.sent_replies(asked):
                if card is not None and found is None:
                    found = await self._cards.get(card)
        return self._listen.complete(found) if found else None

    async def _send_picture(self, stored: StoredJob, client: AsyncWebClient, card: Card) -> str:
        """Send the picture of a card to the person; return what to tell them.

        Slack has no files that one member of a channel sees. The picture goes to the conversation
        of the person with the app, or, if Slack refuses that, into the card's thread.
        """
        png = await self._share.picture(card)
        if png is None:
            return texts.PICTURE_MISSING
        title = texts.short_headline(card.answer.subject, MAX_NAME_LENGTH)
        tally = await self._voting.tally(card.id)
        alt = share.alt(with_short_names(card.answer), tally)
        picture = Picture(png, FILE, title, alt)
        try:
            return await self._to_person(stored, client, picture)
        except FAILURES as error:
            _log.warning("card %s: picture not sent: %s", card.id, error_code(error))
            if not is_refusal(error):
                return texts.TRY_AGAIN
        if not stored.job.payload["message"]:  # only the person sees the card
            return texts.CANNOT_SEND_PICTURE
        try:
            await self._to_thread(stored, client, picture)
        except FAILURES as error:
            _log.warning("card %s: picture not uploaded: %s", card.id, error_code(error))
            return texts.CANNOT_SEND_PICTURE if is_refusal(error) else texts.TRY_AGAIN
        return words.SAVED_IN_THREAD

    async def _to_person(self, stored: StoredJob, client: AsyncWebClient, picture: Picture) -> str:
        """Upload a picture to the conversation with the person, who may delete it there.

        Raises one of FAILURES, and StorageFailed.
        """
        if stored.job.place.channel.startswith(DIRECT):
            await self._to_thread(stored, client, picture)
            return words.SAVED_HERE
        text = words.picture_of(picture.title)
        # Opens the conversation; conversations.open would need another scope.
        posted = await client.chat_postMessage(
            channel=stored.job.payload["user"],
            text=present.escape(text),
            blocks=present.sentence(text),
            **NO_PREVIEWS,
        )
        place = replace(stored.job.place, channel=str(posted["channel"]))
        timestamp = str(posted["ts"])
        try:
            file = await upload(client, picture, place.channel)
        except FAILURES:
            await delete(client, place, timestamp)
            raise
        for sent, other in ((timestamp, file), (file, timestamp)):  # each is deleted with the other
            await self._record(stored, place, sent, with_=other)
        return words.SAVED_PRIVATELY

    async def _to_thread(self, stored: StoredJob, client: AsyncWebClient, picture: Picture) -> None:
        """Upload a picture into the card's thread, with which it is deleted.

        Raises one of FAILURES, and StorageFailed.
        """
        place, payload = stored.job.place, stored.job.payload
        file = await upload(client, picture, place.channel, payload["thread"])
        # A card that only the person sees is in no message.
        await self._record(stored, place, file, with_=payload["message"] or stored.job.id)

    async def _record(self, stored: StoredJob, place: Place, sent: str, *, with_: str) -> None:
        """Record a message or file that answers the person, and is deleted with another one."""
        asked = Message(place, with_, stored.job.payload["user"], "")
        await self._cards.on_other_sent(asked, sent)
