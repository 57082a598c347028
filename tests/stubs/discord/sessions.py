"""Sessions of the fake Discord's gateway, with their events in order."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from tests.stubs.discord.objects import Intent, Json
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


@dataclass(eq=False)
class Session:
    """A session of the bot, which may outlive its connections and processes.

    Attributes:
        shard: Number of its shard.
        shards: Number of shards.
        events: All events; the sequence number of an event is its index plus 1.
        sent: Number of events that the current connection does not need any more.
        socket: The current connection.
        sender: Task that sends the events to it.
        detached_at: When the last connection ended, by the state's clock.
        ended: Whether it can no longer be resumed.
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
    detached_at: float = 0.0
    ended: bool = False
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
