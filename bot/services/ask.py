"""Use case: answer the links or the search text of a message."""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from bot import texts
from bot.domain import links
from bot.domain.cards import Card
from bot.domain.errors import NoTrackLink, TrackNotFound, Unavailable
from bot.domain.links import Link
from bot.domain.places import Message
from bot.domain.replies import Notice, NoticeKind, Reply
from bot.domain.source_ports import LinkResolver
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.services.classify import ClassifyService
from bot.services.failures import failure_notice, reply_or_notice

MAX_SEARCH_LENGTH: Final = 300
"""Characters of a free-text search; longer text cannot be a title."""


class Resolved(NamedTuple):
    """The subjects that links refer to, and notices for the links that cannot be answered."""

    subjects: list[SubjectRef]
    notices: list[Notice]


class SongSearch(Protocol):
    """Finds songs by name."""

    async def find(self, text: str) -> Track | None:
        """Return the track that a text means; None if there is none. Raises Unavailable."""


class AskService:
    """Finds what a message asks for and answers it.

    Methods do not raise: failures are returned as notices. `model` is a model's name; None selects
    the default.
    """

    def __init__(
        self, classify: ClassifyService, search: SongSearch, short_links: LinkResolver
    ) -> None:
        self._classify = classify
        self._search = search
        self._short_links = short_links

    async def answer_message(self, message: Message) -> list[Reply]:
        """Answer the links of an ordinary message; return nothing if it contains none."""
        found = links.find(message.text)
        return await self._answer_links(found.links, message) if found.links else []

    async def answer_question(self, message: Message, model: str | None = None) -> list[Reply]:
        """Answer a question by its links, else as a free-text search; never empty."""
        text = message.text.strip()
        found = links.find(text)
        if found.links:
            return await self._answer_links(found.links, message, model)
        if not text or len(text) > MAX_SEARCH_LENGTH or "://" in text:
            return [failure_notice(NoTrackLink(), describe(message))]
        card = self._answer_search(text, message, model)
        return [await reply_or_notice(card, describe(message))]

    async def answer_subject(
        self, subject: SubjectRef, message: Message, model: str | None = None
    ) -> Reply:
        """Answer for one subject of a message."""
        card = self._classify.by_ref(subject, message.place, model)
        return await reply_or_notice(card, describe(message))

    async def resolve(self, found: Sequence[Link], message: Message) -> Resolved:
        """Resolve links to at most `links.MAX_TRACKS` distinct subjects.

        There is one notice for each kind of link that cannot be answered.
        """
        resolved = await asyncio.gather(*(self._resolve(link, message) for link in found))
        subjects: dict[SubjectRef, None] = {}
        other_kinds: dict[str, None] = {}
        failed: list[Notice] = []
        for link in resolved:
            if isinstance(link, Notice):
                failed = [link]
            elif link.kind == SubjectKind.TRACK:
                subjects[SubjectRef(SubjectKind(link.kind), link.id, link.service)] = None
            else:
                other_kinds[link.kind] = None
        others = [failure_notice(NoTrackLink(kind), describe(message)) for kind in other_kinds]
        return Resolved(list(subjects)[: links.MAX_TRACKS], others + failed)

    async def _answer_search(self, text: str, message: Message, model: str | None) -> Card:
        track = await self._search.find(text)
        if track is None:
            raise TrackNotFound
        return await self._classify.by_track(track, message.place, model)

    async def _answer_links(
        self, found: Sequence[Link], message: Message, model: str | None = None
    ) -> list[Reply]:
        """Return the cards in the order of their links, then the notices."""
        subjects, notices = await self.resolve(found, message)
        answers = (self.answer_subject(subject, message, model) for subject in subjects)
        return [*await asyncio.gather(*answers), *notices]

    async def _resolve(self, link: Link, message: Message) -> Link | Notice:
        if link.kind != links.SHORT:
            return link
        try:
            address = await self._short_links.resolve(link.id)
        except Unavailable as error:
            return failure_notice(error, describe(message))
        return (links.parse(address) if address else None) or link


def hint() -> Notice:
    """Return the notice for a message that asks for nothing."""
    return Notice(NoticeKind.HINT, texts.HINT)


def describe(message: Message) -> str:
    """Return how log lines name a message."""
    return f"message {message.id}"
