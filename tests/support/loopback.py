"""HTTP server on loopback that stands in for outside services."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Loopback:
    """Server whose responses a test sets; other paths give 404. Records every request."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self._answers: dict[str, Answering] = {}
        self._server: TestServer | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return str(self._server.make_url("")).rstrip("/")

    def answer(self, path: str, answer: Answering) -> None:
        self._answers[path] = answer

    def json(
        self, path: str, body: Any, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        async def send(_: web.Request) -> web.Response:
            return web.json_response(body, status=status, headers=headers)

        self.answer(path, send)

    def text(
        self, path: str, body: str, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        async def send(_: web.Request) -> web.Response:
            return web.Response(text=body, status=status, headers=headers)

        self.answer(path, send)

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.requests)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        answer = self._answers.get(request.path)
        return await answer(request) if answer else web.Response(status=404)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Loopback"]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        try:
            yield self
        finally:
            await self._server.close()
