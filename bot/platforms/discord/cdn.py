"""Fetches files from Discord's content delivery network, in pieces.

discord.py's own `Attachment.read` and `save` hold a whole file in memory, of any length.
"""

from http import HTTPStatus
from typing import BinaryIO, Final

import aiohttp
import discord
from discord.http import Route
from yarl import URL

from bot.concurrency.body_copy import BodyTooLong, copy_body
from bot.domain.errors import NotAudio, Unavailable
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.domain.web_origins import AllowedOrigins
from model.sound.errors import Problem

SERVICE: Final = "Discord"
HOSTS: Final = ("https://cdn.discordapp.com", "https://media.discordapp.net")
"""Where files are fetched from, besides the host of Discord's API; nothing else is asked."""

TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=10, sock_read=10)
GONE: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Statuses for a file that was deleted, and for an address that has expired."""


class Gone(Exception):
    """The file was deleted, or its address has expired."""


class Cdn:
    """Fetches files with the session and the proxy of a client that is logged in."""

    def __init__(self, client: discord.Client, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        self._client = client
        self._timeout = timeout

    async def download(self, url: str, target: BinaryIO) -> None:
        """Write a file to `target`.

        Raises:
            Gone: There is no such file, or not any more.
            NotAudio: It is longer than MAX_UPLOAD_BYTES.
            Unavailable: It cannot be fetched, or not completely, or it is not Discord's.
            DiskFailed: `target` cannot be written.
        """
        address = discords(url)
        if address is None:
            raise Unavailable(SERVICE, "the file is on another host")
        try:
            await self._download(address, target)
        except (aiohttp.ClientError, OSError) as error:  # OSError includes TimeoutError
            raise Unavailable(SERVICE, "the file cannot be fetched") from error

    async def _download(self, address: URL, target: BinaryIO) -> None:
        http = self._client.http
        # The public way to the session of a client; the id and token are not used.
        session = discord.Webhook.partial(0, "", client=self._client).session
        async with session.get(
            address,
            timeout=self._timeout,
            allow_redirects=False,
            proxy=http.proxy,
            proxy_auth=http.proxy_auth,
        ) as response:
            if response.status in GONE:
                raise Gone
            if response.status != HTTPStatus.OK:
                raise Unavailable(SERVICE, f"answered with status {response.status}")
            if (response.content_length or 0) > MAX_UPLOAD_BYTES:
                raise NotAudio(Problem.TOO_BIG)
            try:
                await copy_body(response.content.iter_any(), target, MAX_UPLOAD_BYTES)
            except BodyTooLong:
                raise NotAudio(Problem.TOO_BIG) from None


def discords(url: str) -> URL | None:
    """Return an address if it is on one of Discord's hosts."""
    return AllowedOrigins([*HOSTS, Route.BASE]).address(url)
