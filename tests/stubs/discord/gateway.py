"""Gateway of the fake Discord: sessions, their events in order, and lost connections."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from tests.stubs.discord.objects import PRIVILEGED, Guild, Intent, Json
from tests.stubs.discord.state import State, user_json
from tests.support.changes import Changes


class Op(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class GatewayClose(Exception):
    """Closes the connection with one of Discord's codes."""

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
    """A session of the bot, which may outlive its connections.

    Attributes:
        shard: Number of its shard.
        shards: Number of shards.
        events: All events; the sequence number of an event is its index plus 1.
        sent: Number of events that the current connection does not need any more.
        socket: The current connection.
        sender: Task that sends the events to it.
        has_events: Set when an event was added.
    """

    id: str
    shard: int
    shards: int
    intents: Intent
    changes: Changes
    events: list[Json] = field(default_factory=list)
    sent: int = 0
    socket: web.WebSocketResponse | None = None
    sender: asyncio.Task[None] | None = None
    has_events: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, event: str, data: Any) -> None:
        number = len(self.events) + 1
        self.events.append({"op": Op.DISPATCH, "t": event, "s": number, "d": data})
        self.has_events.set()

    def attach(self, socket: web.WebSocketResponse, sent: int) -> None:
        self.sent = sent
        self.socket = socket
        self.sender = asyncio.create_task(self._send_events(socket))

    def detach(self) -> None:
        if self.sender:
            self.sender.cancel()
        self.socket = self.sender = None

    async def _send_events(self, socket: web.WebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):  # lost events are sent again after a resume
            while True:
                while self.sent < len(self.events):
                    await socket.send_json(self.events[self.sent])
                    self.sent += 1
                self.changes.notify()
                self.has_events.clear()
                await self.has_events.wait()


class Gateway:
    """All sessions and open connections.

    Attributes:
        heartbeat_interval: Interval that clients are asked for, in seconds.
        acknowledges_heartbeats: Whether heartbeats are acknowledged.
        resume_overlap: Number of received events that are sent again after a resume.
        down: Whether connections are refused with status 503.
        identify_payloads: Payloads of all IDENTIFY messages.
        resume_count: Number of resumes.
        heartbeat_count: Number of heartbeats.
    """

    def __init__(self, state: State, changes: Changes) -> None:
        self._state = state
        self._changes = changes
        self._open: dict[web.WebSocketResponse, web.Request] = {}
        self.sessions: dict[str, Session] = {}
        self.heartbeat_interval = 41.25
        self.acknowledges_heartbeats = True
        self.resume_overlap = 0
        self.down = False
        self.identify_payloads: list[Json] = []
        self.resume_count = 0
        self.heartbeat_count = 0

    @property
    def ready_sessions(self) -> list[Session]:
        """Sessions with a connection on which READY was sent."""
        return [session for session in self.sessions.values() if session.socket and session.sent]

    def emit(
        self,
        event: str,
        data: Json,
        *,
        guild: Guild | None,
        required_intent: Intent,
        without_content: Json | None = None,
    ) -> None:
        """Send an event to the sessions of the guild's shard that subscribe to it.

        Args:
            event: Name of the event.
            data: Its data.
            guild: The guild in which it happened; None outside guilds.
            required_intent: Intent of sessions that get the event.
            without_content: Data for sessions without the message content intent, if different.
        """
        for session in self.sessions.values():
            shard = (int(guild.id) >> 22) % session.shards if guild else 0
            if session.shard != shard or required_intent not in session.intents:
                continue
            has_content = Intent.MESSAGE_CONTENT in session.intents or without_content is None
            session.push(event, data if has_content else without_content)
        self._changes.notify()

    def resend_last(self, event: str) -> None:
        """Send the last event of this name again, with a new sequence number."""
        for session in self.sessions.values():
            last = next(sent for sent in reversed(session.events) if sent["t"] == event)
            session.push(event, last["d"])

    def drop_connections(self) -> None:
        """Abort every connection."""
        for session in self.sessions.values():
            session.detach()
        for request in self._open.values():
            if request.transport:
                request.transport.abort()

    async def request_reconnect(self) -> None:
        """Send RECONNECT on every connection."""
        for socket in list(self._open):
            await _send(socket, Op.RECONNECT, None)

    async def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Send INVALID_SESSION on every connection; unless resumable, discard the sessions."""
        if not resumable:
            self.sessions.clear()
        for socket in list(self._open):
            await _send(socket, Op.INVALID_SESSION, resumable)

    async def close_connections(self, code: int = 1001) -> None:
        """Close every connection with a close code."""
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
            await _send(socket, Op.HELLO, {"heartbeat_interval": interval})
            async for frame in socket:
                await self._receive(socket, json.loads(frame.data))
        except GatewayClose as closing:
            await socket.close(code=closing.code)
        except ConnectionError:  # the test aborted it during a send
            pass
        finally:
            del self._open[socket]
            if session := self._session(socket):
                session.detach()
            self._changes.notify()
        return socket

    def _session(self, socket: web.WebSocketResponse) -> Session | None:
        return next((one for one in self.sessions.values() if one.socket is socket), None)

    async def _receive(self, socket: web.WebSocketResponse, message: Json) -> None:
        identified = self._session(socket) is not None
        match message["op"]:
            case Op.HEARTBEAT:
                self.heartbeat_count += 1
                if self.acknowledges_heartbeats:
                    await _send(socket, Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY | Op.RESUME if identified:
                raise GatewayClose(GatewayClose.ALREADY_AUTHENTICATED)
            case Op.IDENTIFY:
                self._identify(message["d"]).attach(socket, sent=0)
            case Op.RESUME:
                if session := self._resume(message["d"]):
                    session.attach(socket, sent=max(0, message["d"]["seq"] - self.resume_overlap))
                else:
                    await _send(socket, Op.INVALID_SESSION, d=False)
            case _ if not identified:
                raise GatewayClose(GatewayClose.NOT_AUTHENTICATED)
        self._changes.notify()

    def _identify(self, payload: Json) -> Session:
        self.identify_payloads.append(payload)
        intents = Intent(payload["intents"])
        shard, shards = payload.get("shard", (0, 1))
        if payload["token"] != self._state.token:
            raise GatewayClose(GatewayClose.AUTHENTICATION_FAILED)
        if not 0 <= shard < shards:
            raise GatewayClose(GatewayClose.INVALID_SHARD)
        if intents & PRIVILEGED & ~self._state.granted:
            raise GatewayClose(GatewayClose.DISALLOWED_INTENTS)
        session = Session(self._state.new_id(), shard, shards, intents, self._changes)
        self.sessions[session.id] = session
        self._send_ready(session)
        return session

    def _send_ready(self, session: Session) -> None:
        state = self._state
        guilds = [
            guild
            for guild in state.guilds.values()
            if guild.joined and (int(guild.id) >> 22) % session.shards == session.shard
        ]
        ready = {
            "v": 10,
            "user": {**user_json(state.bot_user), "verified": True, "mfa_enabled": False},
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

    def _resume(self, payload: Json) -> Session | None:
        if payload["token"] != self._state.token:
            raise GatewayClose(GatewayClose.AUTHENTICATION_FAILED)
        session = self.sessions.get(payload["session_id"] or "")
        if session is None:
            return None
        if payload["seq"] > len(session.events):
            raise GatewayClose(GatewayClose.INVALID_SEQUENCE)
        self.resume_count += 1
        session.detach()
        session.push("RESUMED", {})
        return session


async def _send(socket: web.WebSocketResponse, op: Op, d: object) -> None:
    await socket.send_json({"op": op, "d": d, "s": None, "t": None})
