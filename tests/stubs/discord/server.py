"""Our own Discord on loopback: REST and gateway on one server, driven and watched by a test.

A test reads so, with the fixture that points this process's discord.py at it:

    ada = discord_stub.people.user("ada")
    music = discord_stub.people.channel(discord_stub.people.guild("Guild", ada), "music")
    async with running(discord_stub, bot):
        discord_stub.people.post(music, ada, "https://open.spotify.com/track/...")
        (card,) = await discord_stub.sent(music)
        discord_stub.people.react(card["id"], ada, "...")
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.test_utils import TestServer

from tests.stubs.discord.changes import Changes
from tests.stubs.discord.chat import Chat
from tests.stubs.discord.faults import Fault
from tests.stubs.discord.gateway import Gateway, Session
from tests.stubs.discord.interactions import Interaction, Interactions
from tests.stubs.discord.people import People
from tests.stubs.discord.rest import Call, Rest
from tests.stubs.discord.spec import Spec
from tests.stubs.discord.state import State
from tests.stubs.discord.values import Channel, File, Flag, Json, Refusal, Violation, invalid_form

API = "/api/v10"

T = TypeVar("T")


class DiscordStub:
    """A Discord of a test's own.

    `state` is what exists on it, `people` act on it, `gateway` loses connections on demand, and
    `fail` spoils the next requests. `calls` are all requests, in order; `violations` are those
    that Discord's OpenAPI document or its rules for messages forbid, and those that are not played
    here: a test that expects none asserts that it is empty. While `down`, nothing is answered.
    What is waited for must come within `patience` seconds. Without a `spec`, only Discord's rules
    for messages are checked, which takes no time worth measuring.
    """

    def __init__(self, spec: Spec | None, *, patience: float = 10.0) -> None:
        self._spec = spec
        self.patience = patience
        self._changes = Changes()
        self._faults: list[tuple[str, str, Fault]] = []
        self.state = State()
        self.gateway = Gateway(self.state, self._changes)
        self.chat = Chat(self.state, self.gateway)
        self.interactions = Interactions(self.state, self.chat)
        self.rest = Rest(self.state, self.chat, self.interactions)
        self.people = People(self.state, self.chat, self.gateway, self.interactions)
        self.calls: list[Call] = []
        self.violations: list[str] = []

    @property
    def url(self) -> str:
        """What goes before a route."""
        return self.state.url + API

    @property
    def down(self) -> bool:
        return self.gateway.down

    @down.setter
    def down(self, down: bool) -> None:
        self.gateway.down = down
        if down:
            self.gateway.cut()

    def fail(self, method: str, route: str, fault: Fault, *, times: int = 1) -> None:
        """Spoil the next requests on a route, spelt as in Discord's OpenAPI document."""
        assert (method, route) in self.rest.routes, f"{method} {route} is not played"
        self._faults += [(method, route, fault)] * times

    def asked(self, method: str, route: str) -> Sequence[Call]:
        """Return the requests on a route so far."""
        return [call for call in self.calls if (call.method, call.route) == (method, route)]

    def messages(self, channel: Channel) -> Sequence[Json]:
        """Return the bot's messages that a channel shows to all, oldest first."""
        return [
            self.state.message_json(message)
            for message in self.state.messages.values()
            if message["channel_id"] == channel.id
            and message["author"]["id"] == self.state.me.id
            and not message["flags"] & (Flag.EPHEMERAL | Flag.LOADING)
        ]

    def answers(self, interaction: Interaction) -> Sequence[Json]:
        """Return what a person sees in answer to an interaction: messages that exist, whole."""
        found = (self.state.messages.get(message_id) for message_id in interaction.messages)
        return [
            self.state.message_json(message)
            for message in found
            if message and not message["flags"] & Flag.LOADING
        ]

    def data(self, message: Json) -> Sequence[bytes]:
        """Return the bytes of the files of a message."""
        return [self.state.files[attachment["id"]] for attachment in message["attachments"]]

    async def until(self, happened: Callable[[], T | None]) -> T:
        """Wait until `happened` is true and return it; fail with all requests after a while."""
        return await self._changes.until(happened, self._log, within=self.patience)

    async def connected(self, count: int = 1) -> Sequence[Session]:
        """Wait until so many sessions hold a connection."""
        return await self.until(lambda: self._at_least(count, self.gateway.connected))

    async def disconnected(self) -> None:
        """Wait until no session holds a connection, as after a process was killed."""
        await self.until(lambda: not self.gateway.connected)

    async def sent(self, channel: Channel, count: int = 1) -> Sequence[Json]:
        """Wait until the bot has so many messages in a channel, and return them."""
        return await self.until(lambda: self._at_least(count, self.messages(channel)))

    async def answered(self, interaction: Interaction, count: int = 1) -> Sequence[Json]:
        """Wait for so many answers to an interaction that a person can read."""
        return await self.until(lambda: self._at_least(count, self.answers(interaction)))

    async def chosen(self, interaction: Interaction) -> Sequence[Json]:
        """Wait for the choices of an autocompletion, which may be none."""
        await self.until(lambda: interaction.answer)
        return interaction.choices or []

    async def called(self, method: str, route: str, count: int = 1) -> Sequence[Call]:
        """Wait until so many requests on a route were answered."""

        def answered() -> Sequence[Call] | None:
            return self._at_least(count, [c for c in self.asked(method, route) if c.status])

        return await self.until(answered)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["DiscordStub"]:
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

    def _at_least(self, count: int, found: Sequence[T]) -> Sequence[T] | None:
        return found if len(found) >= count else None

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
        matched = self.rest.match(path)
        if matched is None:
            self.violations.append(f"{request.method} {path} is not played here")
            return _json(404, {"message": "404: Not Found", "code": 0})
        route, parameters = matched
        call = Call(request.method, route, parameters, dict(request.query), payload, files)
        self.calls.append(call)
        fault = self._next_fault(call)
        if fault is None or fault.carried_out:
            status, answer = self._answer(call, request.headers.get("Authorization"))
        else:
            status, answer = fault.status, fault.body
        call.status, call.answer = status, answer
        self._changes.tell()
        if fault is None:
            return _json(status, answer)
        if fault.cut:
            return await _break_off(request)
        if fault.status:
            status, answer = fault.status, fault.body
        return _json(status, answer, fault)

    def _next_fault(self, call: Call) -> Fault | None:
        for planned in self._faults:
            if planned[:2] == (call.method, call.route):
                self._faults.remove(planned)
                return planned[2]
        return None

    def _answer(self, call: Call, authorization: str | None) -> tuple[int, Any]:
        try:
            self._validate(call)
            answer = self.rest.carry_out(call, authorization)
        except Refusal as refusal:
            if isinstance(refusal, Violation):
                self.violations.append(f"{call.method} {call.route}: {refusal.message}")
            return refusal.status, {"message": refusal.message, "code": refusal.code}
        return (204 if answer is None else 200), answer

    def _validate(self, call: Call) -> None:
        if self._spec and (fault := self._spec.fault(call.method, call.route, call.payload)):
            raise invalid_form(fault)


async def _read(request: web.Request) -> tuple[Any, Sequence[File]]:
    """Return the JSON of a body (None: it is empty) and its files in the order of their numbers."""
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


def _json(status: int, answer: Any, fault: Fault | None = None) -> web.Response:
    """Answer in JSON, with no charset in the content type: Discord names none."""
    headers = dict(fault.headers) if fault else {}
    if status == web.HTTPNoContent.status_code:
        return web.Response(status=status, headers=headers)
    headers["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)


async def _break_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = 1000
    await response.prepare(request)
    await response.write(b'{"id": ')
    if request.transport:
        request.transport.abort()
    return response
