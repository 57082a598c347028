"""Spotify's Web API through spotipy: tracks by id and by free text, with client credentials.

spotipy is synchronous: every call runs in a thread. Its retries are off (it would sleep for as long
as Retry-After says, a day at worst); with `status_forcelist=(599,)` a 429 keeps its Retry-After.
The duration is not taken over: it would become a model's input, and Spotify's policy (III.14) keeps
its content out of models.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOauthError

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.domain.tracks import Track
from bot.sources.http_client import FORBIDDEN, UNKNOWN, retry_after

NAME: Final = "spotify"
TIMEOUT: Final = 4.0
MOST_RESULTS: Final = 10
"""A development-mode app gets 400 for more."""

FORBIDDEN_PAUSE: Final = 600.0
"""Seconds before an app that was shut out asks again."""

_log = logging.getLogger(__name__)


class SpotifySession:
    """A spotipy client for the event loop: typed errors, and no request while Spotify says wait."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        api: str | None = None,
        token_url: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        # At DEBUG spotipy logs the Authorization header, at ERROR the text of a search.
        logging.getLogger("spotipy").setLevel(logging.CRITICAL)
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        auth = SpotifyClientCredentials(
            client_id,
            client_secret,
            cache_handler=MemoryCacheHandler(),
            requests_timeout=TIMEOUT,
        )
        if token_url:
            auth.OAUTH_TOKEN_URL = token_url
        self._client = spotipy.Spotify(
            auth_manager=auth,
            retries=0,
            status_retries=0,
            status_forcelist=(599,),
            requests_timeout=TIMEOUT,
        )
        if api:
            self._client.prefix = api
        self._monotonic = monotonic
        self._closed_until = 0.0

    async def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of `spotipy.Spotify`; None where Spotify does not know what was asked for.

        Raises Forbidden for 401, 403 and refused credentials, Unavailable for everything else.
        """
        pause = self._closed_until - self._monotonic()
        if pause > 0:
            raise Unavailable(NAME, "asked us to wait", retry_after=pause)
        try:
            reply = await asyncio.to_thread(getattr(self._client, method), *args, **kwargs)
        except spotipy.SpotifyException as error:
            if error.http_status in UNKNOWN:
                return None
            raise self._refusal(error.http_status, error.headers, str(error)) from error
        except SpotifyOauthError as error:
            response = getattr(error.__context__, "response", None)
            status = getattr(response, "status_code", None)
            raise self._refusal(status, getattr(response, "headers", {}), str(error)) from error
        except requests.RequestException as error:
            raise Unavailable(NAME, type(error).__name__) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise malformed(f"{type(error).__name__} in spotipy") from error
        if reply is None:
            raise malformed("no JSON")
        return reply

    def _refusal(self, status: int | None, headers: Mapping[str, str], text: str) -> Unavailable:
        if "premium" in text.lower():
            return self._forbidden("the app's owner needs Spotify Premium")
        if "invalid_client" in text:
            return self._forbidden("SPOTIFY_CLIENT_ID or SPOTIFY_CLIENT_SECRET is wrong")
        if status in FORBIDDEN:
            return Forbidden(NAME, f"access is refused (status {status})")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            pause = retry_after(headers.get("Retry-After"))
            self._closed_until = self._monotonic() + pause
            reason = "the quota is used up" if "QUOTA" in text else "too many requests"
            _log.warning("spotify: %s; not asked for %.0f s", reason, pause)
            return Unavailable(NAME, reason, retry_after=pause)
        return Unavailable(NAME, f"status {status}")

    def _forbidden(self, why: str) -> Forbidden:
        self._closed_until = self._monotonic() + FORBIDDEN_PAUSE
        _log.warning("spotify: %s; not asked for %.0f s", why, FORBIDDEN_PAUSE)
        return Forbidden(NAME, why)


class SpotifyLookup:
    """Tracks as Spotify names them. `market` is an ISO 3166 country in which they can be played."""

    def __init__(self, session: SpotifySession, market: str) -> None:
        self._session = session
        self._market = market

    async def get(self, track_id: str) -> Track | None:
        """Look a track up by its id."""
        row = await self._session.call("track", track_id, market=self._market)
        return None if row is None else _track(row)

    async def search(self, text: str) -> Sequence[Track]:
        """Find tracks by free text."""
        reply = await self._session.call(
            "search", text, limit=MOST_RESULTS, type="track", market=self._market
        )
        match reply:
            case None:
                return []
            case {"tracks": {"items": list(rows)}}:
                return [_track(row) for row in rows if isinstance(row, dict)]
            case _:
                raise malformed("a search without tracks")


def _track(row: Mapping[str, Any]) -> Track:
    match row:
        case {"id": str(track_id), "name": str(title), "artists": list(artists)}:
            names = (artist.get("name") for artist in artists if isinstance(artist, dict))
        case _:
            raise malformed("a track without id, name and artists")
    match row:
        case {"album": {"images": [{"url": str(image)}, *_]}}:
            cover: str | None = image
        case _:
            cover = None
    match row:
        case {"external_ids": {"isrc": str(code)}}:
            isrc: str | None = code
        case _:
            isrc = None
    return Track(
        id=track_id,
        title=title,
        artists=tuple(str(name) for name in names if name),
        url=f"https://open.spotify.com/track/{track_id}",
        image=cover,
        isrc=isrc,
    )


def malformed(why: str) -> BadReply:
    """Return the error for a reply of another shape than expected, and log it once here."""
    _log.warning("spotify sent an unexpected reply: %s", why)
    return BadReply(NAME, "sent an unexpected reply")
