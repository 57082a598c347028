"""Our own Slack on loopback: Web API, Socket Mode and signed events, driven and watched by a test.

A test reads so, with the app's base address at `slack_stub.api`:

    team = slack_stub.state.workspace()
    music, ada = slack_stub.people.channel(team), slack_stub.people.user("ada")
    slack_stub.people.post(music, ada, "https://open.spotify.com/track/...")
    (card,) = await slack_stub.sent(music)
"""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.stubs.discord.changes import Changes
from tests.stubs.slack.delivery import Deliveries, Delivery
from tests.stubs.slack.faults import Fault
from tests.stubs.slack.people import People
from tests.stubs.slack.state import State
from tests.stubs.slack.values import Channel, Json, Refusal, Violation
from tests.stubs.slack.web_api import Call, WebApi, check

UPLOAD = "upload"
RESPOND = "response_url"
MOST_ANSWERS = 5

T = TypeVar("T")


class SlackStub:
    """A Slack of a test's own.

    `state` is what exists on it, `people` act on it, `deliveries` tell the app, and `fail` spoils
    the next requests. `calls` are all requests, in order, uploads as UPLOAD and answers through a
    `response_url` as RESPOND; `violations` are those that Slack's documentation forbids, and those
    that are not played here: a test that expects none asserts that it is empty. While `down`,
    nothing is answered. What is waited for must come within `patience` seconds.
    """

    def __init__(self, granted: Iterable[str], *, patience: float = 10.0) -> None:
        self.patience = patience
        self.down = False
        self.changes = Changes()
        self.state = State(set(granted))
        self.deliveries = Deliveries(self.changes)
        self.people = People(self.state, self.deliveries)
        self.web_api = WebApi(self.state, self.people)
        self.calls: list[Call] = []
        self._violations: list[str] = []
        self._faults: list[tuple[str, Fault]] = []

    @property
    def api(self) -> str:
        """The address of the Web API."""
        return f"{self.web_api.url}/api/"

    @property
    def violations(self) -> list[str]:
        return self._violations + self.deliveries.slow

    def fail(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Spoil the next requests to a method, to UPLOAD or to RESPOND."""
        self._faults += [(method, fault)] * times

    def take_violations(self) -> list[str]:
        """Return what was forbidden so far, for a test that provokes it."""
        taken, self._violations = self._violations, []
        return taken

    def asked(self, method: str) -> Sequence[Call]:
        """Return the requests to a method that were answered."""
        return [call for call in self.calls if call.method == method and call.answer is not None]

    def messages(self, channel: Channel) -> Sequence[Json]:
        """Return the app's messages in a channel, oldest first; not files."""
        return [
            message
            for (where, _), message in self.state.messages.items()
            if where == channel.id
            and message.get("user") == channel.workspace.bot_user
            and "subtype" not in message
        ]

    def answers(self, delivery: Delivery) -> Sequence[Json]:
        """Return what came through the `response_url` of a command, a shortcut or an action."""
        return self.deliveries.answers[delivery.payload["response_url"].rpartition("/")[2]]

    async def until(self, happened: Callable[[], T | None]) -> T:
        """Wait until `happened` is true and return it; fail with all requests after a while."""
        return await self.changes.until(happened, self._log, within=self.patience)

    async def connected(self) -> None:
        """Wait until the app has a websocket."""
        await self.until(lambda: self.deliveries.sockets)

    async def sent(self, channel: Channel, count: int = 1) -> Sequence[Json]:
        """Wait until the app has so many messages in a channel, and return them."""
        return await self.until(lambda: _at_least(count, self.messages(channel)))

    async def answered(self, delivery: Delivery, count: int = 1) -> Sequence[Json]:
        """Wait for so many answers through a `response_url`."""
        return await self.until(lambda: _at_least(count, self.answers(delivery)))

    async def called(self, method: str, count: int = 1) -> Sequence[Call]:
        """Wait until so many requests to a method were answered."""
        return await self.until(lambda: _at_least(count, self.asked(method)))

    async def taken(self, deliveries: Iterable[Delivery]) -> None:
        """Wait until the app has acknowledged what it was told."""
        expected = list(deliveries)
        await self.until(lambda: all(delivery.status for delivery in expected))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SlackStub"]:
        app = web.Application(client_max_size=25 * 1024**2)
        app.router.add_get("/link", self._link)
        app.router.add_post("/upload/{name}", self._upload)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_route("*", "/api/{name}", self._method)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        self.web_api.url = self.deliveries.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            await self.deliveries.close()
            await server.close()

    def _log(self) -> str:
        calls = [f"{call.method} -> {_short(call.answer)}" for call in self.calls]
        told = [f"{told.kind} -> {told.status}" for told in self.deliveries.all]
        return f"{calls}, told {told}, violations {self.violations}"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.down or ticket not in self.web_api.tickets:
            return web.Response(status=403)
        self.web_api.tickets.remove(ticket)  # each is good once
        return await self.deliveries.serve(request)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        basic = None
        if scheme == "Basic":
            name, _, secret = base64.b64decode(token).decode().partition(":")
            basic, token = (name, secret), ""
        arguments = await _arguments(request)
        token = arguments.pop("token", None) or token
        call = Call(request.match_info["name"], arguments, token, basic)
        return await self._serve(request, call, self.web_api.carry_out)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        name, data = request.match_info["name"], await request.read()

        def put(_: Call) -> str:
            self.web_api.put(name, data)
            return f"OK - {len(data)}"

        return await self._serve(request, Call(UPLOAD, {"file": name}), put)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        given = await request.json()
        answers = self.deliveries.answers[request.match_info["name"]]

        def answer(_: Call) -> str:
            check(given)
            if len(answers) >= MOST_ANSWERS:
                raise Violation("used_url", f"more than {MOST_ANSWERS} answers")
            answers.append(given)
            return "ok"

        return await self._serve(request, Call(RESPOND, given), answer)

    async def _serve(
        self, request: web.Request, call: Call, carry_out: Callable[[Call], Json | str]
    ) -> web.StreamResponse:
        if self.down:
            return web.Response(status=503, text="down")
        self.calls.append(call)
        fault = self._next_fault(call.method)
        if fault is None or fault.carried_out:
            call.answer = self._answer(call, carry_out)
        else:
            call.answer = fault.body
        self.changes.tell()
        if fault is None:
            return _response(200, call.answer)
        if fault.cut:
            return await _break_off(request, early=fault.early)
        return _response(fault.status, fault.body, fault)

    def _answer(self, call: Call, carry_out: Callable[[Call], Json | str]) -> Json | str:
        try:
            found = carry_out(call)
        except Refusal as refusal:
            if isinstance(refusal, Violation):
                self._violations.append(f"{call.method}: {refusal}")
            return {"ok": False, "error": refusal.code}
        return found if isinstance(found, str) else {"ok": True, **found}

    def _next_fault(self, method: str) -> Fault | None:
        for planned in self._faults:
            if planned[0] == method:
                self._faults.remove(planned)
                return planned[1]
        return None


def _at_least(count: int, found: Sequence[T]) -> Sequence[T] | None:
    return found if len(found) >= count else None


def _short(answer: Any) -> str:
    return str(answer.get("error", "ok") if isinstance(answer, dict) else answer)


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a request, wherever in it they stand."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.can_read_body:
        found |= dict(await request.post())
    return found


def _response(status: int, answer: Json | str, fault: Fault | None = None) -> web.Response:
    headers = dict(fault.headers) if fault else {}
    if isinstance(answer, str):
        headers.setdefault("Content-Type", "text/plain")
        return web.Response(status=status, body=answer.encode(), headers=headers)
    headers["Content-Type"] = "application/json; charset=utf-8"
    return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)


async def _break_off(request: web.Request, *, early: bool) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = 1000
    if not early:
        await response.prepare(request)
        await response.write(b'{"ok": ')
    if request.transport:
        request.transport.abort()
    return response
