"""Delivery of events and interactions to the app, by websocket or by signed HTTP requests."""

import asyncio
import itertools
import json
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import web

from tests.stubs.slack.objects import Json
from tests.stubs.slack.signing import signed_request
from tests.support.changes import Changes

ACK_TIMEOUT: Final = 3.0
"""Seconds within which Slack requires an acknowledgement."""


@dataclass(eq=False)
class Delivery:
    """An event or interaction that is delivered to the app.

    Attributes:
        kind: Type of the Socket Mode envelope.
        payload: The event or interaction.
        id: Id of the envelope.
        status: HTTP status of the acknowledgement (200 by websocket); 0 until there is one.
        reply: Content of the acknowledgement.
        sent_at: Monotonic time of the latest attempt.
        ack_seconds: Seconds from the latest attempt to its acknowledgement.
        attempts: Number of attempts to deliver it.
        failed: Whether Slack has given it up. For an interaction a person sees an error.
    """

    kind: str
    payload: Json
    id: str
    status: int = 0
    reply: Any = None
    sent_at: float = 0.0
    ack_seconds: float = 0.0
    attempts: int = 0
    failed: bool = False

    @property
    def acknowledged(self) -> bool:
        """Whether the app has accepted it."""
        return self.status == web.HTTPOk.status_code

    @property
    def is_event(self) -> bool:
        """Whether Slack delivers it again; it does not for commands, shortcuts and actions."""
        return self.kind == "events_api"


