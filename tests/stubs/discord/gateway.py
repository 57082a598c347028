"""Gateway of the fake Discord: connections, their sessions, and lost ones."""

import json

from aiohttp import WSCloseCode, WSMsgType, web

from tests.stubs.discord.objects import PRIVILEGED, Guild, Intent, Json
from tests.stubs.discord.sessions import Op, Session
from tests.stubs.discord.state import State, user_json
from tests.support.changes import Changes


class GatewayClose(Exception):
    """Closes the connection with one of Discord's codes."""

    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    SESSION_TIMED_OUT = 4009
    INVALID_SHARD = 4010
    DISALLOWED_INTENTS = 4014

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


ENDS_SESSION = frozenset({WSCloseCode.OK, WSCloseCode.GOING_AWAY})
"""Close codes of the client that end its session. Without a close frame it stays resumable."""


class Gateway:
    """All sessions and open connections.

    Attributes:
        heartbeat_interval: Interval that clients are asked for, in seconds.
        acknowledges_heartbeats: Whether heartbeats are acknowledged.
        resumable_seconds: How long a session without a connection can be resumed.
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
        self.resumable_seconds = 300.0
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
            if self._expired(session):
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
            self._detach(session)
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
        ended = False
        try:
            interval = int(self.heartbeat_interval * 1000)
            await _send(socket, Op.HELLO, {"heartbeat_interval": interval})
            while (frame := await socket.receive()).type is WSMsgType.TEXT:
                await self._receive(socket, json.loads(frame.data))
            # A lost connection and a close from here have other types.
            ended = frame.type is WSMsgType.CLOSE and frame.data in ENDS_SESSION
        except GatewayClose as closing:
            await socket.close(code=closing.code)
        except ConnectionError:  # the test aborted it during a send
            pass
        finally:
            del self._open[socket]
            if session := self._session(socket):
                self._detach(session)
                session.ended = ended
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
                if session := await self._resume(message["d"]):
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

    def _detach(self, session: Session) -> None:
        if session.socket:
            session.detached_at = self._state.clock()
        session.detach()

    def _expired(self, session: Session) -> bool:
        age = self._state.clock() - session.detached_at
        return session.ended or (session.socket is None and age > self.resumable_seconds)

    async def _resume(self, payload: Json) -> Session | None:
        if payload["token"] != self._state.token:
            raise GatewayClose(GatewayClose.AUTHENTICATION_FAILED)
        session = self.sessions.get(payload["session_id"] or "")
        if session is None or self._expired(session):
            return None
        if payload["seq"] > len(session.events):
            raise GatewayClose(GatewayClose.INVALID_SEQUENCE)
        self.resume_count += 1
        other = session.socket
        session.detach()
        if other:
            await other.close(code=GatewayClose.SESSION_TIMED_OUT)
        session.push("RESUMED", {})
        return session


async def _send(socket: web.WebSocketResponse, op: Op, d: object) -> None:
    await socket.send_json({"op": op, "d": d, "s": None, "t": None})
