"""Spotify's oEmbed endpoint: titles and covers, without a key.

https://developer.spotify.com/documentation/embeds/reference/oembed has no artist.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.collections import Collection
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.sources import names, track_fields
from bot.sources.http_client import HttpService

NAME: Final = "spotify-oembed"


class OEmbedLookup:
    """Implements TrackLookup; knows titles only."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, known: Track) -> Track | None:
        """Return title and cover of the track with a Spotify id."""
        track_id = track_fields.spotify_id(known.spotify_id)
        if track_id is None:
            return None
        url = f"https://open.spotify.com/track/{track_id}"
        found = await _ask(self._service, url)
        if found is None:
            return None
        cover = track_fields.cover(found.get("thumbnail_url"))
        return Track(spotify_id=track_id, title=names.name(found["title"]), url=url, image=cover)


class OEmbedCollections:
    """Implements CollectionLookup; knows titles only, no tracks."""

    name = NAME

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return title and cover of an album, a playlist or an artist."""
        wrong = ref.kind is SubjectKind.TRACK or track_fields.spotify_id(ref.id) is None
        if ref.service is not MusicService.SPOTIFY or wrong:
            return None
        url = f"https://open.spotify.com/{ref.kind}/{ref.id}"
        found = await _ask(self._service, url)
        if found is None:
            return None
        return Collection(
            ref=ref,
            title=names.name(found["title"]),
            artists=(),
            url=url,
            image=track_fields.cover(found.get("thumbnail_url")),
            count=0,
            tracks=(),
        )


async def _ask(service: HttpService, url: str) -> Mapping[Any, Any] | None:
    """Return the reply about a page, which has a title; None if there is no such page."""
    match await service.get("oembed", "/oembed", url=url):
        case None:
            return None
        case {"title": str(title), **rest}:
            return {"title": title, **rest}
        case _:
            raise service.malformed("no title")
