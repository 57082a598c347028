"""Spotify's oEmbed endpoint: title and cover of a page, without a key.

https://developer.spotify.com/documentation/embeds/reference/oembed has no artist, and no tracks of
an album.
"""

from typing import Final, NamedTuple

from bot.domain.collections import Collection
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names
from bot.sources.http_client import HttpService

NAME: Final = "spotify-oembed"


class OEmbedLookup:
    """Implements TrackLookup; knows titles only."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, known: Track) -> Track | None:
        """Return title and cover of the track with a Spotify id."""
        track_id = known.spotify_id
        if track_id is None:
            return None
        page = await _read(self._service, SubjectRef(SubjectKind.TRACK, track_id))
        if page is None:
            return None
        return Track(spotify_id=track_id, title=page.title, url=page.url, image=page.image)


class OEmbedCollections:
    """Implements CollectionLookup; knows titles only, so that other services can be searched."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return title and cover of an album, a playlist or an artist of Spotify, no tracks."""
        if ref.service is not MusicService.SPOTIFY or ref.kind is SubjectKind.TRACK:
            return None
        page = await _read(self._service, ref)
        return page and Collection(ref, page.title, (), page.url, page.image, 0, ())


class _Page(NamedTuple):
    title: str
    url: str
    image: str | None


async def _read(service: HttpService, ref: SubjectRef) -> _Page | None:
    url = f"https://open.spotify.com/{ref.kind}/{ref.id}"
    match await service.get("oembed", "/oembed", url=url):
        case None:
            return None
        case {"title": str(title), **rest}:
            image = names.address(rest.get("thumbnail_url"))
            cover = image if image and image.startswith("https://") else None
            return _Page(names.name(title), url, cover)
        case _:
            raise service.malformed("no title")
