"""Transport of spotipy's requests through the HTTP client of the other sources."""

import asyncio
import io
from typing import Any, Final

import aiohttp
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from yarl import URL

from bot.domain.errors import BadReply
from bot.sources.http_client import MAX_BODY_BYTES, TIMEOUT, connection_errors, read_bounded

OWN_HEADERS: Final = frozenset({"user-agent", "accept-encoding", "content-length"})
"""Headers that the HTTP client sets itself."""


def requests_session(adapter: BaseAdapter) -> requests.Session:
    """Return a session that sends everything through an adapter; the environment is ignored."""
    session = requests.Session()
    session.trust_env = False  # a netrc file would replace the token
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


class AiohttpAdapter(BaseAdapter):
    """Adapter of requests for threads, which sends with an aiohttp client in its event loop.

    requests has no limit for the whole time of a reply or its size. Must be made in the event loop.

    Args:
        service: The service's name, for errors.
        session: The HTTP client.
        user_agent: Value of the header User-Agent.
        proxy: Address of the proxy, if one is used.
        timeout: Time limits of a request.
    """

    def __init__(
        self,
        service: str,
        session: aiohttp.ClientSession,
        user_agent: str,
        *,
        proxy: str | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        super().__init__()
        self._service = service
        self._session = session
        self._user_agent = user_agent
        self._proxy = proxy
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request and return its whole reply; raise Unavailable."""
        del args, kwargs  # the time limits and the proxy are the client's
        return asyncio.run_coroutine_threadsafe(self._fetch(request), self._loop).result()

    def close(self) -> None:
        """Leave the HTTP client open, which others use."""

    async def _fetch(self, request: requests.PreparedRequest) -> requests.Response:
        headers = {
            name: str(v) for name, v in request.headers.items() if name.lower() not in OWN_HEADERS
        }
        with connection_errors(self._service):
            async with self._session.request(
                request.method or "GET",
                URL(request.url or "", encoded=True),
                data=request.body,
                headers=headers | {"User-Agent": self._user_agent},
                timeout=self._timeout,
                allow_redirects=False,
                proxy=self._proxy,
            ) as reply:
                try:
                    body = await read_bounded(reply, MAX_BODY_BYTES)
                except ValueError as error:
                    raise BadReply(self._service, "sent a reply that is too long") from error
                return _response(request, reply, body)


def _response(
    request: requests.PreparedRequest, reply: aiohttp.ClientResponse, body: bytes
) -> requests.Response:
    response = requests.Response()
    response.request = request
    response.url = request.url or ""
    response.status_code = reply.status
    response.reason = reply.reason or ""
    # Without a Location requests follows no redirect.
    names = (name for name in reply.headers if name.lower() not in {"location", "content-encoding"})
    response.headers = CaseInsensitiveDict({name: reply.headers[name] for name in names})
    response.encoding = "utf-8"
    response.raw = io.BytesIO(body)
    return response
