"""spotipy for the event loop: client credentials, typed errors, circuit breakers, a daily budget.

spotipy is synchronous, so every call runs in a thread; its requests are sent by `transport.py`.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOauthError

from bot.domain.errors import BadReply, Forbidden, Unavailable
from bot.sources.guard import SourceGuard
from bot.sources.http_client import (
    FORBIDDEN_STATUSES,
    UNKNOWN_STATUSES,
    USER_AGENT,
    demanded_pause,
    malformed,
)
from bot.sources.spotify.transport import AiohttpAdapter, requests_session

NAME: Final = "spotify"
SWITCHED_OFF_SECONDS: Final = 600.0
"""Time before an app whose access was refused sends a request again."""


class SpotifySession:
    """A spotipy client. Each method of it is an endpoint with a circuit breaker of its own.

    Rejected credentials and a missing Premium subscription switch off all of them, and so does a
    demanded pause. Must be made in the event loop.

    Args:
        client_id: The app's id.
        client_secret: Its secret.
        session: The HTTP client.
        api: Address of the Web API, ending with a slash; Spotify's own if None.
        token_url: Address of the tokens; Spotify's own if None.
        guard: Circuit breakers and budget; without limits if None.
        user_agent: Value of the header User-Agent.
        proxy: Address of the proxy, if one is used.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        session: aiohttp.ClientSession,
        *,
        api: str | None = None,
        token_url: str | None = None,
        guard: SourceGuard | None = None,
        user_agent: str = USER_AGENT,
        proxy: str | None = None,
    ) -> None:
        # spotipy logs the Authorization header at DEBUG and search texts at ERROR.
        logging.getLogger("spotipy").setLevel(logging.CRITICAL)
        sender = requests_session(AiohttpAdapter(NAME, session, user_agent, proxy))
        self._tokens = MemoryCacheHandler()
        auth = SpotifyClientCredentials(
            client_id, client_secret, cache_handler=self._tokens, requests_session=sender
        )
        if token_url:
            auth.OAUTH_TOKEN_URL = token_url
        self._client = spotipy.Spotify(auth_manager=auth, requests_session=sender)
        if api:
            self._client.prefix = api
        self._guard = guard or SourceGuard(NAME)
        self._last_method = ContextVar[str | None]("last method of spotipy", default=None)

    async def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of `spotipy.Spotify`; return None if Spotify does not know the id.

        Raises:
            Forbidden: Status 401 or 403, or the credentials are refused.
            BadReply: The reply is malformed.
            Unavailable: Any other failure, a circuit breaker is open, or the budget is spent.
        """
        self._last_method.set(method)
        async with self._guard.call(method):
            try:
                reply = await asyncio.to_thread(getattr(self._client, method), *args, **kwargs)
            except spotipy.SpotifyException as error:
                if error.http_status in UNKNOWN_STATUSES:
                    return None
                raise self._error(error.http_status, error.headers, str(error)) from error
            except SpotifyOauthError as error:
                response = getattr(error.__context__, "response", None)
                status = getattr(response, "status_code", None)
                headers = getattr(response, "headers", {})
                raise self._token_error(status, headers, str(error)) from error
            except requests.RequestException as error:
                raise Unavailable(NAME, f"cannot be reached ({type(error).__name__})") from error
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise malformed(NAME, f"{type(error).__name__} in spotipy") from error
            if reply is None:
                raise malformed(NAME, "no JSON")
            return reply

    def malformed(self, reason: object) -> BadReply:
        """Log JSON of an unexpected shape, and return the error for it.

        Counts as a failure of the method that the calling task called last.
        """
        if method := self._last_method.get():
            self._guard.rejected(method, "sent an unexpected reply")
        return malformed(NAME, reason)

    def _error(self, status: int | None, headers: Mapping[str, str], text: str) -> Unavailable:
        if status == HTTPStatus.UNAUTHORIZED and "user authentication" not in text:
            self._tokens.save_token_to_cache(None)
            return self._switch_off("the token is rejected")
        return self._common_error(status, headers, text)

    def _token_error(
        self, status: int | None, headers: Mapping[str, str], text: str
    ) -> Unavailable:
        if "premium" not in text.lower() and (
            status in FORBIDDEN_STATUSES or "invalid_client" in text
        ):
            return self._switch_off("SPOTIFY_CLIENT_ID or SPOTIFY_CLIENT_SECRET is wrong")
        return self._common_error(status, headers, text)

    def _common_error(
        self, status: int | None, headers: Mapping[str, str], text: str
    ) -> Unavailable:
        if "premium" in text.lower():
            return self._switch_off("the app's owner needs Spotify Premium")
        if status in FORBIDDEN_STATUSES:
            return Forbidden(NAME, f"access is refused (status {status})")
        if pause := demanded_pause(status, headers):
            reason = "the quota is used up" if "QUOTA" in text else "too many requests"
            seconds = self._guard.demand_pause(pause.seconds, reason)
            return Unavailable(NAME, reason, retry_after=seconds)
        return Unavailable(NAME, f"answered with status {status}")

    def _switch_off(self, reason: str) -> Forbidden:
        self._guard.switch_off(SWITCHED_OFF_SECONDS, reason)
        return Forbidden(NAME, reason)
