"""spotipy for the event loop: client credentials, typed errors, a circuit breaker.

spotipy is synchronous, so every call runs in a thread. Its retries are off, as it would sleep for
the whole Retry-After, up to a day; with `status_forcelist=(599,)` a 429 keeps its Retry-After.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOauthError

from bot.domain.errors import Forbidden, Unavailable
from bot.sources.circuit_breaker import CircuitBreaker
from bot.sources.http_client import (
    FORBIDDEN_STATUSES,
    MAX_BODY_BYTES,
    UNKNOWN_STATUSES,
    malformed,
    retry_after,
)

NAME: Final = "spotify"
TIMEOUT: Final = 4.0
FORBIDDEN_SECONDS: Final = 600.0
"""Time before an app whose access was refused sends requests again."""


class _BoundedSession(requests.Session):
    """Fails for replies longer than MAX_BODY_BYTES, which requests would read whole."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request and read its reply within the limit."""
        response = super().send(request, **kwargs | {"stream": True})
        body = bytearray()
        for piece in response.iter_content(1 << 16):
            body += piece
            if len(body) > MAX_BODY_BYTES:
                response.close()
                raise requests.exceptions.ContentDecodingError(f"over {MAX_BODY_BYTES} bytes")
        response._content = bytes(body)  # noqa: SLF001 - as requests does when it reads the body
        return response


class SpotifySession:
    """A spotipy client. No request is sent while Spotify demands a pause."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        api: str | None = None,
        token_url: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        # spotipy logs the Authorization header at DEBUG and search texts at ERROR.
        logging.getLogger("spotipy").setLevel(logging.CRITICAL)
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        auth = SpotifyClientCredentials(
            client_id,
            client_secret,
            cache_handler=MemoryCacheHandler(),
            requests_timeout=TIMEOUT,
            requests_session=_BoundedSession(),
        )
        if token_url:
            auth.OAUTH_TOKEN_URL = token_url
        self._client = spotipy.Spotify(
            auth_manager=auth,
            retries=0,
            status_retries=0,
            status_forcelist=(599,),
            requests_timeout=TIMEOUT,
            requests_session=_BoundedSession(),
        )
        if api:
            self._client.prefix = api
        self._breaker = CircuitBreaker(NAME, clock=monotonic)

    async def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of `spotipy.Spotify`; return None if Spotify does not know the id.

        Raises:
            Forbidden: Status 401 or 403, or the credentials are refused.
            BadReply: The reply is malformed.
            Unavailable: Any other failure.
        """
        self._breaker.check()
        try:
            reply = await asyncio.to_thread(getattr(self._client, method), *args, **kwargs)
        except spotipy.SpotifyException as error:
            if error.http_status in UNKNOWN_STATUSES:
                return None
            raise self._error(error.http_status, error.headers, str(error)) from error
        except SpotifyOauthError as error:
            response = getattr(error.__context__, "response", None)
            status = getattr(response, "status_code", None)
            raise self._error(status, getattr(response, "headers", {}), str(error)) from error
        except requests.RequestException as error:
            raise Unavailable(NAME, f"cannot be reached ({type(error).__name__})") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise malformed(NAME, f"{type(error).__name__} in spotipy") from error
        if reply is None:
            raise malformed(NAME, "no JSON")
        return reply

    def _error(self, status: int | None, headers: Mapping[str, str], text: str) -> Unavailable:
        if "premium" in text.lower():
            return self._forbid("the app's owner needs Spotify Premium")
        if "invalid_client" in text:
            return self._forbid("SPOTIFY_CLIENT_ID or SPOTIFY_CLIENT_SECRET is wrong")
        if status in FORBIDDEN_STATUSES:
            return Forbidden(NAME, f"access is refused (status {status})")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = retry_after(headers.get("Retry-After"))
            reason = "the quota is used up" if "QUOTA" in text else "too many requests"
            self._breaker.pause(seconds, reason)
            return Unavailable(NAME, reason, retry_after=seconds)
        return Unavailable(NAME, f"answered with status {status}")

    def _forbid(self, reason: str) -> Forbidden:
        self._breaker.forbid(FORBIDDEN_SECONDS, reason)
        return Forbidden(NAME, reason)
