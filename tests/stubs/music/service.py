"""What the stand-ins of all services share: addresses, counts, limits and faults on demand."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTACT: Final = re.compile(r"[^\s/]+/\S+ \( ?(https?://\S+|mailto:\S+|[^\s@]+@[^\s@]+)\s?\)")
"""A User-Agent with a contact address, as MetaBrainz demands it."""

SLOW_SECONDS: Final = 30.0


class Fault(Enum):
    """How an API fails."""

    ERROR = "status 500"
    BUSY = "status 429 with Retry-After"
    FORBIDDEN = "status 403"
    GARBAGE = "no JSON"
    WRONG = "JSON of another shape"
    CUT = "connection lost"
    HELD = "no reply before the fault ends"
    QUOTA = "the API's own reply for a used-up quota"


class Refused(Exception):
    """The API answers with an error of its own."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass
class Rate:
    """Calls that an API allows within a number of seconds."""

    calls: int
    seconds: float


class Api:
    """A stand-in of one API at `url`.

    Attributes:
        name: Name in `MusicWorld`.
        rate: The API's limit; None for none.
        requests: Every request: endpoint, path and parameters.
        retry_after: Seconds in the Retry-After header of a BUSY reply; None for no header.
    """

    name = ""
    rate: Rate | None = None
    needs_contact = False

    def __init__(self, *, limits: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = ""
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.agents: list[str] = []
        self.retry_after: float | None = 30
        self._limits = limits
        self._clock = clock
        self._times: deque[float] = deque()
        self._faults: dict[str | None, Fault] = {}
        self._changed = asyncio.Event()
        self._app = web.Application()

    def route(self, endpoint: str, path: str, handler: Handler) -> None:
        """Answer GET requests to a path."""
        self._serve("GET", endpoint, path, handler)

    def _serve(self, method: str, endpoint: str, path: str, handler: Handler) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            self.requests.append((endpoint, request.path, dict(request.query)))
            self.agents.append(request.headers.get("User-Agent", ""))
            try:
                fault = self._fault_of(endpoint)
                if fault is Fault.HELD:
                    await asyncio.wait_for(self._changed.wait(), SLOW_SECONDS)
                    fault = self._fault_of(endpoint)
                if fault:
                    return await self._fail(request, fault)
                self._check_agent(request)
                self._check_rate()
                return await handler(request)
            except Refused as refused:
                return refused.response

        self._app.router.add_route(method, path, answer)

    def asked(self, endpoint: str | None = None) -> int:
        """Return the number of requests, of one endpoint or of all."""
        counts = Counter(name for name, _, _ in self.requests)
        return counts[endpoint] if endpoint else counts.total()

    def fail(self, fault: Fault | None, endpoint: str | None = None) -> None:
        """Let requests fail, of one endpoint or of all; None ends it and answers held requests."""
        if fault is None:
            self._faults.pop(endpoint, None)
        else:
            self._faults[endpoint] = fault
        self._changed.set()
        self._changed = asyncio.Event()

    def _fault_of(self, endpoint: str) -> Fault | None:
        return self._faults.get(endpoint, self._faults.get(None))

    def running(self) -> AbstractAsyncContextManager["Api"]:
        """Serve until the end of the block."""
        return self._running()

    @asynccontextmanager
    async def _running(self) -> AsyncIterator["Api"]:
        server = TestServer(self._app, host="127.0.0.1")
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            self._faults.clear()
            self._changed.set()
            await server.close()

    def too_fast(self) -> web.Response:
        """Return the reply to requests past the limit."""
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return web.json_response({"error": "too many requests"}, status=429, headers=headers)

    def bad(self, reason: str) -> web.Response:
        """Return the reply to a request that is not as documented."""
        return web.json_response({"error": reason}, status=400)

    def quota(self) -> web.Response:
        """Return the reply for a used-up quota."""
        return self.too_fast()

    def check(self, request: web.Request, known: Collection[str], *needed: str) -> None:
        """Refuse a request with parameters that are not documented, or without needed ones."""
        unknown = set(request.query) - set(known) - set(needed)
        if unknown:
            raise Refused(self.bad(f"unknown parameter: {', '.join(sorted(unknown))}"))
        for name in needed:
            if not request.query.get(name):
                raise Refused(self.bad(f"missing parameter: {name}"))

    def _check_agent(self, request: web.Request) -> None:
        agent = request.headers.get("User-Agent", "")
        if self.needs_contact and not CONTACT.fullmatch(agent):
            raise Refused(web.json_response({"error": "User-Agent without contact"}, status=403))

    def _check_rate(self) -> None:
        if self.rate is None or not self._limits:
            return
        now = self._clock()
        while self._times and self._times[0] <= now - self.rate.seconds:
            self._times.popleft()
        if len(self._times) >= self.rate.calls:
            raise Refused(self.too_fast())
        self._times.append(now)

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault is Fault.CUT and request.transport:
            request.transport.abort()
        if fault is Fault.QUOTA:
            return self.quota()
        wait = {"Retry-After": f"{self.retry_after:g}"} if self.retry_after is not None else {}
        replies = {
            Fault.BUSY: web.json_response({"error": "slow down"}, status=429, headers=wait),
            Fault.FORBIDDEN: web.json_response({"error": "forbidden"}, status=403),
            Fault.GARBAGE: web.Response(body=b"\x00\xff<html>", content_type="application/json"),
            Fault.WRONG: web.json_response({"unexpected": [1, None, {"id": 7}]}),
        }
        return replies.get(fault, web.Response(status=500, text="oops"))


def body(value: Any) -> web.Response:
    """Return a JSON reply."""
    return web.json_response(value)
