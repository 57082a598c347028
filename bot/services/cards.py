"""Use case: which messages display which cards, and the cards' charts."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.cards import Answer, Card, Theme
from bot.domain.errors import StorageFailed, stack_of
from bot.domain.message_ports import MessageStore
from bot.domain.picture_ports import Renderer
from bot.domain.places import Message, Place
from bot.domain.ports import HashUser, PredictionStore
from bot.domain.replies import AlreadyShown, Reply
from bot.services.ask import describe
from bot.services.deduplication import Deduplicator
from bot.services.failures import value_or_none
from bot.services.recent_cards import RecentCards

HISTORY_LENGTH: Final = 50
"""Messages that answer a person in a place, of those that `history` returns."""

WRITE_RETRIES: Final = (0.2, 1.0, 5.0)
"""Seconds between attempts to record what was sent."""

RECENT_LENGTH: Final = 10
"""Cards of a person that `requested_by` returns."""

_log = logging.getLogger(__name__)


class CardService:
    """Keeps track of the messages that display cards.

    Methods do not raise, except for those that record or read what was sent and deleted: they raise
    StorageFailed, and their callers repeat the work.
    """

    def __init__(
        self,
        *,
        predictions: PredictionStore,
        messages: MessageStore,
        renderer: Renderer,
        recent_cards: RecentCards,
        deduplicator: Deduplicator,
        hash_user: HashUser,
    ) -> None:
        self._predictions = predictions
        self._messages = messages
        self._renderer = renderer
        self._recent_cards = recent_cards
        self._deduplicator = deduplicator
        self._hash_user = hash_user

    async def get(self, card_id: int, place: Place | None = None) -> Card | None:
        """Return a stored card; with `place`, only one that was sent there."""
        return await value_or_none(self._predictions.get(card_id, place), f"card {card_id}")

    async def chart(self, card: Card, theme: Theme) -> bytes | None:
        """Return a card's chart as PNG; None if it cannot be drawn."""
        return await self.chart_of(card.answer, theme, f"card {card.id}")

    async def chart_of(self, answer: Answer, theme: Theme, about: str) -> bytes | None:
        """Return an answer's chart as `chart` does; `about` names it in the log."""
        try:
            return await self._renderer.chart(answer, theme)
        except Exception as error:  # noqa: BLE001 - a card is sent without its chart then
            _log.error("%s: chart failed: %s", about, stack_of(error))
            return None

    async def on_sent(self, message: Message, message_id: str, reply: Reply | AlreadyShown) -> None:
        """Store that the bot's message `message_id` is the reply to `message`.

        Raises StorageFailed after several attempts.
        """
        card_id = reply.id if isinstance(reply, Card) else None
        await self._remember(message, message_id, card_id)
        self._recent_cards.release(message)

    async def on_other_sent(self, message: Message, message_id: str) -> None:
        """Store that a message or file without a card is the reply to `message`.

        It is deleted with `message`, and by the person who asked. Raises StorageFailed.
        """
        await self._remember(message, message_id, None)
        self._recent_cards.release(message)

    async def on_progress_sent(self, message: Message, message_id: str) -> None:
        """Store that a message displays how far the answer to `message` is.

        It is deleted with `message`, and becomes an answer by `on_other_sent`. Raises
        StorageFailed.
        """
        await self._remember(replace(message, id=_progress(message.id)), message_id, None)

    async def progress_of(self, message: Message) -> str | None:
        """Return the message that displays how far the answer to `message` is.

        Raises StorageFailed.
        """
        found = await self._messages.answers(message.place, _progress(message.id))
        return found[0][0] if found else None

    async def sent_replies(self, message: Message) -> Sequence[tuple[str, int | None]]:
        """Return what is stored as sent in reply to a message: message id, and card id if any.

        Raises StorageFailed.
        """
        return await self._messages.answers(message.place, message.id)

    async def replies_to_user(self, message: Message) -> Sequence[tuple[str, int | None]]:
        """Return as `sent_replies` does what the message's own author got.

        For places where several people may use the same message id. Raises StorageFailed.
        """
        asker = self._hash_user(message.place, message.user)
        return await self._messages.answers(message.place, message.id, asker)

    async def has_files(self, place: Place, message_id: str) -> bool:
        """Return whether a file was recorded as belonging to a message; raise StorageFailed."""
        return bool(await self._messages.answers(place, message_id))

    async def is_hidden(self, place: Place, message_id: str) -> bool:
        """Return whether a message of the bot is behind a spoiler; raise StorageFailed."""
        return await self._messages.is_hidden(place, message_id)

    async def displayed_by(self, place: Place, message_id: str) -> Card | None:
        """Return the card that a message displays; raise StorageFailed."""
        return await self._messages.find(place, message_id)

    async def history(self, place: Place, user: str) -> Sequence[tuple[str, Card | None]]:
        """Return the latest messages that answer a person in a place, oldest first.

        With their cards: the same one may come several times, and some display none.
        """
        asker = self._hash_user(place, user)
        latest = self._messages.recent(place, HISTORY_LENGTH, asker)
        return await value_or_none(latest, "history") or []

    async def is_displayed_to(self, place: Place, user: str, card_id: int) -> bool:
        """Return whether a person was answered with a card in a place; False if unknown."""
        found = self._messages.displayed_to(place, self._hash_user(place, user), card_id)
        return bool(await value_or_none(found, f"card {card_id}"))

    async def is_sent_to(self, place: Place, user: str, ending: str) -> bool:
        """Return whether a person was answered with a message whose id has this ending.

        False if that is unknown.
        """
        found = self._messages.sent_to(place, self._hash_user(place, user), ending)
        return bool(await value_or_none(found, f"message {ending}"))

    async def requested_by(self, place: Place, user: str) -> Sequence[Card]:
        """Return the latest cards that a person requested in any place, newest first."""
        asker = self._hash_user(place, user)
        return await value_or_none(self._messages.asked_by(asker, RECENT_LENGTH), "recent") or []

    async def is_answer_to(self, place: Place, message_id: str, user: str) -> bool:
        """Return whether a message of the bot answers this person; raise StorageFailed."""
        return await self._messages.asked(place, message_id, self._hash_user(place, user))

    async def on_deleted(self, place: Place, message_id: str) -> Sequence[str]:
        """Record that a message was deleted; return the bot's answers to it, to be deleted too.

        Raises StorageFailed; it may be called again then.
        """
        # The deletion is recorded first: another process that is sending an answer then either
        # has stored it already, or finds the deletion.
        await self._deduplicator.record_deletion(place, message_id)
        answers = await self._messages.drop(place, message_id)
        return [*answers, *await self._messages.drop(place, _progress(message_id))]

    async def is_deleted(self, place: Place, message_id: str) -> bool:
        """Return whether a message is known to be deleted; ask after its answer is stored.

        Raises StorageFailed.
        """
        return await self._deduplicator.is_deleted(place, message_id)

    async def _remember(self, message: Message, message_id: str, card_id: int | None) -> None:
        asker = self._hash_user(message.place, message.user)
        for delay in (*WRITE_RETRIES, None):
            try:
                await self._messages.remember(
                    message.place,
                    message_id,
                    card_id,
                    asker=asker,
                    source=message.id,
                    hidden=message.is_spoiler,
                )
            except StorageFailed as error:
                _log.warning("%s: reply not recorded: %s", describe(message), error)
                if delay is None:
                    raise
                await asyncio.sleep(delay)
            else:
                return


def _progress(message_id: str) -> str:
    """Return under which id the message is stored that displays how far an answer is."""
    return f"{message_id}/progress"
