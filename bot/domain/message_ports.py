"""Interface of the store of the bot's messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.cards import Card
from bot.domain.places import Place


class MessageStore(Protocol):
    """Stores which messages the bot sent. Methods raise StorageFailed."""

    async def remember(
        self,
        place: Place,
        message_id: str,
        card_id: int | None,
        *,
        asker: str,
        source: str,
        hidden: bool = False,
    ) -> None:
        """Store that the bot's message `message_id` answers a message or command.

        Args:
            place: Where the message is.
            message_id: The platform's id of the bot's message.
            card_id: The card that it displays; None for a sentence or a file.
            asker: Keyed hash of the person who is answered.
            source: The platform's id of the answered message or command.
            hidden: Whether the message is behind a spoiler.
        """

    async def find(self, place: Place, message_id: str) -> Card | None:
        """Return the card that a message displays."""

    async def is_hidden(self, place: Place, message_id: str) -> bool:
        """Return whether a message of the bot is behind a spoiler."""

    async def answers(
        self, place: Place, source: str, asker: str | None = None
    ) -> Sequence[tuple[str, int | None]]:
        """Return the answers to a message in their order: message id, and card id if any.

        With `asker`, only those that this person got.
        """

    async def places_of(self, platform: str, source: str) -> Sequence[Place]:
        """Return the places with answers to the message `source`."""

    async def asked(self, place: Place, message_id: str, asker: str) -> bool:
        """Return whether a message answers `asker`."""

    async def asked_by(self, asker: str, limit: int) -> Sequence[Card]:
        """Return the latest cards that `asker` requested in any place, newest first."""

    async def displayed_to(self, place: Place, asker: str, card_id: int) -> bool:
        """Return whether a message in a place that answers `asker` displays a card."""

    async def sent_to(self, place: Place, asker: str, ending: str) -> bool:
        """Return whether a message in a place whose id has this ending answers `asker`."""

    async def recent(
        self, place: Place, limit: int, asker: str | None = None
    ) -> Sequence[tuple[str, Card | None]]:
        """Return the latest messages of a place with the cards they display, oldest first.

        The card is None for a message without one. With `asker`, only those that answer this
        person.
        """

    async def latest(
        self, place: Place, track_key: str, since: datetime
    ) -> tuple[str, Card] | None:
        """Return the newest message since `since` that displays a card of a track in a place."""

    async def drop(self, place: Place, message_id: str) -> Sequence[str]:
        """Forget a deleted message and the bot's answers to it; return the answers' ids.

        `message_id` may be a message of the bot or a message that it answered.
        """
