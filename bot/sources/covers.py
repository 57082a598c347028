"""Fetches covers of songs, in bounded time and size.

Their addresses come from replies of music services, so that they are only requested from the hosts
that have these services' covers, by HTTPS, also after redirects. Nothing is sent but the address:
no cookie, no token. The image is not decoded here (`bot.render.cover`).
"""

import asyncio
import logging
from functools import partial
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.concurrency.single_flight import SingleFlight
from bot.domain.errors import Unavailable
from bot.domain.image_kinds import image_kind
from bot.domain.web_origins import AllowedOrigins
from bot.sources.clients import SourceClients
from bot.sources.http_client import connection_errors, demanded_pause, read_bounded

NAME: Final = "covers"
TIMEOUT: Final = aiohttp.ClientTimeout(total=4, connect=2.5)
"""Time limits of a request; the total is that of a cover with all its redirects."""

MAX_BYTES: Final = 3 << 20
MAX_REDIRECTS: Final = 3
IN_MEMORY: Final = 8
"""Covers that are kept; most have 100 kB."""

DOMAINS: Final = (
    "scdn.co",  # Spotify
    "spotifycdn.com",  # Spotify's oEmbed
    "dzcdn.net",  # Deezer
    "mzstatic.com",  # iTunes
    "ytimg.com",  # YouTube
    "resources.tidal.com",
    "sndcdn.com",  # SoundCloud
    "bcbits.com",  # Bandcamp
)
"""Domains of the hosts that have covers."""

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
GONE: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Statuses of an address that has no image, or has none any more."""

_log = logging.getLogger(__name__)


class Covers:
    """Implements the port `CoverSource`.

    Args:
        clients: What all sources share.
        origins: Other origins that have covers, such as that of a mirror.
        timeout: Time limits.
    """

    def __init__(
        self,
        clients: SourceClients,
        origins: tuple[str, ...] = (),
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._allowed = AllowedOrigins(origins, DOMAINS)
        self._session = clients.session
        self._guard = clients.guard(NAME)
        self._headers = {
            "User-Agent": clients.user_agent,
            "Accept": "image/jpeg, image/png, image/webp, image/gif",
            # Images are compressed already; a compressed body could be any size.
            "Accept-Encoding": "identity",
        }
        self._proxies = clients.proxies
        self._timeout = timeout
        self._kept: SingleFlight[bytes] = SingleFlight(IN_MEMORY)

    async def fetch(self, address: str) -> bytes | None:
        """Return the image at an address; None if it cannot be had, is too big, or is no image.

        Takes at most the time limit; a failure is logged in one line, without the address.
        """
        try:
            return await self._kept.get(address, partial(self._fetch, address))
        except Unavailable as error:
            _log.warning("drawing without a cover: %s", error)
            return None

    async def close(self) -> None:
        """Cancel what is being fetched."""
        await self._kept.close()

    async def _fetch(self, address: str) -> bytes:
        with connection_errors(NAME):
            async with asyncio.timeout(self._timeout.total):
                return await self._follow(address)

    async def _follow(self, address: str) -> bytes:
        url = self._allowed.address(address)
        for _ in range(MAX_REDIRECTS + 1):
            if url is None:
                raise Unavailable(NAME, "the address is not at a host of covers")
            found = await self._get(url)
            if isinstance(found, bytes):
                return found
            url = self._allowed.address(found, url)
        raise Unavailable(NAME, f"more than {MAX_REDIRECTS} redirects")

    async def _get(self, url: URL) -> bytes | str:
        """Return the image at an address, or where that leads; raise Unavailable."""
        # One breaker a domain: the names of hosts come from outside, and are without number.
        domain = ".".join((url.raw_host or "").split(".")[-2:])
        async with self._guard.call(domain):
            with connection_errors(NAME):
                async with self._session.get(
                    url,
                    timeout=self._timeout,
                    allow_redirects=False,
                    headers=self._headers,
                    proxy=self._proxies.of(str(url)),
                ) as response:
                    found = await self._read(response)
        if found is None:  # no failure of the host's
            raise Unavailable(NAME, f"{domain} has no such image")
        return found

    async def _read(self, response: aiohttp.ClientResponse) -> bytes | str | None:
        if response.status in REDIRECTS:
            return response.headers.get("Location")
        if response.status in GONE:
            return None
        if pause := demanded_pause(response.status, response.headers):
            # Only that host is asked no more for a time.
            raise Unavailable(NAME, "too many requests", retry_after=pause.seconds)
        if response.status != HTTPStatus.OK:
            raise Unavailable(NAME, f"answered with status {response.status}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            return None
        try:
            data = await read_bounded(response, MAX_BYTES)
        except ValueError:
            return None
        return data if image_kind(data) else None
