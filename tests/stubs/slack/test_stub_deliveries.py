"""The stub tells an app what Slack would, and again when it was not heard."""

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.state import APP_TOKEN, SIGNING_SECRET
from tests.stubs.slack.values import Channel, User, Workspace
from tests.support.fake_app import LINK
from tests.support.loopback import Loopback


async def connect(
    stub: SlackStub, session: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    """Open a websocket as an app does."""
    opened = await AsyncWebClient(base_url=stub.api).apps_connections_open(app_token=APP_TOKEN)
    socket = await session.ws_connect(str(opened["url"]))
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_an_event_that_was_not_acknowledged_comes_again_on_the_next_websocket(
    slack_stub: SlackStub, music: Channel, ada: User, session: aiohttp.ClientSession
) -> None:
    first = await connect(slack_stub, session)
    _, (told,) = slack_stub.people.post(music, ada, "hello")
    assert "retry_attempt" not in await first.receive_json()
    slack_stub.deliveries.cut(in_the_middle=True)
    assert (await first.receive()).type is not aiohttp.WSMsgType.TEXT
    second = await connect(slack_stub, session)
    again = await second.receive_json()
    assert (again["payload"], again["retry_attempt"]) == (told.payload, 1)
    await second.send_json({"envelope_id": again["envelope_id"]})
    await slack_stub.taken([told])


async def test_an_event_goes_signed_to_the_processes_in_turn(
    slack_stub: SlackStub, music: Channel, ada: User, loopback: Loopback
) -> None:
    verifier = SignatureVerifier(SIGNING_SECRET)
    signed: list[tuple[str, bool]] = []

    def process(name: str) -> None:
        async def answer(request: web.Request) -> web.Response:
            body = await request.text()
            signed.append((name, verifier.is_valid_request(body, request.headers)))
            return web.Response()

        loopback.answer(f"/{name}/slack/events", answer)
        slack_stub.deliveries.processes.append(f"{loopback.url}/{name}")

    process("one")
    process("two")
    _, told = slack_stub.people.post(music, ada, LINK)
    await slack_stub.taken(told)
    assert sorted(signed) == [("one", True), ("two", True)]


async def test_an_app_is_told_of_what_it_may_know_and_of_nothing_else(
    slack_stub: SlackStub, team: Workspace, music: Channel, ada: User
) -> None:
    people = slack_stub.people
    elsewhere = people.channel(team, joined=False)
    text = f"<@{team.bot_user}> {LINK}"

    def kinds(channel: Channel) -> list[str]:
        return [told.payload["event"]["type"] for told in people.post(channel, ada, text)[1]]

    assert kinds(music) == ["message", "app_mention", "link_shared"]
    assert kinds(elsewhere) == ["link_shared"]
    assert kinds(people.channel(team, "im")) == ["message", "link_shared"]
    team.scopes -= {"channels:history", "links:read"}
    assert kinds(music) == ["app_mention"]
    slack_stub.state.subscribed.clear()
    assert kinds(music) == []


async def test_a_deleted_message_leaves_a_stone_only_where_its_thread_goes_on(
    slack_stub: SlackStub, music: Channel, ada: User
) -> None:
    people = slack_stub.people
    first, _ = people.post(music, ada, "first")
    answer, _ = people.post(music, ada, "answer", first)
    (changed,) = people.delete(music, first)
    assert changed.payload["event"]["message"]["subtype"] == "tombstone"
    (deleted,) = people.delete(music, answer)
    assert deleted.payload["event"]["deleted_ts"] == answer


async def test_a_ticket_for_a_websocket_is_good_once(
    slack_stub: SlackStub, session: aiohttp.ClientSession
) -> None:
    opened = await AsyncWebClient(base_url=slack_stub.api).apps_connections_open(
        app_token=APP_TOKEN
    )
    address = str(opened["url"])
    await session.ws_connect(address)
    async with session.get(address.replace("ws:", "http:")) as second:
        assert second.status == 403
