"""Spotify's oEmbed endpoint: title and cover of a track, without a key.

https://developer.spotify.com/documentation/embeds/reference/oembed has no artist.
"""

from typing import Final

from bot.domain.tracks import Track
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
        url = f"https://open.spotify.com/track/{track_id}"
        match await self._service.get("oembed", "/oembed", url=url):
            case None:
                return None
            case {"title": str(title), **rest}:
                image = names.address(rest.get("thumbnail_url"))
                cover = image if image and image.startswith("https://") else None
                return Track(spotify_id=track_id, title=names.name(title), url=url, image=cover)
            case _:
                raise self._service.malformed("no title")
