"""Use case: find what a text asks for, without answering it. Nothing is stored."""

from collections.abc import Sequence
from typing import Final

from bot.domain import links
from bot.domain.errors import NoTrackLink, TrackNotFound
from bot.domain.links import Link
from bot.domain.ranking import Matches
from bot.domain.replies import Choice
from bot.domain.source_ports import LinkResolver
from bot.domain.tracks import SubjectRef
from bot.services.offline import OfflineSongs
from bot.services.search import SearchService

MAX_SEARCH_LENGTH: Final = 300
"""Characters of a free-text search; longer text cannot be a title."""


class FindService:
    """Finds songs, albums, playlists and artists by link, and songs by name."""

    def __init__(
        self, search: SearchService, short_links: LinkResolver, offline: OfflineSongs
    ) -> None:
        self._search = search
        self._short_links = short_links
        self._offline = offline

    async def find(self, text: str) -> SubjectRef | Matches:
        """Return what a text asks for: the first of its links, else a song by name.

        Returns:
            The subject that is meant. Where that is not clear, the songs that may be; `best` is
            set for a song that has no id by which it can be asked for.

        Raises:
            NoTrackLink: The text is no name, and has no link to anything that is answered.
            TrackNotFound: No song has such a name.
            Unavailable: A needed service cannot be used.
        """
        if found := links.find(text.strip()).links:
            return await self._first(found)
        matches = await self.by_name(text)
        return (matches.best.ref if matches.best else None) or matches

    async def by_name(self, text: str) -> Matches:
        """Return the song that a text without links names, or those that it may name.

        Raises:
            NoTrackLink: The text cannot be a name.
            TrackNotFound: No song has such a name.
            Unavailable: A needed service cannot be used.
        """
        text = text.strip()
        if not text or len(text) > MAX_SEARCH_LENGTH or "://" in text:
            raise NoTrackLink
        matches = await self._search.find(text)
        if matches.best is None and not matches.close:
            raise TrackNotFound
        return matches

    async def resolved(self, link: Link) -> Link:
        """Return the link to which a short one leads, any other one itself; raise Unavailable."""
        if link.kind != links.SHORT:
            return link
        address = await self._short_links.resolve(link.id)
        return (links.parse(address) if address else None) or link

    async def offered(self, text: str) -> Sequence[Choice]:
        """Return songs like the one that a text names that need no music service."""
        return await self._offline.like(text)

    async def _first(self, found: Sequence[Link]) -> SubjectRef:
        for link in found:
            if subject := (await self.resolved(link)).subject:
                return subject
        raise NoTrackLink(found[0].kind)
