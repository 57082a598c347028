"""Use case: a message was edited, and its answers follow."""

import asyncio
from dataclasses import dataclass

from bot.domain import links
from bot.domain.places import Message
from bot.domain.replies import Notice
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.ask import AskService
from bot.services.cards import CardService


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit changes.

    Attributes:
        removed: Messages of the bot that answer what the message asks no more.
        added: The links that have no answer yet, as a text; empty without one.
    """

    removed: tuple[str, ...] = ()
    added: str = ""


class EditService:
    """Compares an edited message with the answers to it."""

    def __init__(self, ask: AskService, cards: CardService) -> None:
        self._ask = ask
        self._cards = cards

    async def changes(self, message: Message) -> Edited:
        """Return what changes; `message` has the links of the text after the edit.

        Cards are compared by their tracks. Other answers, such as summaries and sentences, stay as
        long as the message has a link. Raises StorageFailed.
        """
        answers = await self._cards.sent_replies(message)
        found = links.find(message.text)
        if not found.links:
            return Edited(removed=tuple(answer for answer, _ in answers))
        resolved = await self._ask.resolve(found.links, message)
        keys = await asyncio.gather(*(self._key(one, message) for one in resolved.subjects))
        asked = dict(zip(keys, resolved.subjects, strict=True))
        displayed = {}
        for answer, card_id in answers:
            card = await self._cards.displayed_by(message.place, answer) if card_id else None
            displayed[answer] = card.answer.subject.key if card else None
        removed = tuple(answer for answer, key in displayed.items() if key and key not in asked)
        others = None in displayed.values()
        added = [
            links.subject_address(subject)
            for key, subject in asked.items()
            if key not in displayed.values()
            and not (others and subject.kind is not SubjectKind.TRACK)
        ]
        return Edited(removed, " ".join(added))

    async def _key(self, subject: SubjectRef, message: Message) -> str:
        """Return the key of a track, else the subject's reference."""
        key = await self._ask.key_of(subject, message)
        return str(subject) if key is None or isinstance(key, Notice) else key
