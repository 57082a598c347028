"""Reverse proxy between the bot and local-slack, which can deliver an event again."""

import asyncio
import json
from collections.abc import Mapping
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from tests.support.changes import Changes

CONNECTION_HEADERS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding"})
"""Headers that concern one connection and are not forwarded."""

EVENTS: Final = "/slack/events"
TIMEOUT: Final = 20.0

Request = tuple[URL, Mapping[str, str], bytes]


class Relay:
    """A proxy that records events: Socket Mode's envelopes and signed requests.

    If the upstream server is unreachable, the client's connection is aborted.

    Attributes:
        upstream: Base address of the server that requests are forwarded to.
        paths: Paths of the forwarded requests, in order.
    """

    def __init__(self, connector: aiohttp.BaseConnector, upstream: str) -> None:
        self.upstream = upstream
        self.paths: list[str] = []
        self._session = aiohttp.ClientSession(connector=connector)
        self._sockets: set[web.WebSocketResponse] = set()
        self._changes = Changes()
        self._envelopes: list[str] = []
        self._requests: list[Request] = []
        self._held: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}

    def app(self) -> web.Application:
        """Return the server's application."""
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", self._forward)
        return app

    async def close(self) -> None:
        """Close the connections to the upstream server."""
        await self._session.close()

    async def resend(self, part: str) -> None:
        """Deliver all recorded events that contain `part` again, marked as a repetition."""
        envelopes = [text for text in self._envelopes if part in text]
        requests = [request for request in self._requests if part.encode() in request[2]]
        assert envelopes or requests, f"no event with {part!r} was delivered"
        if envelopes:
            await self._changes.until(
                lambda: self._sockets, lambda: "no websocket", max_wait=TIMEOUT
            )
        for text in envelopes:
            retried = json.loads(text) | {"retry_attempt": 1, "retry_reason": "timeout"}
            for socket in self._sockets:
                await socket.send_json(retried)
        for url, headers, body in requests:
            retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            await self._send("POST", (url, {**headers, **retry}, body))

    def hold(self, method: str) -> tuple[asyncio.Event, asyncio.Event]:
        """Hold the next request to a method of the Web API.

        Return an event that is set when the request arrives, and one that lets it proceed.
        """
        events = self._held[f"/api/{method}"] = asyncio.Event(), asyncio.Event()
        return events

    async def disconnect(self) -> None:
        """Abort every websocket without a closing frame."""
        for socket in self._sockets:
            assert socket._req is not None
            _abort(socket._req)

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._forward_websocket(request)
            headers = _end_to_end(request.headers)
            received = (request.rel_url, headers, await request.read())
            self.paths.append(request.path)
            if request.path == EVENTS:
                self._requests.append(received)
            if held := self._held.pop(request.path, None):
                arrived, proceed = held
                arrived.set()
                await proceed.wait()
            return await self._send(request.method, received)
        except (aiohttp.ClientError, OSError):
            return _abort(request)

    async def _send(self, method: str, request: Request) -> web.Response:
        url, headers, body = request
        target = URL(self.upstream).join(url)
        async with self._session.request(method, target, headers=headers, data=body) as response:
            forwarded, content = _end_to_end(response.headers), await response.read()
            return web.Response(status=response.status, headers=forwarded, body=content)

    async def _forward_websocket(self, request: web.Request) -> web.StreamResponse:
        target = URL(self.upstream).join(request.rel_url)
        async with self._session.ws_connect(target) as slack:
            bot = web.WebSocketResponse()
            await bot.prepare(request)
            self._sockets.add(bot)
            self._changes.notify()
            directions = (self._to_bot(slack, bot), _to_slack(bot, slack))
            tasks = [asyncio.create_task(direction) for direction in directions]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._sockets.discard(bot)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            return bot if bot.closed else _abort(request)

    async def _to_bot(
        self, slack: aiohttp.ClientWebSocketResponse, bot: web.WebSocketResponse
    ) -> None:
        async for frame in slack:
            if json.loads(frame.data)["type"] == "events_api":
                self._envelopes.append(frame.data)
            await bot.send_str(frame.data)


async def _to_slack(bot: web.WebSocketResponse, slack: aiohttp.ClientWebSocketResponse) -> None:
    async for frame in bot:
        await slack.send_str(frame.data)


def _end_to_end(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {k: v for k, v in headers.items() if k.lower() not in CONNECTION_HEADERS}


def _abort(request: web.BaseRequest) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()
