"""Pages of YouTube, Tidal, SoundCloud and Bandcamp, by their oEmbed titles, without a key.

Formats: https://oembed.com. Tidal's reply may lack the title. Bandcamp has no oEmbed and answers
programs with a challenge, so there the words of the address are what is known.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain.errors import Unavailable
from bot.domain.links import Link, address, parse
from bot.domain.music_services import MusicService
from bot.domain.text import is_visible
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, titles, track_fields
from bot.sources.http_client import HttpService

ENDPOINT: Final = "oembed"

Read = Callable[[str, str], tuple[str, tuple[str, ...]]]
"""Returns title and artists, by a page's title and its author."""

_log = logging.getLogger(__name__)


class OEmbedPages:
    """Implements PageLookup with one service's oEmbed endpoint.

    Args:
        client: The endpoint.
        service: The music service.
        path: Path of the endpoint.
        read: Reads the title.
        address: Returns the address of a page by its id, as the endpoint knows it.
    """

    def __init__(
        self,
        client: HttpService,
        service: MusicService,
        *,
        path: str,
        read: Read,
        address: Callable[[str], str] | None = None,
    ) -> None:
        self.name = client.name
        self._client = client
        self._service = service
        self._path = path
        self._address = address
        self._read = read

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return title, artists and picture of a page; None without a page or a title."""
        page = page_of(ref, self._service)
        if page is None:
            return None
        asked = self._address(ref.id) if self._address else page
        match await self._client.get(ENDPOINT, self._path, url=asked, format="json"):
            case None:
                return None
            case {"title": str(title), **rest}:
                author = rest.get("author_name")
                return self._track(title, author if isinstance(author, str) else "", page, rest)
            case {"html": str()} | {"version": _}:  # a player without words
                return None
            case _:
                raise self._client.malformed("no title")

    def _track(self, title: str, author: str, url: str, rest: Mapping[Any, object]) -> Track | None:
        found, artists = self._read(title, author)
        if not is_visible(found):
            return None
        return Track(
            title=names.name(found),
            artists=names.names(one for one in artists if is_visible(one)),
            url=url,
            image=track_fields.cover(rest.get("thumbnail_url")),
        )


class BandcampPages:
    """Implements PageLookup by oEmbed, else by the words of the address."""

    def __init__(self, client: HttpService) -> None:
        self.name = client.name
        self._pages = OEmbedPages(
            client, MusicService.BANDCAMP, path="/oembed", read=titles.by_artist
        )

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return title and artist of a track's page."""
        try:
            found = await self._pages.get(ref)
        except Unavailable as error:
            _log.info("the words of the address are used: %s", error)
            found = None
        return found or _words_of(ref)


def youtube(client: HttpService) -> OEmbedPages:
    """Return the look-up of videos at YouTube and YouTube Music."""
    return OEmbedPages(client, MusicService.YOUTUBE, path="/oembed", read=titles.video)


def tidal(client: HttpService) -> OEmbedPages:
    """Return the look-up of Tidal's tracks."""
    return OEmbedPages(
        client,
        MusicService.TIDAL,
        path="/",
        read=titles.by_artist,
        address="https://tidal.com/browse/track/{}".format,
    )


def soundcloud(client: HttpService) -> OEmbedPages:
    """Return the look-up of SoundCloud's tracks."""
    return OEmbedPages(client, MusicService.SOUNDCLOUD, path="/oembed", read=titles.upload)


def page_of(ref: SubjectRef, service: MusicService) -> str | None:
    """Return the address of a track's page at a service; None for another or an invalid one."""
    if ref.service is not service or ref.kind is not SubjectKind.TRACK:
        return None
    # Not certain to be music: the address at YouTube itself, which knows all videos.
    link = Link("track", ref.id, service, certain=False)
    page = address(link)
    return page if parse(page) == link else None


def _words_of(ref: SubjectRef) -> Track | None:
    page = page_of(ref, MusicService.BANDCAMP)
    artist, _, slug = ref.id.partition("/")
    title = titles.in_slug(slug)
    if page is None or not is_visible(title):
        return None
    by = names.names([titles.in_slug(artist)])
    return Track(title=names.name(title), artists=by, url=page)
