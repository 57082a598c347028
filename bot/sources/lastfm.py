"""Last.fm's API (https://www.last.fm/api): tags that listeners gave, with a key.

Errors come with status 200. The largest count of a list is 100.
"""

from typing import Final

from bot.domain.errors import Unavailable
from bot.domain.filing import GenreTags
from bot.domain.tracks import Track
from bot.sources import names
from bot.sources.genre_tags import genre_tags
from bot.sources.http_client import HttpService

NAME: Final = "lastfm"
ENDPOINT: Final = "tags"
KEY_CODES: Final = frozenset({4, 10, 26})
"""No permission, invalid key, suspended key."""

RATE_CODE: Final = 29
PAUSE: Final = 5.0
"""Seconds without requests after too many of them; Last.fm names no time."""


class LastFm:
    """Implements GenreTagSource.

    Args:
        service: The API.
        key: The API key, which the API takes as a parameter only.
    """

    name = NAME

    def __init__(self, service: HttpService, key: str) -> None:
        self._service = service
        self._key = key

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the tags of a track, else of its first artist."""
        if not track.is_named:
            return None
        artist = track.artists[0]
        own = await self._tags("track.getTopTags", artist=artist, track=track.title)
        return own or await self._tags("artist.getTopTags", artist=artist)

    async def _tags(self, method: str, **params: str) -> GenreTags | None:
        query = {"method": method, "api_key": self._key, "format": "json", "autocorrect": "1"}
        reply = await self._service.get(ENDPOINT, "/2.0/", headers=None, **query, **params)
        match reply:
            case None | {"error": 6}:  # the name is unknown
                return None
            case {"toptags": {"tag": tags}}:
                return genre_tags(NAME, tags)
            case {"error": int(code), **rest}:
                raise self._error(code, names.name(rest.get("message", "")))
            case _:
                raise self._service.malformed("no list of tags")

    def _error(self, code: int, message: str) -> Unavailable:
        reason = f"error {code}: {message}".replace(self._key, "***")
        if code in KEY_CODES:
            return self._service.refused(f"LASTFM_API_KEY is refused ({reason})")
        wait = PAUSE if code == RATE_CODE else None
        return self._service.rejected(ENDPOINT, reason, retry_after=wait)
