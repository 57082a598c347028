"""Answers each message once, although the page may send it several times."""

from collections.abc import Sequence
from typing import Final

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Card
from bot.domain.places import Message
from bot.domain.replies import Reply
from bot.platforms.web.commands import Commands
from bot.platforms.web.ids import PLACE, card_message_id
from bot.services.cards import CardService

CACHE_SIZE: Final = 256
"""Replies kept in memory for messages that are sent again."""


class Delivery:
    """Returns the replies to messages.

    A message that is sent again, because its reply was lost, gets the same cards: from memory
    while this process runs, from the database after a restart.
    """

    def __init__(self, commands: Commands, cards: CardService) -> None:
        self._commands = commands
        self._cards = cards
        self._replies: SingleFlight[tuple[Reply, ...]] = SingleFlight(CACHE_SIZE)

    async def reply(self, message: Message) -> Sequence[Reply]:
        """Return the replies to a message; never empty."""
        return await self._replies.get(message.id, lambda: self._reply(message))

    async def close(self) -> None:
        """Cancel the replies in progress."""
        await self._replies.close()

    async def _reply(self, message: Message) -> tuple[Reply, ...]:
        if stored := await self._stored_cards(message.id):
            return stored
        replies = tuple(await self._commands.reply(message))
        cards = [reply for reply in replies if isinstance(reply, Card)]
        for number, card in enumerate(cards):
            await self._cards.on_sent(message, card_message_id(message.id, number), card)
        return replies

    async def _stored_cards(self, message_id: str) -> tuple[Card, ...]:
        cards: list[Card] = []
        while card := await self._cards.displayed_by(
            PLACE, card_message_id(message_id, len(cards))
        ):
            cards.append(card)
        return tuple(cards)
