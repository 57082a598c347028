"""Fake Discord server on loopback: REST API and gateway.

Example with the fixture that redirects discord.py to it:

    ada = discord_stub.actions.user("ada")
    music = discord_stub.actions.channel(discord_stub.actions.guild("Guild", ada), "music")
    async with running(discord_stub, bot):
        discord_stub.actions.post(music, ada, "https://open.spotify.com/track/...")
        (card,) = await discord_stub.wait_for_messages(music)
        discord_stub.actions.react(card["id"], ada, "...")
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.test_utils import TestServer

from tests.stubs.discord.actions import Actions
from tests.stubs.discord.attachments import file_ids
from tests.stubs.discord.chat import Chat
from tests.stubs.discord.faults import Fault
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.interactions import Interaction, Interactions
from tests.stubs.discord.objects import ApiError, Channel, File, Flag, Json, Violation, invalid_form
from tests.stubs.discord.rest import Call, Rest
from tests.stubs.discord.sessions import Session
from tests.stubs.discord.spec import Spec
from tests.stubs.discord.state import State
from tests.support.changes import Changes

API = "/api/v10"

T = TypeVar("T")


class DiscordStub:
    """A fake Discord.

    Args:
        spec: Discord's OpenAPI document. Without it, only the rules for messages are checked,
            which is faster.
        timeout: Seconds after which the methods that wait fail.
        clock: Returns seconds; nonces, tokens and sessions expire by it.

    Attributes:
        state: Users, guilds, channels, messages and files.
        gateway: Sends events to the bot, and loses connections on demand.
        chat: Writes messages and reactions.
        interactions: Interactions and the bot's responses.
        rest: Routes of the REST API.
        actions: Acts as people.
        calls: All requests, in order.
        violations: Requests that Discord's OpenAPI document or its rules for messages forbid, or
            that the stub does not implement.
    """

    def __init__(
        self,
        spec: Spec | None,
        *,
        timeout: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spec = spec
        self.timeout = timeout
        self.changes = Changes()
        self._faults: list[tuple[str, str, Fault]] = []
        self.state = State(clock)
        self.gateway = Gateway(self.state, self.changes)
        self.chat = Chat(self.state, self.gateway)
        self.interactions = Interactions(self.state, self.chat)
        self.rest = Rest(self.state, self.chat, self.interactions)
        self.actions = Actions(self.state, self.chat, self.gateway, self.interactions)
        self.calls: list[Call] = []
        self.violations: list[str] = []

    @property
    def url(self) -> str:
        """Base address of the REST API."""
        return self.state.url + API

    @property
    def down(self) -> bool:
        """Whether requests and connections are refused with status 503."""
        return self.gateway.down

    @down.setter
    def down(self, down: bool) -> None:
        self.gateway.down = down
        if down:
            self.gateway.drop_connections()

    def fail(self, method: str, route: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next requests to a route, as in Discord's OpenAPI document, fail."""
        assert (method, route) in self.rest.routes, f"{method} {route} is not implemented"
        self._faults += [(method, route, fault)] * times

    def calls_to(self, method: str, route: str) -> Sequence[Call]:
        """Return the requests to a route."""
        return [call for call in self.calls if (call.method, call.route) == (method, route)]

    def messages(self, channel: Channel) -> Sequence[Json]:
        """Return the bot's messages in a channel, oldest first, without ephemeral ones."""
        return [
            self.state.message_json(message)
            for message in self.state.messages.values()
            if message["channel_id"] == channel.id
            and message["author"]["id"] == self.state.bot_user.id
            and not message["flags"] & (Flag.EPHEMERAL | Flag.LOADING)
        ]

    def responses(self, interaction: Interaction) -> Sequence[Json]:
        """Return the messages that respond to an interaction, without placeholders."""
        found = (self.state.messages.get(message_id) for message_id in interaction.messages)
        return [
            self.state.message_json(message)
            for message in found
            if message and not message["flags"] & Flag.LOADING
        ]

    def file_contents(self, message: Json) -> Sequence[bytes]:
        """Return the contents of a message's files, also of those that components display."""
        return [self.state.files[file_id] for file_id in file_ids(message)]

    async def until(self, condition: Callable[[], T | None]) -> T:
        """Return the first true value of `condition`; fail with a log after the timeout."""
        return await self.changes.until(condition, self._log, max_wait=self.timeout)

    async def wait_for_sessions(self, count: int = 1) -> Sequence[Session]:
        """Return the sessions with a connection once there are `count`."""
        return await self.until(lambda: _at_least(count, self.gateway.ready_sessions))

    async def wait_for_disconnection(self) -> None:
        """Wait until no session has a connection."""
        await self.until(lambda: not self.gateway.ready_sessions)

    async def wait_for_messages(self, channel: Channel, count: int = 1) -> Sequence[Json]:
        """Return the bot's messages in a channel once there are `count`."""
        return await self.until(lambda: _at_least(count, self.messages(channel)))

    async def wait_for_responses(self, interaction: Interaction, count: int = 1) -> Sequence[Json]:
        """Return the messages that respond to an interaction once there are `count`."""
        return await self.until(lambda: _at_least(count, self.responses(interaction)))

    async def wait_for_choices(self, interaction: Interaction) -> Sequence[Json]:
        """Return the choices of an autocompletion, possibly none."""
        await self.until(lambda: interaction.response_type)
        return interaction.choices or []

    async def wait_for_calls(self, method: str, route: str, count: int = 1) -> Sequence[Call]:
        """Return the answered requests to a route once there are `count`."""

        def answered_calls() -> Sequence[Call] | None:
            return _at_least(count, [c for c in self.calls_to(method, route) if c.status])

        return await self.until(answered_calls)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["DiscordStub"]:
        """Serve until the end of the block."""
        app = web.Application(client_max_size=25 * 1024**2)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        app.router.add_route("*", API + "/{path:.*}", self._serve)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        self.state.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            self.down = True
            await server.close()

    def _log(self) -> str:
        lines = [f"{call.method} {call.route} -> {call.status or '...'}" for call in self.calls]
        sessions = [f"{s.sent} of {len(s.events)} events" for s in self.gateway.sessions.values()]
        return f"{lines}, sessions {sessions}, violations {self.violations}"

    async def _attachment(self, request: web.Request) -> web.Response:
        data = self.state.files.get(request.match_info["id"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(API)
        if self.down:
            return _json(503, {"message": "503: Service Unavailable", "code": 0})
        payload, files = await _read(request)
        matched = self.rest.find_route(path)
        if matched is None:
            self.violations.append(f"{request.method} {path} is not implemented")
            return _json(404, {"message": "404: Not Found", "code": 0})
        route, parameters = matched
        call = Call(request.method, route, parameters, dict(request.query), payload, files)
        self.calls.append(call)
        fault = self._next_fault(call)
        if fault is None or fault.processed:
            status, reply = self._process(call, request.headers.get("Authorization"))
        else:
            status, reply = fault.status, fault.body
        call.status, call.reply = status, reply
        self.changes.notify()
        if fault is None:
            return _json(status, reply)
        if fault.cut:
            return await _cut_connection(request)
        if fault.status:
            status, reply = fault.status, fault.body
        return _json(status, reply, fault)

    def _next_fault(self, call: Call) -> Fault | None:
        for planned in self._faults:
            if planned[:2] == (call.method, call.route):
                self._faults.remove(planned)
                return planned[2]
        return None

    def _process(self, call: Call, authorization: str | None) -> tuple[int, Any]:
        try:
            self._validate(call)
            reply = self.rest.process(call, authorization)
        except ApiError as error:
            if isinstance(error, Violation):
                self.violations.append(f"{call.method} {call.route}: {error.message}")
            return error.status, {"message": error.message, "code": error.code}
        return (204 if reply is None else 200), reply

    def _validate(self, call: Call) -> None:
        if self._spec and (error := self._spec.error(call.method, call.route, call.payload)):
            raise invalid_form(error)


async def _read(request: web.Request) -> tuple[Any, Sequence[File]]:
    """Return the JSON of a body, None if it is empty, and its files in order."""
    if request.content_type != "multipart/form-data":
        text = await request.text()
        return (json.loads(text) if text else None), []
    payload = None
    files: dict[str, File] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read())
        if part.name == "payload_json":
            payload = json.loads(data)
        else:
            files[str(part.name)] = File(part.filename or "", data)
    return payload, [files[f"files[{index}]"] for index in range(len(files))]


def _json(status: int, reply: Any, fault: Fault | None = None) -> web.Response:
    """Return a JSON reply. The content type has no charset, as with Discord."""
    headers = dict(fault.headers) if fault else {}
    if status == web.HTTPNoContent.status_code:
        return web.Response(status=status, headers=headers)
    headers["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(reply).encode(), headers=headers)


async def _cut_connection(request: web.Request) -> web.StreamResponse:
    """Close the connection in the middle of the reply."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = 1000
    await response.prepare(request)
    await response.write(b'{"id": ')
    if request.transport:
        request.transport.abort()
    return response


def _at_least(count: int, items: Sequence[T]) -> Sequence[T] | None:
    return items if len(items) >= count else None
