"""From links or free text to replies, wherever they were written."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.domain import links
from bot.domain.cards import Notice, Reply
from bot.domain.errors import NoTrackLink, Unavailable
from bot.domain.links import Link
from bot.domain.places import Message
from bot.domain.ports import LinkResolver
from bot.services.classify import ClassifyService
from bot.services.failure_notices import notice, or_notice

LONGEST_SEARCH: Final = 300
"""Characters of a free-text search; more is no title."""


class AskService:
    """Finds what a message asks about, and answers. `model` is a bundle's name, None the set one.

    None of these raises: what went wrong is a Notice.
    """

    def __init__(self, classify: ClassifyService, short_links: LinkResolver) -> None:
        self._classify = classify
        self._short_links = short_links

    async def to_links(
        self, found: Sequence[Link], message: Message, model: str | None = None
    ) -> list[Reply]:
        """Answer the links that were found in a message: cards in their order, then notices."""
        tracks, notices = await self.tracks(found, message)
        answers = (self.to_track(track_id, message, model) for track_id in tracks)
        return [*await asyncio.gather(*answers), *notices]

    async def to_question(self, message: Message, model: str | None = None) -> list[Reply]:
        """Answer someone who asked, by link or by free text; never empty."""
        text = message.text.strip()
        found = links.find(text)
        if found.links:
            return await self.to_links(found.links, message, model)
        if not text or len(text) > LONGEST_SEARCH or "://" in text:
            return [notice(NoTrackLink(), about(message))]
        return [await or_notice(self._classify.by_text(text, message.place, model), about(message))]

    async def to_track(self, track_id: str, message: Message, model: str | None = None) -> Reply:
        """Answer for one Spotify id."""
        card = self._classify.by_id(track_id, message.place, model)
        return await or_notice(card, about(message))

    async def tracks(
        self, found: Sequence[Link], message: Message
    ) -> tuple[list[str], list[Notice]]:
        """Resolve links to at most three distinct tracks; one notice for each kind of trouble."""
        resolved = await asyncio.gather(*(self._resolve(link, message) for link in found))
        tracks: dict[str, None] = {}
        kinds: dict[str, None] = {}
        failed: list[Notice] = []
        for link in resolved:
            if isinstance(link, Notice):
                failed = [link]
            elif link.kind == "track":
                tracks[link.id] = None
            else:
                kinds[link.kind] = None
        others = [notice(NoTrackLink(kind), about(message)) for kind in kinds]
        return list(tracks)[: links.MOST_TRACKS], others + failed

    async def _resolve(self, link: Link, message: Message) -> Link | Notice:
        if link.kind != links.SHORT:
            return link
        try:
            address = await self._short_links.resolve(link.id)
        except Unavailable as error:
            return notice(error, about(message))
        return (links.parse(address) if address else None) or link


def about(message: Message) -> str:
    """Name a message in a log line."""
    return f"message {message.id}"
