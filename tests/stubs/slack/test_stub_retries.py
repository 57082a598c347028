"""Events that are not acknowledged in time are delivered again; interactions are not."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack.objects import Channel, User
from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.state import APP_TOKEN
from tests.support.loopback import Loopback

Received = list[tuple[str | None, str]]
"""Retry number and event id of each request."""


class App:
    """An app that answers with the given statuses in turn, then with 200; 0 is no answer."""

    def __init__(self, stub: SlackStub, loopback: Loopback) -> None:
        self.stub = stub
        self.statuses: list[int] = []
        self.received: Received = []
        self.ended = asyncio.Event()
        loopback.answer("/slack/events", self._answer)
        stub.deliveries.processes.append(loopback.url)
        stub.deliveries.retry_delays = (0.0, 0.01, 0.01)
        stub.deliveries.ack_timeout = 0.05

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.content_type == "application/json" else {}
        self.received.append((request.headers.get("X-Slack-Retry-Num"), body.get("event_id", "")))
        status = self.statuses.pop(0) if self.statuses else 200
        if not status:
            await self.ended.wait()
        return web.Response(status=status or 200)


@pytest.fixture
async def app(slack_stub: SlackStub, loopback: Loopback) -> AsyncIterator[App]:
    app = App(slack_stub, loopback)
    yield app
    app.ended.set()


@pytest.mark.parametrize("first", [500, 401, 0], ids=["error", "refused", "no answer"])
async def test_event_that_is_not_acknowledged_is_delivered_again(
    app: App, music: Channel, ada: User, first: int
) -> None:
    app.statuses = [first]
    _, (delivery,) = app.stub.actions.post(music, ada, "hello")
    await app.stub.until(lambda: delivery.acknowledged)
    event_id = delivery.payload["event_id"]
    assert app.received == [(None, event_id), ("1", event_id)]


async def test_slack_gives_up_after_three_repetitions(app: App, music: Channel, ada: User) -> None:
    app.statuses = [500] * 4
    _, (delivery,) = app.stub.actions.post(music, ada, "hello")
    await app.stub.until(lambda: delivery.failed)
    assert [number for number, _ in app.received] == [None, "1", "2", "3"]
    assert not delivery.acknowledged


async def test_command_is_delivered_once(app: App, music: Channel, ada: User) -> None:
    app.statuses = [500]
    command = app.stub.actions.command(music, ada, "heroes")
    await app.stub.until(lambda: command.failed)
    _, (event,) = app.stub.actions.post(music, ada, "hello")
    await app.stub.until(lambda: event.acknowledged)
    assert len(app.received) == 2
    assert not command.acknowledged


async def test_interaction_on_a_lost_websocket_fails_and_an_event_is_sent_again(
    slack_stub: SlackStub, music: Channel, ada: User, session: aiohttp.ClientSession
) -> None:
    assert slack_stub.actions.command(music, ada, "nobody is there").failed

    async def open_socket() -> aiohttp.ClientWebSocketResponse:
        opened = await AsyncWebClient(base_url=slack_stub.api).apps_connections_open(
            app_token=APP_TOKEN
        )
        socket = await session.ws_connect(str(opened["url"]))
        assert (await socket.receive_json())["type"] == "hello"
        return socket

    first = await open_socket()
    command = slack_stub.actions.command(music, ada, "heroes")
    _, (event,) = slack_stub.actions.post(music, ada, "hello")
    assert {(await first.receive_json())["envelope_id"] for _ in range(2)} == {command.id, event.id}
    slack_stub.deliveries.disconnect()
    await first.close()
    second = await open_socket()
    assert (await second.receive_json())["envelope_id"] == event.id
    assert command.failed
    await second.close()


async def test_event_without_acknowledgement_is_repeated_on_an_open_websocket(
    slack_stub: SlackStub, music: Channel, ada: User, session: aiohttp.ClientSession
) -> None:
    slack_stub.deliveries.retry_delays = (0.0,)
    slack_stub.deliveries.ack_timeout = 0.01
    opened = await AsyncWebClient(base_url=slack_stub.api).apps_connections_open(
        app_token=APP_TOKEN
    )
    async with (
        asyncio.timeout(slack_stub.timeout),
        session.ws_connect(str(opened["url"])) as socket,
    ):
        await socket.receive_json()
        _, (event,) = slack_stub.actions.post(music, ada, "hello")
        envelopes = [await socket.receive_json() for _ in range(2)]
        await slack_stub.until(lambda: event.failed)
    assert [envelope.get("retry_attempt") for envelope in envelopes] == [None, 1]
