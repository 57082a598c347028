"""Fake Slack server on loopback: Web API, Socket Mode and signed events.

The base address of the Web API is `slack_stub.api`. Example:

    team = slack_stub.state.workspace()
    music, ada = slack_stub.actions.channel(team), slack_stub.actions.user("ada")
    slack_stub.actions.post(music, ada, "https://open.spotify.com/track/...")
    (card,) = await slack_stub.wait_for_messages(music)
"""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.stubs.slack.delivery import Deliveries, Delivery
from tests.stubs.slack.edits import MoreActions
from tests.stubs.slack.faults import Fault
from tests.stubs.slack.files import LOGIN_PAGE
from tests.stubs.slack.message_rules import check_message
from tests.stubs.slack.objects import ApiError, Channel, Json, Violation
from tests.stubs.slack.state import State
from tests.stubs.slack.web_api import Call, WebApi
from tests.support.changes import Changes

UPLOAD = "upload"
DOWNLOAD = "download"
RESPOND = "response_url"
MAX_RESPONSES = 5

T = TypeVar("T")
Reply = Json | str | bytes
"""JSON, a text, or the content of a file."""


class SlackStub:
    """A fake Slack.

    Attributes:
        timeout: Seconds after which the methods that wait fail.
        down: Whether every request is refused with status 503.
        state: Workspaces, channels, messages and files.
        actions: Acts as the members of the workspaces.
        deliveries: Delivers events and interactions to the app.
        calls: All requests, in order: uploads as UPLOAD, downloads as DOWNLOAD, replies to a
            `response_url` as RESPOND.
        violations: Requests that Slack's documentation forbids or the stub does not implement, and
            late acknowledgements.
    """

    def __init__(self, granted: Iterable[str], *, timeout: float = 10.0) -> None:
        self.timeout = timeout
        self.down = False
        self.changes = Changes()
        self.state = State(set(granted))
        self.deliveries = Deliveries(self.changes)
        self.actions = MoreActions(self.state, self.deliveries)
        self.web_api = WebApi(self.state, self.actions)
        self.calls: list[Call] = []
        self._violations: list[str] = []
        self._faults: list[tuple[str, Fault]] = []

    @property
    def api(self) -> str:
        """Base address of the Web API."""
        return f"{self.deliveries.url}/api/"

    @property
    def violations(self) -> list[str]:
        return self._violations + self.deliveries.late_acknowledgements

    def fail(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next requests to a method, UPLOAD, DOWNLOAD or RESPOND fail."""
        self._faults += [(method, fault)] * times

    def take_violations(self) -> list[str]:
        """Return and clear the violations, in a test that provokes them."""
        taken, self._violations = self._violations, []
        return taken

    def calls_to(self, method: str) -> Sequence[Call]:
        """Return the answered requests to a method."""
        return [call for call in self.calls if call.method == method and call.reply is not None]

    def messages(self, channel: Channel) -> Sequence[Json]:
        """Return the app's messages in a channel, oldest first, without files."""
        return [
            message
            for (channel_id, _), message in self.state.messages.items()
            if channel_id == channel.id
            and message.get("user") == channel.workspace.bot_user
            and "subtype" not in message
        ]

    def responses(self, delivery: Delivery) -> Sequence[Json]:
        """Return the messages sent to the `response_url` of a command, shortcut or action."""
        return self.deliveries.responses[delivery.payload["response_url"].rpartition("/")[2]]

    async def until(self, happened: Callable[[], T | None]) -> T:
        """Return the first true value of `happened`; fail with a log after the timeout."""
        return await self.changes.until(happened, self._log, max_wait=self.timeout)

    async def wait_for_socket(self) -> None:
        """Wait until the app has an open websocket."""
        await self.until(lambda: self.deliveries.sockets)

    async def wait_for_messages(self, channel: Channel, count: int = 1) -> Sequence[Json]:
        """Return the app's messages in a channel once there are `count`."""
        return await self.until(lambda: _at_least(count, self.messages(channel)))

    async def wait_for_responses(self, delivery: Delivery, count: int = 1) -> Sequence[Json]:
        """Return the messages sent to a `response_url` once there are `count`."""
        return await self.until(lambda: _at_least(count, self.responses(delivery)))

    async def wait_for_calls(self, method: str, count: int = 1) -> Sequence[Call]:
        """Return the answered requests to a method once there are `count`."""
        return await self.until(lambda: _at_least(count, self.calls_to(method)))

    async def wait_for_acks(self, deliveries: Iterable[Delivery]) -> None:
        """Wait until the app has acknowledged the deliveries."""
        expected = list(deliveries)
        await self.until(lambda: all(delivery.status for delivery in expected))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SlackStub"]:
        """Serve until the end of the block."""
        app = web.Application(client_max_size=25 * 1024**2)
        app.router.add_get("/link", self._link)
        app.router.add_post("/upload/{name}", self._upload)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_get("/files-pri/{team}-{file}/download/{name}", self._download)
        app.router.add_route("*", "/api/{name}", self._method)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        self.web_api.files.url = self.deliveries.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            await self.deliveries.close()
            await server.close()

    def _log(self) -> str:
        calls = [f"{call.method} -> {_short(call.reply)}" for call in self.calls]
        deliveries = [f"{one.kind} -> {one.status}" for one in self.deliveries.all]
        return f"{calls}, deliveries {deliveries}, violations {self.violations}"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if self.down or ticket not in self.web_api.tickets:
            return web.Response(status=403)
        self.web_api.tickets.remove(ticket)  # each is valid once
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
        return await self._serve(request, call, self.web_api.process)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        name, data = request.match_info["name"], await request.read()

        def put(_: Call) -> str:
            self.web_api.files.put(name, data)
            return f"OK - {len(data)}"

        return await self._serve(request, Call(UPLOAD, {"file": name}), put)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = request.match_info["file"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")

        def content(_: Call) -> bytes | str:
            return self.web_api.files.content(file, token) or LOGIN_PAGE

        return await self._serve(request, Call(DOWNLOAD, {"file": file}, token), content)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        message = await request.json()
        responses = self.deliveries.responses[request.match_info["name"]]

        def respond(_: Call) -> str:
            check_message(message)
            if len(responses) >= MAX_RESPONSES:
                raise Violation("used_url", f"more than {MAX_RESPONSES} messages")
            responses.append(message)
            return "ok"

        return await self._serve(request, Call(RESPOND, message), respond)

    async def _serve(
        self, request: web.Request, call: Call, process: Callable[[Call], Reply]
    ) -> web.StreamResponse:
        if self.down:
            return web.Response(status=503, text="down")
        self.calls.append(call)
        fault = self._next_fault(call.method)
        if fault is None or fault.processed:
            call.reply = self._reply(call, process)
        else:
            call.reply = fault.body
        self.changes.notify()
        if fault is None:
            return _response(200, call.reply)
        if fault.cut:
            return await _close_connection(request, before_reply=fault.before_reply)
        return _response(fault.status, fault.body, fault)

    def _reply(self, call: Call, process: Callable[[Call], Reply]) -> Reply:
        try:
            found = process(call)
        except ApiError as error:
            if isinstance(error, Violation):
                self._violations.append(f"{call.method}: {error}")
            return {"ok": False, "error": error.code, **error.details}
        return found if isinstance(found, (bytes, str)) else {"ok": True, **found}

    def _next_fault(self, method: str) -> Fault | None:
        for planned in self._faults:
            if planned[0] == method:
                self._faults.remove(planned)
                return planned[1]
        return None


def _at_least(count: int, found: Sequence[T]) -> Sequence[T] | None:
    return found if len(found) >= count else None


def _short(reply: Any) -> str:
    return str(reply.get("error", "ok") if isinstance(reply, dict) else reply)


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a request, in its query, form or JSON body."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.can_read_body:
        found |= dict(await request.post())
    return found


def _response(status: int, reply: Reply, fault: Fault | None = None) -> web.Response:
    headers = dict(fault.headers) if fault else {}
    if isinstance(reply, bytes):
        headers["Content-Type"] = "audio/mpeg"
        return web.Response(status=status, body=reply, headers=headers)
    if isinstance(reply, str):
        if reply == LOGIN_PAGE:
            headers["Content-Type"] = "text/html; charset=utf-8"
        headers.setdefault("Content-Type", "text/plain")
        return web.Response(status=status, body=reply.encode(), headers=headers)
    headers["Content-Type"] = "application/json; charset=utf-8"
    return web.Response(status=status, body=json.dumps(reply).encode(), headers=headers)


async def _close_connection(request: web.Request, *, before_reply: bool) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = 1000
    if not before_reply:
        await response.prepare(request)
        await response.write(b'{"ok": ')
    if request.transport:
        request.transport.abort()
    return response
