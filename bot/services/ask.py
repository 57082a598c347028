"""Use case: answer the links or the search text of a message."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from bot import texts
from bot.domain import links
from bot.domain.cards import Card
from bot.domain.collections import Progress
from bot.domain.errors import NoTrackLink, Unavailable
from bot.domain.links import Link
from bot.domain.places import PAGE, Message
from bot.domain.replies import Notice, NoticeKind, Reply
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.classify import ClassifyService
from bot.services.collections import CollectionService
from bot.services.failures import failure_notice, reply_or_notice
from bot.services.find import FindService
from bot.services.search import several_matches

R = TypeVar("R")


class Resolved(NamedTuple):
    """What links refer to.

    Attributes:
        subjects: At most `links.MAX_TRACKS` distinct subjects, in order of appearance.
        notices: Replies to the links that cannot be answered; one for each kind of link.
        failures: Replies to the short links that could not be resolved.
        uncertain: Subjects whose page may be about something other than music.
    """

    subjects: list[SubjectRef]
    notices: list[Notice]
    failures: list[Notice]
    uncertain: frozenset[SubjectRef]


class AskService:
    """Finds what a message asks for and answers it.

    Failures are returned as notices, except for StorageFailed. `model` is a model's name; None
    selects the default.
    """

    def __init__(
        self,
        *,
        classify: ClassifyService,
        collections: CollectionService,
        find: FindService,
    ) -> None:
        self._classify = classify
        self._collections = collections
        self._find = find

    async def answer_message(
        self, message: Message, progress: Progress | None = None
    ) -> list[Reply]:
        """Answer the links of an ordinary message; return nothing if it contains none."""
        found = links.find(message.text)
        return await self._answer_links(found.links, message, None, progress) if found.links else []

    async def answer_question(
        self, message: Message, model: str | None = None, progress: Progress | None = None
    ) -> list[Reply]:
        """Answer a question by its links, else as a free-text search; never empty.

        `progress` is awaited while the songs of an album, a playlist or an artist are looked up.
        """
        text = message.text.strip()
        found = links.find(text)
        if found.links:
            return await self._answer_links(found.links, message, model, progress)
        return [await self._reply(self._answer_search(text, message, model), message, text)]

    async def answer_subject(
        self,
        subject: SubjectRef,
        message: Message,
        model: str | None = None,
        progress: Progress | None = None,
    ) -> Reply:
        """Answer for one subject of a message; `progress` as in `answer_question`."""
        if subject.kind is SubjectKind.TRACK:
            card = self._classify.by_ref(subject, message.place, model)
            return await self._reply(card, message, _shown(subject))
        summary = self._collections.summarise(subject, message.place, model, progress)
        return await reply_or_notice(summary, describe(message), _shown(subject))

    async def key_of(self, subject: SubjectRef, message: Message) -> str | Notice | None:
        """Return the key of a track, None for another subject, or why it cannot be answered."""
        if subject.kind is not SubjectKind.TRACK:
            return None
        key = self._classify.key_of(subject)
        return await self._reply(key, message, _shown(subject))

    async def resolve(self, found: Sequence[Link], message: Message) -> Resolved:
        """Return what links refer to, after resolving the short ones."""
        resolved = await asyncio.gather(*(self._resolve(link, message) for link in found))
        subjects: dict[SubjectRef, bool] = {}
        other_kinds: dict[str, None] = {}
        failed: list[Notice] = []
        for link in resolved:
            if isinstance(link, Notice):
                failed.append(link)
            elif subject := link.subject:
                subjects[subject] = subjects.get(subject, False) or link.certain
            else:
                other_kinds[link.kind] = None
        others = [failure_notice(NoTrackLink(kind), describe(message)) for kind in other_kinds]
        uncertain = frozenset(subject for subject, certain in subjects.items() if not certain)
        return Resolved(list(subjects)[: links.MAX_TRACKS], others, failed, uncertain)

    async def _answer_search(self, text: str, message: Message, model: str | None) -> Card | Notice:
        matches = await self._find.by_name(text)
        if matches.best:
            return await self._classify.by_track(matches.best, message.place, model)
        return several_matches(text, matches.close)

    async def _answer_links(
        self,
        found: Sequence[Link],
        message: Message,
        model: str | None,
        progress: Progress | None,
    ) -> list[Reply]:
        """Return the cards in the order of their links, then the notices."""
        resolved = await self.resolve(found, message)
        answers = (
            self.answer_subject(subject, message, model, progress) for subject in resolved.subjects
        )
        return [*await asyncio.gather(*answers), *resolved.notices, *resolved.failures]

    async def _reply(self, work: Awaitable[R], message: Message, song: str) -> R | Notice:
        """Return the awaited reply, or a notice, which may offer songs known without a service."""
        offer = partial(self._find.offered, song)
        return await reply_or_notice(work, describe(message), song, offer)

    async def _resolve(self, link: Link, message: Message) -> Link | Notice:
        try:
            return await self._find.resolved(link)
        except Unavailable as error:
            return failure_notice(error, describe(message), links.without_scheme(link.id))


def _shown(subject: SubjectRef) -> str:
    """Return how a sentence names a subject: its address without its scheme."""
    return links.without_scheme(links.subject_address(subject))


def hint() -> Notice:
    """Return the notice for a message that asks for nothing."""
    return Notice(NoticeKind.HINT, texts.HINT)


def describe(message: Message) -> str:
    """Return how log lines name a message; all of the page are one, as browsers make their ids."""
    return "a message" if message.place.platform == PAGE else f"message {message.id}"
