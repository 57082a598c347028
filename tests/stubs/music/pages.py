"""Stand-ins of the oEmbed endpoints, by recorded replies.

Bandcamp has no oEmbed; its pages answer programs with a challenge, in HTML and with status 200.
"""

import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.stubs.music.catalogue import Song, base62
from tests.stubs.music.service import Api, body


class OEmbed(Api):
    """An oEmbed endpoint."""

    path = "/oembed"

    def __init__(self, songs: Sequence[Song], **options: Any) -> None:
        super().__init__(**options)
        self._songs = songs
        self.route("oembed", self.path, self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        self.check(request, ("format", "maxwidth", "maxheight"), "url")
        return self.page(request.query["url"])

    def page(self, address: str) -> web.Response:
        """Return the reply about a page."""
        raise NotImplementedError


class SpotifyOEmbed(OEmbed):
    """Spotify's: titles without artist."""

    name = "spotify-oembed"

    def page(self, address: str) -> web.Response:
        """Return the reply about a track, an album or an artist."""
        found = re.search(r"(track|album|artist)[/:]([0-9A-Za-z]{22})", address)
        kind, key = found.groups() if found else ("", "")
        titles = {
            "track": (one.title for one in self._songs if key in one.spotify_ids),
            "album": (one.album for one in self._songs if one.album_spotify_id == key),
            "artist": (one.artist for one in self._songs if base62(f"artist {one.artist}") == key),
        }
        title = next(iter(titles.get(kind, ())), None)
        if title is None:
            return web.Response(status=404, text="")
        return _rich(title, "Spotify", f"https://i.scdn.co/image/{key}")


class YouTubeOEmbed(OEmbed):
    """YouTube's: the video's title and channel."""

    name = "youtube"

    def page(self, address: str) -> web.Response:
        """Return the reply about a video."""
        found = re.fullmatch(r"https://(?:www|music)\.youtube\.com/watch\?v=([\w-]{11})", address)
        if not found:
            return web.Response(status=400, text="Bad Request")
        one = next((s for s in self._songs if s.youtube_id == found[1]), None)
        if one is None:
            return web.Response(status=404, text="Not Found")
        title = one.video_title or f"{', '.join(one.artists)} - {one.title} (Official Video)"
        image = f"https://i.ytimg.com/vi/{one.youtube_id}/hqdefault.jpg"
        return _rich(title, "YouTube", image, author_name=one.channel or one.artist)


class TidalOEmbed(OEmbed):
    """Tidal's: "Title by Artist"."""

    name = "tidal"
    path = "/"

    def page(self, address: str) -> web.Response:
        """Return the reply about a track."""
        found = re.fullmatch(
            r"https://(?:www\.|listen\.)?tidal\.com/(?:browse/)?track/(\d+)", address
        )
        one = next((s for s in self._songs if found and str(s.tidal_id) == found[1]), None)
        if one is None:
            return web.Response(status=404, text="{}")
        return _rich(f"{one.title} by {', '.join(one.artists)}", "TIDAL", None)


class SoundCloudOEmbed(OEmbed):
    """SoundCloud's: "Title by user"."""

    name = "soundcloud"

    def page(self, address: str) -> web.Response:
        """Return the reply about a track."""
        path = address.removeprefix("https://soundcloud.com/")
        one = next((s for s in self._songs if s.soundcloud == path), None)
        if one is None:
            return web.Response(status=404, text="")
        title = f"{one.title} by {one.artist}"
        image = "https://i1.sndcdn.com/artworks-1-t500x500.jpg"
        return _rich(title, "SoundCloud", image, author_name=one.artist)


class BandcampPages(OEmbed):
    """Bandcamp: no oEmbed, but a challenge."""

    name = "bandcamp"

    def page(self, address: str) -> web.Response:
        """Return the challenge."""
        del address
        text = "<!DOCTYPE html><html><head><title>Client Challenge</title></head></html>"
        return web.Response(text=text, content_type="text/html")


def _rich(title: str, provider: str, image: str | None, **fields: str) -> web.Response:
    shown = {
        "version": "1.0",
        "type": "rich",
        "provider_name": provider,
        "title": title,
        "html": "<iframe></iframe>",
        "width": 400,
        "height": 200,
        **fields,
    }
    return body(shown | ({"thumbnail_url": image} if image else {}))
