"""The gateway: sessions, their events in order, and all the ways of losing a connection."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from tests.stubs.discord.changes import Changes
from tests.stubs.discord.state import State, user_json
from tests.stubs.discord.values import PRIVILEGED, Guild, Intent, Json


class Op(IntEnum):
    """Opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Closing(Exception):
    """The gateway closes the connection with a code of Discord's."""

    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    INVALID_SHARD = 4010
    DISALLOWED_INTENTS = 4014

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(eq=False)
class Session:
    """A bot's session: it outlives its connections, and `events` wait in it to be sent.

    The sequence number of an event is its place in `events`, from 1; `sent` counts those that
    the present connection has got or never needs.
    """

    id: str
    shard: int
    shards: int
    intents: Intent
    changes: Changes
    events: list[Json] = field(default_factory=list)
    sent: int = 0
    socket: web.WebSocketResponse | None = None
    pump: asyncio.Task[None] | None = None
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, event: str, data: Any) -> None:
        number = len(self.events) + 1
        self.events.append({"op": Op.DISPATCH, "t": event, "s": number, "d": data})
        self.more.set()

    def attach(self, socket: web.WebSocketResponse, sent: int) -> None:
        self.sent = sent
        self.socket = socket
        self.pump = asyncio.create_task(self._pump(socket))

    def detach(self) -> None:
        if self.pump:
            self.pump.cancel()
        self.socket = self.pump = None

    async def _pump(self, socket: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):  # a resume sends again what was lost
            while True:
                while self.sent < len(self.events):
                    await socket.send_json(self.events[self.sent])
                    self.sent += 1
                self.changes.tell()
                self.more.clear()
                await self.more.wait()


class Gateway:
    """Every session there ever was, and the connections that are open.

    `heartbeat_interval` is in seconds; without `acks` heartbeats go unanswered; a resume repeats
    the last `overlap` events that had been received, as Discord may; while `down`, no connection
    is accepted. `identified` keeps what was said in each IDENTIFY, `resumed` counts resumes.
    """

    def __init__(self, state: State, changes: Changes) -> None:
        self._world = state
        self._changes = changes
        self._open: dict[web.WebSocketResponse, web.Request] = {}
        self.sessions: dict[str, Session] = {}
        self.heartbeat_interval = 41.25
        self.acks = True
        self.overlap = 0
        self.down = False
        self.identified: list[Json] = []
        self.resumed = 0
        self.heartbeats = 0

    @property
    def connected(self) -> list[Session]:
        """The sessions that hold a connection and were told that they are ready."""
        return [session for session in self.sessions.values() if session.socket and session.sent]

    def emit(
        self,
        event: str,
        data: Json,
        *,
        guild: Guild | None,
        needs: Intent,
        without_content: Json | None = None,
    ) -> None:
        """Send an event to the sessions of the guild's shard that ask for it.

        Sessions that do not read message content get `without_content`, where it is given.
        """
        for session in self.sessions.values():
            shard = (int(guild.id) >> 22) % session.shards if guild else 0
            if session.shard != shard or needs not in session.intents:
                continue
            reads = Intent.MESSAGE_CONTENT in session.intents
            session.push(event, data if reads or without_content is None else without_content)
        self._changes.tell()

    def repeat(self, event: str) -> None:
        """Send the last event of this name a second time, under a new sequence number."""
        for session in self.sessions.values():
            last = next(known for known in reversed(session.events) if known["t"] == event)
            session.push(event, last["d"])

    def cut(self) -> None:
        """Break every connection without a word."""
        for session in self.sessions.values():
            session.detach()
        for request in self._open.values():
            if request.transport:
                request.transport.abort()

    async def ask_to_reconnect(self) -> None:
        """Send RECONNECT on every connection."""
        for socket in list(self._open):
            await _say(socket, Op.RECONNECT, None)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Send INVALID_SESSION on every connection, and forget the sessions."""
        if not resumable:
            self.sessions.clear()
        for socket in list(self._open):
            await _say(socket, Op.INVALID_SESSION, resumable)

    async def close(self, code: int = 1001) -> None:
        """Close every connection with a code."""
        for socket in list(self._open):
            await socket.close(code=code)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open[socket] = request
        try:
            interval = int(self.heartbeat_interval * 1000)
            await _say(socket, Op.HELLO, {"heartbeat_interval": interval})
            async for frame in socket:
                await self._hear(socket, json.loads(frame.data))
        except Closing as closing:
            await socket.close(code=closing.code)
        except ConnectionError:  # the test cut it while we spoke
            pass
        finally:
            del self._open[socket]
            if session := self._session(socket):
                session.detach()
            self._changes.tell()
        return socket

    def _session(self, socket: web.WebSocketResponse) -> Session | None:
        return next((known for known in self.sessions.values() if known.socket is socket), None)

    async def _hear(self, socket: web.WebSocketResponse, said: Json) -> None:
        known = self._session(socket) is not None
        match said["op"]:
            case Op.HEARTBEAT:
                self.heartbeats += 1
                if self.acks:
                    await _say(socket, Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY | Op.RESUME if known:
                raise Closing(Closing.ALREADY_AUTHENTICATED)
            case Op.IDENTIFY:
                self._identify(said["d"]).attach(socket, sent=0)
            case Op.RESUME:
                if session := self._resume(said["d"]):
                    session.attach(socket, sent=max(0, said["d"]["seq"] - self.overlap))
                else:
                    await _say(socket, Op.INVALID_SESSION, d=False)
            case _ if not known:
                raise Closing(Closing.NOT_AUTHENTICATED)
        self._changes.tell()

    def _identify(self, said: Json) -> Session:
        self.identified.append(said)
        intents = Intent(said["intents"])
        shard, shards = said.get("shard", (0, 1))
        if said["token"] != self._world.token:
            raise Closing(Closing.AUTHENTICATION_FAILED)
        if not 0 <= shard < shards:
            raise Closing(Closing.INVALID_SHARD)
        if intents & PRIVILEGED & ~self._world.granted:
            raise Closing(Closing.DISALLOWED_INTENTS)
        session = Session(self._world.mint(), shard, shards, intents, self._changes)
        self.sessions[session.id] = session
        self._greet(session)
        return session

    def _greet(self, session: Session) -> None:
        state = self._world
        guilds = [
            guild
            for guild in state.guilds.values()
            if guild.joined and (int(guild.id) >> 22) % session.shards == session.shard
        ]
        ready = {
            "v": 10,
            "user": {**user_json(state.me), "verified": True, "mfa_enabled": False},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": state.gateway_url,
            "shard": [session.shard, session.shards],
            "application": {
                "id": state.application_id,
                "flags": state.application_json()["flags"],
            },
        }
        session.push("READY", ready)
        if Intent.GUILDS in session.intents:
            for guild in guilds:
                session.push("GUILD_CREATE", state.guild_json(guild))

    def _resume(self, said: Json) -> Session | None:
        if said["token"] != self._world.token:
            raise Closing(Closing.AUTHENTICATION_FAILED)
        session = self.sessions.get(said["session_id"] or "")
        if session is None:
            return None
        if said["seq"] > len(session.events):
            raise Closing(Closing.INVALID_SEQUENCE)
        self.resumed += 1
        session.detach()
        session.push("RESUMED", {})
        return session


async def _say(socket: web.WebSocketResponse, op: Op, d: object) -> None:
    await socket.send_json({"op": op, "d": d, "s": None, "t": None})
