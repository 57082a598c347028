"""Messages that a proxy bot, such as PluralKit or Tupperbox, posts again under another name.

The bot deletes a person's message and lets a webhook post its copy. The copy is answered once the
original is deleted, and belongs to the original's author, as do its edits. A copy whose original
stays, as a bridge or a mirror posts it, is not answered. The three events may arrive in any order.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.domain.places import Message, Place
from bot.domain.ports import Now
from bot.platforms.discord.questions import Question

LIFETIME: Final = timedelta(seconds=15)
"""Time in which a proxy bot posts the copy and deletes the original; it takes about one second."""

MAX_REMEMBERED: Final = 500
"""Originals, copies, deletions and authors of answered copies that are remembered, each."""


@dataclass(slots=True)
class _Original:
    sign: Hashable
    author: Message  # without text
    at: datetime
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class _Copy:
    sign: Hashable
    question: Question
    at: datetime


@dataclass(frozen=True, slots=True)
class _Deletion:
    at: datetime


T = TypeVar("T", _Original, _Copy, _Deletion)
Remembered = OrderedDict[tuple[Place, str], T]


class ProxiedMessages:
    """Finds the copies to answer. Holds ids, links and hashes until they are old, and no text.

    Of answered copies it holds the author, for their edits. The methods `on_...` return the copy
    that is to be answered now, if there is one. `sign` is equal for an original and its copy.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._originals: Remembered[_Original] = OrderedDict()
        self._copies: Remembered[_Copy] = OrderedDict()
        self._deletions: Remembered[_Deletion] = OrderedDict()
        self._authors: OrderedDict[tuple[Place, str], Message] = OrderedDict()

    def on_original(self, author: Message, sign: Hashable | None) -> Question | None:
        """Note a person's message, or its edit, instead of what was noted of it before.

        `author` is the message without its text; `sign` is None if there is nothing to answer.
        """
        key = (author.place, author.id)
        self._originals.pop(key, None)
        if sign is None:
            return None
        original = _Original(sign, author, self._now())
        self._remember(self._originals, key, original)
        self._forget_old(self._deletions)
        return self._on_deleted(key, original) if key in self._deletions else None

    def on_copy(self, question: Question, sign: Hashable) -> Question | None:
        """Note a webhook's message."""
        place, copy_id = question.message.place, question.message.id
        self._forget_old(self._originals)
        for key, original in self._originals.items():
            if original.is_deleted and original.sign == sign and key[0] == place:
                del self._originals[key]
                return self._answered(question, original.author)
        copy = _Copy(sign, question.with_links_alone(), self._now())
        self._remember(self._copies, (place, copy_id), copy)
        return None

    def author_of(self, place: Place, copy_id: str) -> Message | None:
        """Return the author of a copy that was answered, as in `on_original`; None if unknown."""
        return self._authors.get((place, copy_id))

    def on_deleted(self, place: Place, message_id: str) -> Question | None:
        """Note that a message was deleted, after its answers are."""
        key = (place, message_id)
        self._copies.pop(key, None)
        self._authors.pop(key, None)
        self._forget_old(self._originals)
        if original := self._originals.get(key):
            return self._on_deleted(key, original)
        self._remember(self._deletions, key, _Deletion(self._now()))
        return None

    def _on_deleted(self, of: tuple[Place, str], original: _Original) -> Question | None:
        self._forget_old(self._copies)
        for key, copy in self._copies.items():
            if copy.sign == original.sign and key[0] == of[0]:
                del self._copies[key], self._originals[of]
                return self._answered(copy.question, original.author)
        original.is_deleted = True
        return None

    def _answered(self, copy: Question, author: Message) -> Question:
        self._authors[copy.message.place, copy.message.id] = author
        if len(self._authors) > MAX_REMEMBERED:
            self._authors.popitem(last=False)
        return copy.asked_by(author)

    def _remember(self, remembered: Remembered[T], key: tuple[Place, str], item: T) -> None:
        self._forget_old(remembered)
        remembered[key] = item
        if len(remembered) > MAX_REMEMBERED:
            remembered.popitem(last=False)

    def _forget_old(self, remembered: Remembered[T]) -> None:
        oldest = self._now() - LIFETIME
        while remembered and next(iter(remembered.values())).at <= oldest:
            remembered.popitem(last=False)
