"""Use case: a message was edited, and its answers follow."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain import links
from bot.domain.links import Link
from bot.domain.places import Message
from bot.domain.replies import Notice
from bot.domain.tracks import SubjectRef
from bot.services.ask import AskService
from bot.services.cards import CardService


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit changes.

    Attributes:
        removed: Messages of the bot that answer what the message asks no more.
        added: The links that have no answer yet, as a text; empty without one.
        is_anew: Whether links before the edit are among them, or may be. Once the answers are
            removed, `changes` finds the same links only if none is said to be before the edit.
    """

    removed: tuple[str, ...] = ()
    added: str = ""
    is_anew: bool = False


class _Answer(NamedTuple):
    """An answer to the message.

    Attributes:
        id: The bot's message.
        key: Key of the track whose card it displays; None for a summary or a sentence.
        is_about_file: Whether its card is about a sound file.
    """

    id: str
    key: str | None
    is_about_file: bool = False


class EditService:
    """Compares an edited message with the answers to it."""

    def __init__(self, ask: AskService, cards: CardService) -> None:
        self._ask = ask
        self._cards = cards

    async def changes(
        self,
        message: Message,
        *,
        before: Collection[Link] | None = None,
        has_files: bool = False,
        addressed: bool = False,
        was_answered: bool = False,
        may_add: bool = True,
    ) -> Edited:
        """Return what changes; `message` has the links of the text after the edit.

        Cards are compared by their tracks. Which link a summary or a sentence answers is not
        stored: it stays as long as one of the links may be the one that it answers, and so do
        the answers about files. A card that is displayed openly is replaced if the edit hides its
        link, and one that is hidden if the edit does not.

        Args:
            message: The message.
            before: The links before the edit, which are not answered again; their cards may have
                been deleted on purpose. None if they are unknown.
            has_files: Whether it has sound files.
            addressed: Whether it addresses the bot, so that a sentence may answer it without links.
            was_answered: Whether the message is known to have been answered. If nothing is left of
                that and the links before are unknown, its answers were deleted on purpose.
            may_add: Whether links may be answered. If not, and without answers, none is looked up.

        Raises StorageFailed.
        """
        answers = await self._answers(message)
        found = links.find(message.text).links
        if not answers and (not may_add or (before is None and was_answered)):
            return Edited()
        if not found:
            others_stay = has_files or (addressed and not before)
            gone = (one.id for one in answers if not others_stay or _is_card_of_link(one))
            return Edited(removed=tuple(gone))
        subjects = await self._subjects(found, message)
        unlike = [one for one in answers if await self._is_unlike(message, one)]
        removed = [one for one in answers if _is_card_of_link(one) and one.key not in subjects]
        removed += [one for one in unlike if one not in removed]
        kept = [one for one in answers if one not in removed]
        waiting = {key: subjects[key] for key in subjects if key not in {one.key for one in kept}}
        others = [one for one in kept if one.key is None]
        if unlike:  # these links are answered again
            added = waiting
        elif before is None:  # sentences answer the links before the one that was added
            added = dict(list(waiting.items())[len(others) :])
        else:
            fresh = [link for link in found if link not in before]
            asked = await self._subjects(fresh, message) if fresh else {}
            added = {key: subject for key, subject in asked.items() if key in waiting}
            is_gone = any(link not in found for link in before)
            if is_gone and not has_files and set(added) == set(waiting):
                removed += others
        is_all = bool(unlike) or (before is None and set(added) == set(waiting))
        is_anew = is_all and bool(removed and added)
        return Edited(tuple(one.id for one in removed), _as_text(added.values(), found), is_anew)

    async def _answers(self, message: Message) -> Sequence[_Answer]:
        sent = await self._cards.sent_replies(message)
        return [await self._answer(message, *one) for one in sent]

    async def _answer(self, message: Message, answer: str, card_id: int | None) -> _Answer:
        card = await self._cards.displayed_by(message.place, answer) if card_id else None
        if card is None:
            return _Answer(answer, None)
        track = card.answer.subject
        return _Answer(answer, track.key, is_about_file=track.sound_id is not None)

    async def _is_unlike(self, message: Message, answer: _Answer) -> bool:
        """Return whether an answer displays what the message hides, or hides what it displays."""
        if answer.is_about_file:
            return False
        return await self._cards.is_hidden(message.place, answer.id) is not message.is_spoiler

    async def _subjects(self, found: Sequence[Link], message: Message) -> Mapping[str, SubjectRef]:
        """Return what links refer to, by the key of a track, else by the reference itself."""
        resolved = await self._ask.resolve(found, message)
        keys = await asyncio.gather(*(self._key(one, message) for one in resolved.subjects))
        return dict(zip(keys, resolved.subjects, strict=True))

    async def _key(self, subject: SubjectRef, message: Message) -> str:
        key = await self._ask.key_of(subject, message)
        return str(subject) if key is None or isinstance(key, Notice) else key


def _is_card_of_link(answer: _Answer) -> bool:
    return answer.key is not None and not answer.is_about_file


def _as_text(subjects: Iterable[SubjectRef], found: Sequence[Link]) -> str:
    """Return links to subjects, as they were written where these were no short links."""
    written = {subject: links.address(link) for link in found if (subject := link.subject)}
    return " ".join(written.get(one) or links.subject_address(one) for one in subjects)
