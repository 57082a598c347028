"""Pages of YouTube, Tidal, SoundCloud and Bandcamp, by their oEmbed titles, without a key.

Formats: https://oembed.com. Tidal's reply may lack the title. Bandcamp has no oEmbed and answers
programs with a challenge, so there the words of the address are what is known.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain.errors import Unavailable
from bot.domain.music_services import MusicService
from bot.domain.text import is_visible
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, titles, track_fields
from bot.sources.http_client import HttpService

ENDPOINT: Final = "oembed"

Read = Callable[[str, str], tuple[str, tuple[str, ...]]]
"""Returns title and artists, by a page's title and its author."""

_log = logging.getLogger(__name__)

_VIDEO: Final = re.compile(r"[0-9A-Za-z_-]{11}")
_PATH: Final = re.compile(r"[0-9A-Za-z_-]{1,255}/[0-9A-Za-z_-]{1,255}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")


class OEmbedPages:
    """Implements PageLookup with one service's oEmbed endpoint.

    Args:
        client: The endpoint.
        service: The music service.
        path: Path of the endpoint.
        ids: Form of the ids of tracks.
        address: Returns the address of a page, by the id.
        read: Reads the title.
    """

    def __init__(
        self,
        client: HttpService,
        service: MusicService,
        *,
        path: str,
        ids: re.Pattern[str],
        address: Callable[[str], str],
        read: Read,
    ) -> None:
        self.name = client.name
        self._client = client
        self._service = service
        self._path = path
        self._ids = ids
        self._address = address
        self._read = read

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return title, artists and picture of a page; None without a page or a title."""
        if not _is_track_of(ref, self._service) or not self._ids.fullmatch(ref.id):
            return None
        url = self._address(ref.id)
        match await self._client.get(ENDPOINT, self._path, url=url, format="json"):
            case None:
                return None
            case {"title": str(title), **rest}:
                author = rest.get("author_name")
                return self._track(title, author if isinstance(author, str) else "", url, rest)
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
            client,
            MusicService.BANDCAMP,
            path="/oembed",
            ids=_PATH,
            address=_bandcamp_page,
            read=titles.by_artist,
        )

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return title and artist of a track's page."""
        try:
            found = await self._pages.get(ref)
        except Unavailable as error:
            _log.info("the words of the address are used: %s", error)
            found = None
        return found or _words_of(ref)


def _words_of(ref: SubjectRef) -> Track | None:
    if not _is_track_of(ref, MusicService.BANDCAMP) or not _PATH.fullmatch(ref.id):
        return None
    artist, slug = ref.id.split("/")
    title = titles.in_slug(slug)
    if not is_visible(title):
        return None
    by = names.names([titles.in_slug(artist)])
    return Track(title=names.name(title), artists=by, url=_bandcamp_page(ref.id))


def _bandcamp_page(page: str) -> str:
    artist, _, slug = page.partition("/")
    return f"https://{artist}.bandcamp.com/track/{slug}"


def youtube(client: HttpService) -> OEmbedPages:
    """Return the look-up of videos at YouTube and YouTube Music."""
    return OEmbedPages(
        client,
        MusicService.YOUTUBE,
        path="/oembed",
        ids=_VIDEO,
        address="https://www.youtube.com/watch?v={}".format,
        read=titles.video,
    )


def tidal(client: HttpService) -> OEmbedPages:
    """Return the look-up of Tidal's tracks."""
    return OEmbedPages(
        client,
        MusicService.TIDAL,
        path="/",
        ids=_NUMBER,
        address="https://tidal.com/browse/track/{}".format,
        read=titles.by_artist,
    )


def soundcloud(client: HttpService) -> OEmbedPages:
    """Return the look-up of SoundCloud's tracks."""
    return OEmbedPages(
        client,
        MusicService.SOUNDCLOUD,
        path="/oembed",
        ids=_PATH,
        address="https://soundcloud.com/{}".format,
        read=titles.upload,
    )


def _is_track_of(ref: SubjectRef, service: MusicService) -> bool:
    return ref.service is service and ref.kind is SubjectKind.TRACK
