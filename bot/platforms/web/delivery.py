"""What a visitor writes, answered: commands, plain messages, and a message that arrives twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot import texts
from bot.domain.cards import Card, Notice, Reply
from bot.domain.places import Message, Place
from bot.services.handlers import Handlers

PLACE: Final = Place("local", "local", "chat")

REMEMBERED: Final = 256
"""Answers kept in memory for messages that arrive again."""


class Delivery:
    """Answers each message once.

    A message that arrives again, because the page lost the reply, gets the same cards: from memory
    while this process runs, after a restart from the history. The nth card of the message `id` is
    shown as `id/n`.
    """

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._answers: dict[str, asyncio.Task[tuple[Reply, ...]]] = {}

    async def say(self, message: Message) -> Sequence[Reply]:
        """Return the replies to a message; never empty."""
        answer = self._answers.get(message.id)
        if answer is None:
            answer = asyncio.create_task(self._answer(message))
            answer.add_done_callback(lambda done: self._forget_failure(message.id, done))
            self._answers[message.id] = answer
            self._forget_oldest()
        return await asyncio.shield(answer)

    async def close(self) -> None:
        """Stop answering."""
        running = [answer for answer in self._answers.values() if not answer.done()]
        for answer in running:
            answer.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _answer(self, message: Message) -> tuple[Reply, ...]:
        if given := await self._given(message.id):
            return given
        replies = tuple(await self._reply(message))
        cards = [reply for reply in replies if isinstance(reply, Card)]
        for index, card in enumerate(cards):
            await self._handlers.on_shown(message, f"{message.id}/{index}", card)
        return replies

    async def _given(self, message_id: str) -> tuple[Card, ...]:
        """Return the cards that answered a message before, as after a restart."""
        cards: list[Card] = []
        while card := await self._handlers.card_shown(PLACE, f"{message_id}/{len(cards)}"):
            cards.append(card)
        return tuple(cards)

    async def _reply(self, message: Message) -> Sequence[Reply]:
        name, rest, *_ = *message.text.split(maxsplit=1), "", ""
        if not name.startswith("/"):
            replies = await self._handlers.on_message(message)
            return replies or [Notice("hint", texts.HINT)]
        match name.casefold():
            case "/genre":
                return await self._handlers.on_question(replace(message, text=rest.strip()))
            case "/forget-me":
                return [await self._handlers.on_forget(PLACE, message.user)]
            case _:
                return [Notice("help", texts.HELP)]

    def _forget_failure(self, message_id: str, answer: asyncio.Task[tuple[Reply, ...]]) -> None:
        if answer.cancelled() or answer.exception() is not None:
            self._answers.pop(message_id, None)

    def _forget_oldest(self) -> None:
        surplus = len(self._answers) - REMEMBERED
        done = [message_id for message_id, answer in self._answers.items() if answer.done()]
        for message_id in done[: max(surplus, 0)]:
            del self._answers[message_id]


def message_of(shown_as: str) -> str:
    """Return the id of the message that a shown card answers."""
    return shown_as.partition("/")[0]
