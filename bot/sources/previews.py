"""Previews of tracks: short sounds that Deezer and iTunes offer.

The address of a preview is asked for just before it is fetched, as Deezer's are signed and expire
after about 15 minutes, and is stored nowhere. It comes from a reply, so it is only requested from
hosts that belong to the service, without redirects.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, BinaryIO, Final

import aiohttp

from bot.concurrency.body_copy import BodyTooLong, copy_body
from bot.domain.errors import Unavailable
from bot.domain.song_names import SongName
from bot.domain.song_query import SongQuery
from bot.domain.sound_ports import MAX_PREVIEW_BYTES
from bot.domain.tracks import Track
from bot.domain.web_origins import AllowedOrigins
from bot.sources import deezer, itunes
from bot.sources.clients import SourceClients
from bot.sources.http_client import connection_errors, demanded_pause

TIMEOUT: Final = aiohttp.ClientTimeout(total=5, connect=2.5)

DOMAINS: Final[Mapping[str, tuple[str, ...]]] = {
    deezer.NAME: ("dzcdn.net",),
    itunes.NAME: ("itunes.apple.com", "mzstatic.com"),
}
"""Domains of the hosts that have a service's previews."""

GONE: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Statuses of an address that has expired."""


class PreviewDownload:
    """Fetches the sounds of one service.

    Args:
        name: The service's name.
        base: The address of its API; its host may have previews too, as that of a mirror.
        clients: What all sources share.
    """

    def __init__(self, name: str, base: str, clients: SourceClients) -> None:
        self.name = name
        self._allowed = AllowedOrigins([base], DOMAINS[name])
        self._session = clients.session
        self._guard = clients.guard(f"{name}-previews")
        self._headers = {"User-Agent": clients.user_agent}
        self._proxies = clients.proxies

    async def fetch(self, address: object, target: BinaryIO) -> bool:
        """Write the sound at an address to `target`; return False if it is not there any more.

        Raises Unavailable, also for an address of another host; DiskFailed, which does not count
        against the service, if `target` cannot be written.
        """
        url = self._allowed.address(address)
        if url is None:
            raise Unavailable(self.name, "names another host for a preview")
        async with self._guard.call("preview"):
            with connection_errors(self.name):
                async with self._session.get(
                    url,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    headers=self._headers,
                    proxy=self._proxies.of(str(url)),
                ) as response:
                    return await self._read(response, target)

    async def _read(self, response: aiohttp.ClientResponse, target: BinaryIO) -> bool:
        if response.status in GONE:
            return False
        if pause := demanded_pause(response.status, response.headers):
            seconds = self._guard.demand_pause(pause.seconds, "too many requests")
            raise Unavailable(self.name, "too many requests", retry_after=seconds)
        if response.status != HTTPStatus.OK:
            raise Unavailable(self.name, f"answered with status {response.status}")
        try:
            return await copy_body(response.content.iter_any(), target, MAX_PREVIEW_BYTES) > 0
        except BodyTooLong:
            reason = f"sent a preview of more than {MAX_PREVIEW_BYTES} bytes"
            raise Unavailable(self.name, reason) from None


class DeezerPreviews:
    """Implements PreviewSource with Deezer's previews, 30 s of MP3."""

    name = deezer.NAME

    def __init__(self, lookup: deezer.DeezerLookup, download: PreviewDownload) -> None:
        self._lookup = lookup
        self._download = download

    async def fetch(self, track: Track, target: BinaryIO) -> bool:
        """Write the preview of a track that Deezer knows by its id or its ISRC."""
        for _ in range(2):  # the first address may have expired in a cache of Deezer's
            address = await self._lookup.preview(track)
            if not address:
                return False
            if await self._download.fetch(address, target):
                return True
        return False


class ITunesPreviews:
    """Implements PreviewSource with iTunes' previews, 30 s of AAC."""

    name = itunes.NAME

    def __init__(self, search: itunes.ITunesSearch, download: PreviewDownload) -> None:
        self._search = search
        self._download = download

    async def fetch(self, track: Track, target: BinaryIO) -> bool:
        """Write the preview of the recording with a track's title and artists."""
        if not track.is_named:
            return False
        wanted = SongName.of(track)
        query = SongQuery.parse(" - ".join([track.title, *track.artists]))
        for found, row in await self._search.rows(query):
            if wanted.is_same_recording(SongName.of(found)):
                return await self._fetch(row, target)
        return False

    async def _fetch(self, row: Mapping[str, Any], target: BinaryIO) -> bool:
        address = row.get("previewUrl")
        return bool(address) and await self._download.fetch(address, target)
