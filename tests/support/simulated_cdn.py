"""Discord's content delivery network for simcord, which replaces only reading a file at once."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from unittest.mock import patch

import aiohttp
from discord.http import HTTPClient
from simcord import _dpy_internals
from simcord.backend import cdn
from yarl import URL

HOST = "https://cdn.discordapp.com"
PIECE_BYTES = 1 << 16


class _Content:
    def __init__(self, data: bytes) -> None:
        self._data = data

    async def iter_any(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), PIECE_BYTES):
            yield self._data[start : start + PIECE_BYTES]


class _Response:
    def __init__(self, data: bytes | None) -> None:
        self.status = 404 if data is None else 200
        self.content = _Content(data or b"")
        self.content_length = len(data or b"")


class SimulatedSession:
    """Session of an HTTP client that finds simcord's files only; `asked` are the addresses."""

    def __init__(self, files: cdn.CdnStore) -> None:
        self.files = files
        self.asked: list[str] = []
        self.broken = False

    @asynccontextmanager
    async def get(self, address: URL, **_: Any) -> AsyncIterator[_Response]:
        url = address.human_repr()  # simcord quotes nothing in its addresses
        self.asked.append(url)
        if self.broken:
            raise aiohttp.ServerDisconnectedError
        yield _Response(self.files.get(url))


@contextmanager
def simulated_cdn() -> Iterator[None]:
    """Let the bot stream the files of simcord that are sent within the block."""

    def give_session(http: Any) -> None:
        http._HTTPClient__session = SimulatedSession(http.backend.cdn)

    with (
        patch.object(_dpy_internals, "initialize_http_session", give_session),
        patch.object(cdn, "CDN_BASE", HOST),
    ):
        yield


def session_of(http: HTTPClient) -> SimulatedSession:
    """Return the session of a client."""
    session: SimulatedSession = http._HTTPClient__session  # type: ignore[attr-defined] # as above
    return session
