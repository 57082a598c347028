"""Deletes the bot's answers to messages that were deleted."""

from collections.abc import Sequence

import discord

from bot.concurrency.keyed_locks import KeyedLocks
from bot.domain.places import Message, Place
from bot.platforms.discord.failures import succeeds
from bot.services.cards import CardService
from bot.services.failures import until_stored


class Deletions:
    """Records deletions of messages; `locks` keep each channel's events in order."""

    def __init__(self, client: discord.Client, cards: CardService, locks: KeyedLocks) -> None:
        self._client = client
        self._cards = cards
        self._locks = locks

    async def on_deleted(self, place: Place, message_id: str) -> None:
        """Record that a message was deleted, as soon as the database works; delete its answers."""

        async def record() -> Sequence[str]:
            async with self._locks.of(place):
                return await self._cards.on_deleted(place, message_id)

        channel = self._client.get_partial_messageable(int(place.channel))
        for answer in await until_stored(record, f"message {message_id}: deletion"):
            request = channel.get_partial_message(int(answer)).delete()
            await succeeds(request, f"message {answer}: deletion")

    async def take_back(self, place: Place, answer: str) -> None:
        """Delete an answer of the bot; raise StorageFailed."""
        async with self._locks.of(place):
            await self._cards.on_deleted(place, answer)
        channel = self._client.get_partial_messageable(int(place.channel))
        request = channel.get_partial_message(int(answer)).delete()
        await succeeds(request, f"message {answer}: deletion")

    async def after_answer(self, message: Message) -> None:
        """Delete the answers to a message that was deleted while they were sent, by an edit.

        Discord refuses a reply to a deleted message, but not an edit. Raises StorageFailed.
        """
        if await self._cards.is_deleted(message.place, message.id):
            await self.on_deleted(message.place, message.id)
