"""History of a channel, and nonces that keep the bot from sending twice."""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import pytest

from tests.stubs.discord.objects import Channel, Flag, Intent, Json, Permission, User
from tests.stubs.discord.rest import MESSAGE, MESSAGES
from tests.stubs.discord.server import DiscordStub
from tests.support.clock import ManualClock


class Api:
    """The REST API, as the bot uses it."""

    def __init__(self, stub: DiscordStub, session: aiohttp.ClientSession) -> None:
        self._stub = stub
        self._session = session
        self._headers = {"Authorization": f"Bot {stub.state.token}"}

    async def call(self, method: str, route: str, **options: Any) -> Any:
        """Return the JSON of a reply."""
        url = self._stub.url + route
        async with self._session.request(method, url, headers=self._headers, **options) as reply:
            return await reply.json()

    async def send(self, channel: Channel, **payload: Any) -> Json:
        """Send a message."""
        route = MESSAGES.format(channel_id=channel.id)
        message: Json = await self.call("POST", route, json={"content": "hello", **payload})
        return message

    async def history(self, channel: Channel, **query: str) -> Sequence[Json]:
        """Return messages of a channel."""
        found: Sequence[Json] = await self.call(
            "GET", MESSAGES.format(channel_id=channel.id), params=query
        )
        return found


@pytest.fixture
def api(discord_stub: DiscordStub, session: aiohttp.ClientSession) -> Api:
    return Api(discord_stub, session)


@pytest.fixture
def posted(discord_stub: DiscordStub, ada: User, music: Channel) -> Mapping[str, str]:
    """Return the ids of five messages by their contents."""
    return {text: discord_stub.actions.post(music, ada, text) for text in "abcde"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "edcba"),
        ({"limit": "2"}, "ed"),
        ({"before": "d", "limit": "2"}, "cb"),
        ({"before": "b"}, "a"),
        ({"after": "a", "limit": "2"}, "cb"),
        ({"after": "d"}, "e"),
        ({"around": "c", "limit": "3"}, "dcb"),
        ({"around": "a", "limit": "2"}, "ba"),
    ],
)
async def test_page_of_the_history_is_newest_first(
    api: Api, music: Channel, posted: Mapping[str, str], query: Mapping[str, str], expected: str
) -> None:
    found = await api.history(music, **{k: posted.get(v, v) for k, v in query.items()})
    assert "".join(message["content"] for message in found) == expected


async def test_history_has_author_reference_and_components_but_no_nonce(
    api: Api, discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    question = discord_stub.actions.post(music, ada, "question")
    button = {"type": 2, "style": 1, "label": "b", "custom_id": "card:1"}
    reference = {"message_id": question}
    row = {"type": 1, "components": [button]}
    sent = await api.send(music, nonce="n", message_reference=reference, components=[row])
    assert sent["nonce"] == "n"
    newest, oldest = await api.history(music)
    one = await api.call("GET", MESSAGE.format(channel_id=music.id, message_id=sent["id"]))
    for read in (newest, one):
        assert "nonce" not in read
        assert read["author"]["id"] == discord_stub.state.bot_user.id
        assert read["message_reference"]["message_id"] == question
        assert read["components"][0]["components"][0]["custom_id"] == "card:1"
    assert oldest["author"]["id"] == ada.id


async def test_ephemeral_messages_are_not_in_the_history(
    api: Api, discord_stub: DiscordStub, music: Channel
) -> None:
    hidden = {"content": "hidden", "flags": int(Flag.EPHEMERAL)}
    discord_stub.chat.write(music, discord_stub.state.bot_user, hidden)
    assert await api.history(music) == []


@pytest.mark.usefixtures("posted")
async def test_history_needs_permissions_and_the_intent(
    api: Api, discord_stub: DiscordStub, music: Channel
) -> None:
    discord_stub.state.granted = Intent(0)
    assert {message["content"] for message in await api.history(music)} == {""}
    discord_stub.actions.deny(music, Permission.READ_MESSAGE_HISTORY)
    assert await api.history(music) == []
    discord_stub.actions.deny(music, Permission.VIEW_CHANNEL)
    refused: Any = await api.history(music)
    assert refused["code"] == 50001


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"before": "1", "after": "1"}])
async def test_wrong_page_is_a_violation(
    api: Api, discord_stub: DiscordStub, music: Channel, query: Mapping[str, str]
) -> None:
    refused: Any = await api.history(music, **query)
    assert refused["code"] == 50035
    assert "limit" in discord_stub.violations.pop()


async def test_enforced_nonce_returns_the_message_that_was_sent_with_it(
    api: Api, discord_stub: DiscordStub, music: Channel
) -> None:
    first = await api.send(music, nonce="n")
    second = await api.send(music, nonce="n", enforce_nonce=True, content="other")
    assert (second["id"], second["content"]) == (first["id"], "hello")
    assert len(discord_stub.messages(music)) == 1


async def test_nonce_that_is_not_enforced_or_is_another_sends_again(
    api: Api, discord_stub: DiscordStub, music: Channel
) -> None:
    await api.send(music, nonce="n", enforce_nonce=True)
    await api.send(music, nonce="n")
    await api.send(music, nonce="o", enforce_nonce=True)
    await api.send(music, enforce_nonce=True)
    await api.send(music, enforce_nonce=True)
    assert len(discord_stub.messages(music)) == 5


async def test_nonce_is_forgotten_after_some_minutes(
    api: Api, discord_stub: DiscordStub, music: Channel
) -> None:
    clock = discord_stub.state.clock = ManualClock()
    first = await api.send(music, nonce="n", enforce_nonce=True)
    clock.now += discord_stub.rest.nonce_seconds
    assert (await api.send(music, nonce="n", enforce_nonce=True))["id"] == first["id"]
    clock.now += 1
    assert (await api.send(music, nonce="n", enforce_nonce=True))["id"] != first["id"]
