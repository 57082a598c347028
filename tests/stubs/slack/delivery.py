"""Delivery of events and interactions to the app, by websocket or by signed HTTP requests."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.stubs.slack.objects import Json
from tests.stubs.slack.state import SIGNING_SECRET
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
    """

    kind: str
    payload: Json
    id: str
    status: int = 0
    reply: Any = None
    sent_at: float = 0.0
    ack_seconds: float = 0.0
    attempts: int = 0


class Deliveries:
    """Delivers to the app's processes in turn (round robin), or else to its newest websocket.

    Without either, deliveries are queued for the next websocket. Those that are not acknowledged
    when a websocket closes are sent again and marked as a repetition.

    Attributes:
        url: Base address of the stub.
        processes: Base addresses of the app's processes that receive events by HTTP.
        sockets: Open websockets.
        all: All deliveries, in order.
        responses: Messages sent to each `response_url`, by its last path segment.
    """

    def __init__(self, changes: Changes) -> None:
        self.url = ""
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
        delivery.status = 0
        if self.processes:
            index = next(self._round_robin) % len(self.processes)
            self._start(self._send_by_http(self.processes[index], delivery))
        elif self.sockets:
            self._start(self._send_by_socket(self.sockets[-1], delivery))
        else:
            self._queued.append(delivery)

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
            if not delivery.status:
                self.resend(delivery)
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
        if delivery.attempts and delivery.kind == "events_api":
            retry = {"retry_attempt": delivery.attempts, "retry_reason": "timeout"}
        delivery.attempts += 1
        envelope = {
            "type": delivery.kind,
            "envelope_id": delivery.id,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        try:
            await socket.send_json(envelope | retry)
        except (ConnectionError, aiohttp.ClientError):
            self.drop(socket)

    def _on_reply(self, socket: web.WebSocketResponse, reply: Json) -> None:
        for delivery in self._unacknowledged.get(socket, []):
            if delivery.id == reply.get("envelope_id") and not delivery.status:
                self._acknowledge(delivery, 200, reply.get("payload"))

    async def _send_by_http(self, address: str, delivery: Delivery) -> None:
        delivery.sent_at = time.monotonic()
        body, content_type = encode(delivery)
        retry = {
            "X-Slack-Retry-Num": str(delivery.attempts),
            "X-Slack-Retry-Reason": "http_timeout",
        }
        headers = (
            signature_headers(body)
            | {"Content-Type": content_type}
            | (retry if delivery.attempts else {})
        )
        delivery.attempts += 1
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(f"{address}/slack/events", data=body, headers=headers) as response,
            ):
                text = await response.text()
                self._acknowledge(delivery, response.status, text)
        except aiohttp.ClientError:
            return  # that process has ended: not acknowledged

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


def encode(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body and content type of the HTTP request of a delivery."""
    payload = delivery.payload
    if delivery.kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return urlencode({key: value or "" for key, value in payload.items()}).encode(), form


def signature_headers(
    body: bytes, secret: str = SIGNING_SECRET, timestamp: float | None = None
) -> dict[str, str]:
    """Return the headers with Slack's signature of a request.

    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    at = str(int(time.time() if timestamp is None else timestamp))
    base = b"v0:" + at.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
