"""Spotify's oEmbed endpoint: title and cover of a track, without a key.

https://developer.spotify.com/documentation/embeds/reference/oembed has no artist.
"""

from collections.abc import Sequence
from typing import Final

from bot.domain.tracks import Track
from bot.sources import names
from bot.sources.http_client import HttpService

NAME: Final = "spotify-oembed"


class OEmbedLookup:
    """Implements TrackLookup; knows titles only."""

    def __init__(self, service: HttpService) -> None:
        self._service = service

    async def get(self, track_id: str) -> Track | None:
        """Return title and cover of the track with a Spotify id."""
        url = f"https://open.spotify.com/track/{track_id}"
        match await self._service.get("/oembed", url=url):
            case None:
                return None
            case {"title": str(title), **rest}:
                image = names.address(rest.get("thumbnail_url"))
                cover = image if image and image.startswith("https://") else None
                return Track(spotify_id=track_id, title=names.name(title), url=url, image=cover)
            case _:
                raise self._service.malformed("no title")

    async def search(self, text: str) -> Sequence[Track]:  # noqa: ARG002 - the port's signature
        """Return nothing, as oEmbed has no search."""
        return []
