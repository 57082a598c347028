"""Sessions that outlive the connection and the process of their client."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.stubs.discord.gateway import GatewayClose
from tests.stubs.discord.objects import Channel, Intent, User
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.sessions import Op
from tests.support.clock import ManualClock

Socket = aiohttp.ClientWebSocketResponse

INTENTS = int(Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.MESSAGE_CONTENT)


class Gateway:
    """Opens connections as a client does, with the session of any other client."""

    def __init__(self, stub: DiscordStub, session: aiohttp.ClientSession) -> None:
        self.stub = stub
        self._session = session

    @asynccontextmanager
    async def connected(self, op: Op, **data: Any) -> AsyncIterator[Socket]:
        """Connect, and send the first message after HELLO; lose the connection at the end."""
        async with (
            asyncio.timeout(self.stub.timeout),
            self._session.ws_connect(self.stub.state.gateway_url) as socket,
        ):
            assert (await socket.receive_json())["op"] == Op.HELLO
            await socket.send_json({"op": op, "d": {"token": self.stub.state.token, **data}})
            yield socket
            connection = socket._response.connection
            if connection and connection.transport:
                connection.transport.abort()

    async def identify(self, *, code: int | None = None) -> tuple[str, int]:
        """Start a session; close with a code, or lose the connection. Return its id and sequence.

        The sequence number is that of READY; GUILD_CREATE follows.
        """
        async with self.connected(Op.IDENTIFY, intents=INTENTS) as socket:
            ready = await socket.receive_json()
            assert ready["d"]["resume_gateway_url"] == self.stub.state.gateway_url
            await socket.receive_json()
            if code is not None:
                await socket.close(code=code)
        await self.stub.wait_for_disconnection()
        return ready["d"]["session_id"], ready["s"]

    def resumed(self, session_id: str, seq: int) -> Any:
        """Connect and resume a session."""
        return self.connected(Op.RESUME, session_id=session_id, seq=seq)


@pytest.fixture
def gateway(discord_stub: DiscordStub, session: aiohttp.ClientSession, music: Channel) -> Gateway:
    assert music.guild
    return Gateway(discord_stub, session)


async def events(socket: Socket, count: int) -> Sequence[tuple[str, int]]:
    """Receive events; return their names and sequence numbers."""
    received = [await socket.receive_json() for _ in range(count)]
    return [(event["t"], event["s"]) for event in received]


@pytest.mark.parametrize("code", [None, 4000, 1006 + 3000])
async def test_session_of_a_lost_client_is_resumed_with_what_came_since(
    gateway: Gateway, ada: User, music: Channel, code: int | None
) -> None:
    session_id, seq = await gateway.identify(code=code)
    gateway.stub.actions.post(music, ada, "while away")
    async with gateway.resumed(session_id, seq) as socket:
        assert await events(socket, 3) == [
            ("GUILD_CREATE", seq + 1),
            ("MESSAGE_CREATE", seq + 2),
            ("RESUMED", seq + 3),
        ]


async def test_process_that_stored_less_receives_the_same_events_again(
    gateway: Gateway, ada: User, music: Channel
) -> None:
    session_id, seq = await gateway.identify()
    gateway.stub.actions.post(music, ada, "once")
    for resumes in (1, 2):
        async with gateway.resumed(session_id, seq + 1) as socket:
            first, *_ = await events(socket, 1 + resumes)
        assert first == ("MESSAGE_CREATE", seq + 2)
        await gateway.stub.wait_for_disconnection()


@pytest.mark.parametrize("code", [1000, 1001])
async def test_close_by_the_client_ends_its_session(gateway: Gateway, code: int) -> None:
    session_id, seq = await gateway.identify(code=code)
    async with gateway.resumed(session_id, seq) as socket:
        assert await socket.receive_json() == {
            "op": Op.INVALID_SESSION, "d": False, "s": None, "t": None,
        }  # fmt: skip


async def test_old_and_unknown_sessions_are_invalid(gateway: Gateway) -> None:
    clock = gateway.stub.state.clock = ManualClock()
    session_id, seq = await gateway.identify()
    clock.now += gateway.stub.gateway.resumable_seconds + 1
    for invalid in (session_id, "other"):
        async with gateway.resumed(invalid, seq) as socket:
            message = await socket.receive_json()
            assert (message["op"], message["d"]) == (Op.INVALID_SESSION, False)


async def test_second_connection_takes_the_session_over(
    gateway: Gateway, ada: User, music: Channel
) -> None:
    async with gateway.connected(Op.IDENTIFY, intents=INTENTS) as first:
        ready = await first.receive_json()
        await first.receive_json()
        async with gateway.resumed(ready["d"]["session_id"], ready["s"] + 1) as second:
            assert (await first.receive()).data == GatewayClose.SESSION_TIMED_OUT
            gateway.stub.actions.post(music, ada, "to the second")
            assert [name for name, _ in await events(second, 2)] == ["RESUMED", "MESSAGE_CREATE"]
