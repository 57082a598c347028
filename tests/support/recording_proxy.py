"""HTTP proxy on loopback that records requests and answers them itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

USER = "ada"
PASSWORD = "hush-proxy"  # noqa: S105 - of a stand-in


@dataclass(frozen=True)
class Request:
    """A request that reached the proxy."""

    method: str
    url: str
    headers: Mapping[str, str]


class RecordingProxy:
    """Answers with JSON by address; {} for others. Connections are closed after one answer."""

    def __init__(self, replies: Mapping[str, Any] | None = None) -> None:
        self.replies = replies or {}
        self.requests: list[Request] = []
        self._arrived = asyncio.Condition()
        self._port = 0

    @property
    def address(self) -> str:
        """Address with user and password."""
        return f"http://{USER}:{PASSWORD}@127.0.0.1:{self._port}"

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.requests]

    async def wait_for(self, found: Callable[[Request], bool]) -> Request:
        """Return the first request of which `found` is true, once it has arrived."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: any(map(found, self.requests)))
        return next(filter(found, self.requests))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["RecordingProxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, url, _ = first.split(" ")
            headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in lines)}
            await reader.readexactly(int(headers.get("content-length", "0")))
            async with self._arrived:
                self.requests.append(Request(method, url, headers))
                self._arrived.notify_all()
            body = json.dumps(self.replies.get(url.partition("?")[0], {})).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body
            )
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
