"""Carries what goes between the bot and local-slack, and can deliver an event again."""

import asyncio
import json
from collections.abc import Mapping
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from tests.stubs.discord.changes import Changes

DROPPED: Final = frozenset({"host", "connection", "content-length", "transfer-encoding"})
"""Headers of one connection, not of what is carried."""

EVENTS: Final = "/slack/events"
PATIENCE: Final = 20.0

Request = tuple[URL, Mapping[str, str], bytes]


class Relay:
    """An HTTP server that asks another one, through `connector`.

    It keeps the events that it carried: Socket Mode's envelopes, and signed requests. A server that
    is gone closes the connection in the middle, as a cut line does.
    """

    def __init__(self, connector: aiohttp.BaseConnector, there: str) -> None:
        self.there = there
        self.carried: list[str] = []
        self._session = aiohttp.ClientSession(connector=connector)
        self._lines: set[web.WebSocketResponse] = set()
        self._changes = Changes()
        self._envelopes: list[str] = []
        self._requests: list[Request] = []
        self._holding: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}

    def app(self) -> web.Application:
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", self._carry)
        return app

    async def close(self) -> None:
        await self._session.close()

    async def again(self, part: str) -> None:
        """Deliver all events that contain `part` once more: the same event, another delivery."""
        envelopes = [text for text in self._envelopes if part in text]
        requests = [request for request in self._requests if part.encode() in request[2]]
        assert envelopes or requests, f"no event with {part!r} was delivered"
        if envelopes:
            await self._changes.until(lambda: self._lines, lambda: "no line", within=PATIENCE)
        for text in envelopes:
            retried = json.loads(text) | {"retry_attempt": 1, "retry_reason": "timeout"}
            for line in self._lines:
                await line.send_json(retried)
        for url, headers, body in requests:
            retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            await self._ask("POST", (url, {**headers, **retry}, body))

    def hold(self, method: str) -> tuple[asyncio.Event, asyncio.Event]:
        """Hold the next request to a method of the Web API: it has arrived, it may go on."""
        events = self._holding[f"/api/{method}"] = asyncio.Event(), asyncio.Event()
        return events

    async def cut(self) -> None:
        """Cut every websocket, without a word."""
        for line in self._lines:
            assert line._req is not None
            _abort(line._req)

    async def _carry(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._line(request)
            headers = {k: v for k, v in request.headers.items() if k.lower() not in DROPPED}
            asked = (request.rel_url, headers, await request.read())
            self.carried.append(request.path)
            if request.path == EVENTS:
                self._requests.append(asked)
            if held := self._holding.pop(request.path, None):
                arrived, go_on = held
                arrived.set()
                await go_on.wait()
            return await self._ask(request.method, asked)
        except (aiohttp.ClientError, OSError):
            return _abort(request)

    async def _ask(self, method: str, asked: Request) -> web.Response:
        url, headers, body = asked
        there = URL(self.there).join(url)
        async with self._session.request(method, there, headers=headers, data=body) as answer:
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in DROPPED}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())

    async def _line(self, request: web.Request) -> web.StreamResponse:
        there = URL(self.there).join(request.rel_url)
        async with self._session.ws_connect(there) as slack:
            bot = web.WebSocketResponse()
            await bot.prepare(request)
            self._lines.add(bot)
            self._changes.tell()
            ways = [asyncio.create_task(way) for way in (self._in(slack, bot), _out(bot, slack))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._lines.discard(bot)
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
            return bot if bot.closed else _abort(request)

    async def _in(self, slack: aiohttp.ClientWebSocketResponse, bot: web.WebSocketResponse) -> None:
        async for frame in slack:
            if json.loads(frame.data)["type"] == "events_api":
                self._envelopes.append(frame.data)
            await bot.send_str(frame.data)


async def _out(bot: web.WebSocketResponse, slack: aiohttp.ClientWebSocketResponse) -> None:
    async for frame in bot:
        await slack.send_str(frame.data)


def _abort(request: web.BaseRequest) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()
