"""How the app is told: by its websocket, or by signed requests to its processes in turn."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.stubs.discord.changes import Changes
from tests.stubs.slack.state import SIGNING_SECRET
from tests.stubs.slack.values import Json

ACK_WITHIN: Final = 3.0
"""Seconds in which Slack wants to hear that something arrived."""


@dataclass(eq=False)
class Delivery:
    """Something that the app was told, and how it took it.

    `status` is 0 until it was acknowledged; `answer` is what came with that; `seconds` how long it
    took. `tries` counts how often it was sent.
    """

    kind: str
    payload: Json
    id: str
    status: int = 0
    answer: Any = None
    seconds: float = 0.0
    tries: int = 0


class Deliveries:
    """Sends to `processes`, addresses of the app's, in turn, else to the websockets, in turn.

    What finds nobody waits for the next websocket, as does what was not acknowledged when one broke
    off: Slack says that it is a repetition.
    """

    def __init__(self, changes: Changes) -> None:
        self.url = ""
        self.processes: list[str] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.all: list[Delivery] = []
        self.answers: dict[str, list[Json]] = {}
        self._changes = changes
        self._waiting: list[Delivery] = []
        self._under_way: dict[web.WebSocketResponse, list[Delivery]] = {}
        self._numbers = itertools.count(1)
        self._turns = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()

    def response_url(self, number: str) -> str:
        """Make an address for answers."""
        self.answers[number] = []
        return f"{self.url}/response/{number}"

    def send(self, kind: str, payload: Json) -> Delivery:
        """Tell the app something new."""
        delivery = Delivery(kind, payload, f"envelope-{next(self._numbers)}")
        self.all.append(delivery)
        self.again(delivery)
        return delivery

    def again(self, delivery: Delivery) -> None:
        """Tell the app something, perhaps anew."""
        delivery.status = 0
        if self.processes:
            turn = next(self._turns) % len(self.processes)
            self._do(self._post(self.processes[turn], delivery))
        elif self.sockets:
            self._do(self._push(self.sockets[-1], delivery))
        else:
            self._waiting.append(delivery)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold a websocket until it breaks off."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "debug_info": {}})
        self.sockets.append(socket)
        waiting, self._waiting = self._waiting, []
        self._changes.tell()
        for delivery in waiting:
            await self._push(socket, delivery)
        try:
            async for message in socket:
                self._acknowledged(socket, json.loads(message.data))
        finally:
            self.forget(socket)
        return socket

    def forget(self, socket: web.WebSocketResponse) -> None:
        """Count a websocket as gone; what it was not acknowledged on goes elsewhere."""
        if socket in self.sockets:
            self.sockets.remove(socket)
        left = self._under_way.pop(socket, [])
        for delivery in left:
            if not delivery.status:
                self.again(delivery)
        self._changes.tell()

    async def refresh(self) -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        for socket in self.sockets:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    def cut(self, *, in_the_middle: bool = False) -> None:
        """Break all websockets off, perhaps in the middle of a message."""
        for socket in list(self.sockets):
            transport = socket._req.transport if socket._req else None
            assert transport is not None
            if in_the_middle:
                # The first bytes of a text of 60,000 of them, and no more.
                transport.write(b'\x81\x7e\xea\x60{"type": "events_api", "envelope_id": "e"')
            transport.abort()
            self.forget(socket)

    async def close(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _push(self, socket: web.WebSocketResponse, delivery: Delivery) -> None:
        self._under_way.setdefault(socket, []).append(delivery)
        delivery.seconds = time.monotonic()
        again: Json = {}
        if delivery.tries and delivery.kind == "events_api":
            again = {"retry_attempt": delivery.tries, "retry_reason": "timeout"}
        delivery.tries += 1
        envelope = {
            "type": delivery.kind,
            "envelope_id": delivery.id,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        try:
            await socket.send_json(envelope | again)
        except (ConnectionError, aiohttp.ClientError):
            self.forget(socket)

    def _acknowledged(self, socket: web.WebSocketResponse, answer: Json) -> None:
        for delivery in self._under_way.get(socket, []):
            if delivery.id == answer.get("envelope_id") and not delivery.status:
                self._note(delivery, 200, answer.get("payload"))

    async def _post(self, address: str, delivery: Delivery) -> None:
        delivery.seconds = time.monotonic()
        body, kind = encoded(delivery)
        again = {"X-Slack-Retry-Num": str(delivery.tries), "X-Slack-Retry-Reason": "http_timeout"}
        headers = signed(body) | {"Content-Type": kind} | (again if delivery.tries else {})
        delivery.tries += 1
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(f"{address}/slack/events", data=body, headers=headers) as response,
            ):
                text = await response.text()
                self._note(delivery, response.status, text)
        except aiohttp.ClientError:
            return  # that process is gone: not acknowledged

    def _note(self, delivery: Delivery, status: int, answer: Any) -> None:
        delivery.status, delivery.answer = status, answer
        delivery.seconds = time.monotonic() - delivery.seconds
        self._changes.tell()

    @property
    def slow(self) -> list[str]:
        """What was acknowledged too late for Slack."""
        return [
            f"{delivery.kind} was acknowledged after {delivery.seconds:.1f} s"
            for delivery in self.all
            if delivery.status and delivery.seconds > ACK_WITHIN
        ]


def encoded(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body of a request and its content type."""
    payload = delivery.payload
    if delivery.kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return urlencode({key: value or "" for key, value in payload.items()}).encode(), form


def signed(
    body: bytes, secret: str = SIGNING_SECRET, timestamp: float | None = None
) -> dict[str, str]:
    """Return the headers by which a request is known to be Slack's."""
    at = str(int(time.time() if timestamp is None else timestamp))
    base = b"v0:" + at.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
