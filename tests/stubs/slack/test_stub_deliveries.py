"""The stub delivers events as Slack does, and again if they are not acknowledged."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack.objects import Channel, User, Workspace
from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.state import APP_TOKEN, SIGNING_SECRET
from tests.support.fake_app import LINK
from tests.support.loopback import Loopback


@asynccontextmanager
async def connected(
    stub: SlackStub, session: aiohttp.ClientSession
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open a websocket as the app does, and close it at the end of the block."""
    opened = await AsyncWebClient(base_url=stub.api).apps_connections_open(app_token=APP_TOKEN)
    async with session.ws_connect(str(opened["url"])) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        yield socket


async def test_unacknowledged_event_is_sent_again_on_the_next_websocket(
    slack_stub: SlackStub, music: Channel, ada: User, session: aiohttp.ClientSession
) -> None:
    async with connected(slack_stub, session) as first:
        _, (delivery,) = slack_stub.actions.post(music, ada, "hello")
        assert "retry_attempt" not in await first.receive_json()
        slack_stub.deliveries.disconnect(mid_frame=True)
        assert (await first.receive()).type is not aiohttp.WSMsgType.TEXT
    async with connected(slack_stub, session) as second:
        resent = await second.receive_json()
        assert (resent["payload"], resent["retry_attempt"]) == (delivery.payload, 1)
        await second.send_json({"envelope_id": resent["envelope_id"]})
        await slack_stub.wait_for_acks([delivery])


async def test_events_are_signed_and_sent_to_processes_in_turn(
    slack_stub: SlackStub, music: Channel, ada: User, loopback: Loopback
) -> None:
    verifier = SignatureVerifier(SIGNING_SECRET)
    received: list[tuple[str, bool]] = []

    def process(name: str) -> None:
        async def answer(request: web.Request) -> web.Response:
            body = await request.text()
            received.append((name, verifier.is_valid_request(body, request.headers)))
            return web.Response()

        loopback.answer(f"/{name}/slack/events", answer)
        slack_stub.deliveries.processes.append(f"{loopback.url}/{name}")

    process("one")
    process("two")
    _, deliveries = slack_stub.actions.post(music, ada, LINK)
    await slack_stub.wait_for_acks(deliveries)
    assert sorted(received) == [("one", True), ("two", True)]


async def test_events_depend_on_membership_scopes_and_subscriptions(
    slack_stub: SlackStub, team: Workspace, music: Channel, ada: User
) -> None:
    actions = slack_stub.actions
    elsewhere = actions.channel(team, joined=False)
    text = f"<@{team.bot_user}> {LINK}"

    def kinds(channel: Channel) -> list[str]:
        return [
            delivery.payload["event"]["type"] for delivery in actions.post(channel, ada, text)[1]
        ]

    assert kinds(music) == ["message", "app_mention", "link_shared"]
    assert kinds(elsewhere) == ["link_shared"]
    assert kinds(actions.channel(team, "im")) == ["message", "link_shared"]
    team.scopes -= {"channels:history", "links:read"}
    assert kinds(music) == ["app_mention"]
    slack_stub.state.subscribed.clear()
    assert kinds(music) == []


async def test_deleted_message_leaves_a_tombstone_only_if_its_thread_has_replies(
    slack_stub: SlackStub, music: Channel, ada: User
) -> None:
    actions = slack_stub.actions
    first, _ = actions.post(music, ada, "first")
    answer, _ = actions.post(music, ada, "answer", first)
    (changed,) = actions.delete(music, first)
    assert changed.payload["event"]["message"]["subtype"] == "tombstone"
    (deleted,) = actions.delete(music, answer)
    assert deleted.payload["event"]["deleted_ts"] == answer


async def test_websocket_ticket_is_valid_once(
    slack_stub: SlackStub, session: aiohttp.ClientSession
) -> None:
    opened = await AsyncWebClient(base_url=slack_stub.api).apps_connections_open(
        app_token=APP_TOKEN
    )
    address = str(opened["url"])
    async with (
        session.ws_connect(address),
        session.get(address.replace("ws:", "http:")) as second,
    ):
        assert second.status == 403