class Deliveries:
    """Delivers to the app's processes in turn (round robin), or else to its newest websocket.

    Without either, events are queued for the next websocket, and interactions fail. Events that are
    not acknowledged when a websocket closes are sent again and marked as a repetition.

    Attributes:
        ack_timeout: Seconds after which an event is not acknowledged, if there are retry delays.
        retry_delays: Seconds before each further attempt to deliver an event that was not
            acknowledged with status 200; none for tests that deliver again themselves.
        url: Base address of the stub.
        processes: Base addresses of the app's processes that receive events by HTTP.
        sockets: Open websockets.
        all: All deliveries, in order.
        responses: Messages sent to each `response_url`, by its last path segment.
    """

    def __init__(self, changes: Changes) -> None:
        self.url = ""
        self.ack_timeout = ACK_TIMEOUT
        self.retry_delays: Sequence[float] = ()
        self.processes: list[str] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.all: list[Delivery] = []
        self.responses: dict[str, list[Json]] = {}
        self._changes = changes
        self._queued: list[Delivery] = []
        self._unacknowledged: dict[web.WebSocketResponse, list[Delivery]] = {}
        self._numbers = itertools.count(1)
        self._round_robin = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()

    def response_url(self, number: str) -> str:
        """Return a new `response_url`."""
        self.responses[number] = []
        return f"{self.url}/response/{number}"

    def send(self, kind: str, payload: Json) -> Delivery:
        """Deliver a new event or interaction."""
        delivery = Delivery(kind, payload, f"envelope-{next(self._numbers)}")
        self.all.append(delivery)
        self.resend(delivery)
        return delivery

    def resend(self, delivery: Delivery) -> None:
        """Deliver an event or interaction, possibly again."""
        delivery.status, delivery.failed = 0, False
        if self.processes:
            index = next(self._round_robin) % len(self.processes)
            self._start(self._send_by_http(self.processes[index], delivery))
        elif self.sockets:
            self._start(self._send_by_socket(self.sockets[-1], delivery))
        elif delivery.is_event:
            self._queued.append(delivery)
        else:
            delivery.failed = True

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve a websocket until it closes."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "debug_info": {}})
        self.sockets.append(socket)
        queued, self._queued = self._queued, []
        self._changes.notify()
        for delivery in queued:
            await self._send_by_socket(socket, delivery)
        try:
            async for message in socket:
                self._on_reply(socket, json.loads(message.data))
        finally:
            self.drop(socket)
        return socket

    def drop(self, socket: web.WebSocketResponse) -> None:
        """Remove a websocket and deliver again what was not acknowledged on it."""
        if socket in self.sockets:
            self.sockets.remove(socket)
        pending = self._unacknowledged.pop(socket, [])
        for delivery in pending:
            if delivery.status:
                continue
            if delivery.is_event:
                self.resend(delivery)
            else:
                delivery.failed = True
        self._changes.notify()

    async def request_reconnect(self) -> None:
        """Request a new connection, as Slack does every few hours."""
        for socket in self.sockets:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    def disconnect(self, *, mid_frame: bool = False) -> None:
        """Abort all websockets, optionally in the middle of a frame."""
        for socket in list(self.sockets):
            transport = socket._req.transport if socket._req else None
            assert transport is not None
            if mid_frame:
                # The first bytes of a text frame of 60,000 bytes.
                transport.write(b'\x81\x7e\xea\x60{"type": "events_api", "envelope_id": "e"')
            transport.abort()
            self.drop(socket)

    async def close(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_by_socket(self, socket: web.WebSocketResponse, delivery: Delivery) -> None:
        self._unacknowledged.setdefault(socket, []).append(delivery)
        delivery.sent_at = time.monotonic()
        retry: Json = {}
        if delivery.attempts and delivery.is_event:
            retry = {"retry_attempt": delivery.attempts, "retry_reason": "timeout"}
        delivery.attempts += 1
        envelope = {
            "type": delivery.kind,
            "envelope_id": delivery.id,
            "payload": delivery.payload,
            "accepts_response_payload": not delivery.is_event,
        }
        try:
            await socket.send_json(envelope | retry)
        except (ConnectionError, aiohttp.ClientError):
            self.drop(socket)
            return
        if self.retry_delays and delivery.is_event:
            await asyncio.sleep(self.ack_timeout)
            waiting = self._unacknowledged.get(socket, [])
            if delivery in waiting and not delivery.status:
                waiting.remove(delivery)
                await self._retry(delivery)

    async def _retry(self, delivery: Delivery) -> None:
        """Deliver an event again after its delay; give up after the last one."""
        if not delivery.is_event or delivery.attempts > len(self.retry_delays):
            delivery.failed = True
            self._changes.notify()
            return
        await asyncio.sleep(self.retry_delays[delivery.attempts - 1])
        self.resend(delivery)

    def _on_reply(self, socket: web.WebSocketResponse, reply: Json) -> None:
        waiting = self._unacknowledged.get(socket, [])
        for delivery in waiting:
            if delivery.id == reply.get("envelope_id"):
                waiting.remove(delivery)
                self._acknowledge(delivery, 200, reply.get("payload"))
                return

    async def _send_by_http(self, address: str, delivery: Delivery) -> None:
        delivery.sent_at = time.monotonic()
        body, headers = signed_request(delivery.kind, delivery.payload)
        retry = {
            "X-Slack-Retry-Num": str(delivery.attempts),
            "X-Slack-Retry-Reason": "http_timeout",
        }
        if delivery.attempts and delivery.is_event:
            headers |= retry
        delivery.attempts += 1
        limit = self.ack_timeout if self.retry_delays else None
        try:
            async with (
                asyncio.timeout(limit),
                aiohttp.ClientSession() as session,
                session.post(f"{address}/slack/events", data=body, headers=headers) as response,
            ):
                text = await response.text()
                self._acknowledge(delivery, response.status, text)
        except (aiohttp.ClientError, TimeoutError):  # that process has ended, or hangs
            delivery.failed = True
        if self.retry_delays and not delivery.acknowledged:
            await self._retry(delivery)

    def _acknowledge(self, delivery: Delivery, status: int, reply: Any) -> None:
        delivery.status, delivery.reply = status, reply
        delivery.ack_seconds = time.monotonic() - delivery.sent_at
        self._changes.notify()

    @property
    def late_acknowledgements(self) -> list[str]:
        """Acknowledgements after Slack's time limit, as sentences."""
        return [
            f"{delivery.kind} was acknowledged after {delivery.ack_seconds:.1f} s"
            for delivery in self.all
            if delivery.status and delivery.ack_seconds > ACK_TIMEOUT
        ]
