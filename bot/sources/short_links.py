"""Resolves short links by following their redirects."""

import asyncio
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.domain import links
from bot.domain.errors import Unavailable
from bot.domain.proxies import NO_PROXIES, Proxies
from bot.sources.guard import SourceGuard
from bot.sources.http_client import TIMEOUT, USER_AGENT, connection_errors

NAME: Final = "short links"
MAX_REDIRECTS: Final = 5
HOSTS: Final = links.SHORT_HOSTS | links.WEB_HOSTS
"""Requests are sent to these hosts only."""

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class ShortLinkResolver:
    """Implements LinkResolver.

    Args:
        session: The HTTP client.
        hosts: Allowed hosts, with port as in an address.
        timeout: Time limit for the whole chain of redirects.
        guard: Circuit breakers, one for each host; new ones if None.
        user_agent: Value of the header User-Agent.
        proxies: Proxies of the operator's network.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        hosts: frozenset[str] = HOSTS,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        *,
        guard: SourceGuard | None = None,
        user_agent: str = USER_AGENT,
        proxies: Proxies = NO_PROXIES,
    ) -> None:
        self._session = session
        self._hosts = hosts
        self._timeout = timeout
        self._guard = guard or SourceGuard(NAME)
        self._headers = {"User-Agent": user_agent}
        self._proxies = proxies

    async def resolve(self, url: str) -> str | None:
        """Return the address at a music service that `url` redirects to; None for another one.

        Bodies are not read. Raises Unavailable if the chain does not end in time.
        """
        with connection_errors(NAME):
            async with asyncio.timeout(self._timeout.total):
                return await self._follow(url)

    async def _follow(self, url: str) -> str | None:
        for _ in range(MAX_REDIRECTS):
            if not self._is_allowed(url):
                return None
            location = await self._location(url)
            if location is None:
                return None
            try:
                url = urljoin(url, location)
            except ValueError:  # the Location is not an address
                return None
            found = links.parse(url)
            if found and found.kind != links.SHORT:
                return url
        return None

    def _is_allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.netloc.lower() in self._hosts

    async def _location(self, url: str) -> str | None:
        async with self._guard.call(urlsplit(url).netloc.lower()):
            with connection_errors(NAME):
                return await self._request(url)

    async def _request(self, url: str) -> str | None:
        async with self._session.get(
            url,
            allow_redirects=False,
            timeout=self._timeout,
            headers=self._headers,
            proxy=self._proxies.of(url),
        ) as response:
            if response.status in REDIRECTS:
                return response.headers.get("Location")
            busy = response.status == HTTPStatus.TOO_MANY_REQUESTS
            if busy or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Unavailable(NAME, f"answered with status {response.status}")
            return None
