"""Finds the card of a track that a place displays already, or is about to display."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final, NamedTuple

from bot.domain.cards import Answer
from bot.domain.message_ports import MessageStore
from bot.domain.places import Message, Place
from bot.domain.ports import ModelRegistry, Now
from bot.domain.replies import AlreadyShown
from bot.services.ask import describe
from bot.services.failures import value_or_none

REPEAT_AFTER: Final = timedelta(minutes=10)
"""A card is not sent again to the same place within this time."""

PENDING_TIMEOUT: Final = 15.0
"""Seconds to wait for a card of the same track that is about to be sent."""


class _Pending(NamedTuple):
    message_id: str
    sent: asyncio.Event


class RecentCards:
    """Prevents the same card from being sent to a place twice in a short time."""

    def __init__(self, messages: MessageStore, models: ModelRegistry, now: Now) -> None:
        self._messages = messages
        self._models = models
        self._now = now
        self._pending: dict[tuple[Place, str], _Pending] = {}

    async def find(
        self, track_key: str, message: Message, model: str | None
    ) -> AlreadyShown | None:
        """Return the card of a track that the message's place displays, made by `model`.

        One that was made by the sound alone counts as made by any of them, and one by an earlier
        version of `model` as made by none.

        If a card of the track is about to be sent there, wait for it. If there is none, the
        caller is expected to send one: others wait until `release` is called for `message`.
        """
        key = (message.place, track_key)
        if pending := self._pending.get(key):
            with suppress(TimeoutError):
                await asyncio.wait_for(pending.sent.wait(), PENDING_TIMEOUT)
        since = self._now() - REPEAT_AFTER
        latest = self._messages.latest(message.place, track_key, since)
        displayed = await value_or_none(latest, describe(message))
        if displayed and await self._is_of_model(displayed[1].answer, model, in_version=True):
            return AlreadyShown(message_id=displayed[0], card=displayed[1])
        self._pending[key] = _Pending(message.id, asyncio.Event())
        asyncio.get_running_loop().call_later(PENDING_TIMEOUT, self._expire, key, message.id)
        return None

    async def answering(
        self, source: str, track_key: str, message: Message, model: str | None
    ) -> AlreadyShown | None:
        """Return the card of a track that answers the message `source`, however old it is.

        It may be by an earlier version of `model`: an edit of the message does not repeat it.
        """
        about = describe(message)
        answers = await value_or_none(self._messages.answers(message.place, source), about) or ()
        for message_id, card_id in answers:
            if card_id is None:
                continue
            card = await value_or_none(self._messages.find(message.place, message_id), about)
            is_it = card is not None and card.answer.subject.key == track_key
            if card and is_it and await self._is_of_model(card.answer, model):
                return AlreadyShown(message_id=message_id, card=card)
        return None

    def release(self, message: Message) -> None:
        """Wake those who wait for the cards of `message`: they were sent, or could not be."""
        for key, pending in list(self._pending.items()):
            if pending.message_id == message.id and key[0] == message.place:
                pending.sent.set()
                del self._pending[key]

    def _expire(self, key: tuple[Place, str], message_id: str) -> None:
        if (pending := self._pending.get(key)) and pending.message_id == message_id:
            pending.sent.set()
            del self._pending[key]

    async def _is_of_model(
        self, answer: Answer, model: str | None, *, in_version: bool = False
    ) -> bool:
        if answer.by_sound_alone:
            return True
        classifier = await value_or_none(self._models.get(model), f"model {model}")
        if classifier is None or classifier.name != answer.model.name:
            return False
        return not in_version or classifier.version == answer.model.version
