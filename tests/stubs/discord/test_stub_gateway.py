import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.stubs.discord import redirect
from tests.stubs.discord.clients import EchoBot, intents, running
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.objects import Channel, Intent, User
from tests.stubs.discord.server import DiscordStub


async def test_ready_client_has_guilds_and_channels(
    discord_stub: DiscordStub, music: Channel
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        await bot.wait_until_ready()
        assert bot.user is not None
        assert str(bot.user.id) == discord_stub.state.bot_user.id
        assert [guild.name for guild in bot.guilds] == ["Guild"]
        assert bot.get_channel(int(music.id)) is not None
    (payload,) = discord_stub.gateway.identify_payloads
    assert payload["shard"] == [0, 1]
    assert payload["intents"] == intents().value


async def test_new_guild_and_channel_are_announced(discord_stub: DiscordStub, ada: User) -> None:
    bot = EchoBot(silent=True)
    async with running(discord_stub, bot):
        await bot.wait_until_ready()
        new = discord_stub.actions.channel(discord_stub.actions.guild("New", ada), "music")
        discord_stub.actions.post(new, ada, "hello")
        await bot.wait_for_event("message", "hello")
        assert [guild.name for guild in bot.guilds] == ["New"]
        assert isinstance(bot.get_channel(int(new.id)), discord.TextChannel)


async def test_dropped_connection_loses_and_repeats_no_event(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot, actions = EchoBot(silent=True), discord_stub.actions
    async with running(discord_stub, bot):
        actions.post(music, ada, "before")
        await bot.wait_for_event("message", "before")
        discord_stub.gateway.drop_connections()
        for number in range(3):
            actions.post(music, ada, f"during {number}")
        await discord_stub.wait_for_sessions()
        actions.post(music, ada, "after")
        await bot.wait_for_event("message", "after")
    received = [text for _, text in bot.received]
    assert received == ["before", "during 0", "during 1", "during 2", "after"]
    assert discord_stub.gateway.resume_count == 1
    assert len(discord_stub.gateway.identify_payloads) == 1


async def test_resume_repeats_events_on_demand(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot(silent=True)
    discord_stub.gateway.resume_overlap = 1
    async with running(discord_stub, bot):
        discord_stub.actions.post(music, ada, "one")
        await bot.wait_for_event("message", "one")
        discord_stub.gateway.drop_connections()
        discord_stub.actions.post(music, ada, "two")
        await bot.wait_for_event("message", "two")
    assert [text for _, text in bot.received] == ["one", "one", "two"]


async def test_event_is_sent_twice_on_demand(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot(silent=True)
    async with running(discord_stub, bot):
        discord_stub.actions.post(music, ada, "one")
        discord_stub.gateway.resend_last("MESSAGE_CREATE")
        discord_stub.actions.post(music, ada, "two")
        await bot.wait_for_event("message", "two")
    assert [text for _, text in bot.received] == ["one", "one", "two"]


EndConnection = Callable[[Gateway], Awaitable[None]]


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(Gateway.request_reconnect, id="reconnect request"),
        pytest.param(partial(Gateway.invalidate_sessions, resumable=True), id="resumable session"),
        pytest.param(Gateway.close_connections, id="clean close"),
    ],
)
async def test_session_is_resumed_on_a_new_connection(
    discord_stub: DiscordStub, ada: User, music: Channel, end: EndConnection
) -> None:
    bot, gateway = EchoBot(silent=True), discord_stub.gateway
    async with running(discord_stub, bot):
        await end(gateway)
        await discord_stub.until(lambda: gateway.resume_count)
        discord_stub.actions.post(music, ada, "after")
        await bot.wait_for_event("message", "after")
    assert len(gateway.identify_payloads) == 1


async def test_invalid_session_is_replaced_by_a_new_one(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot(silent=True)
    async with running(discord_stub, bot):
        await discord_stub.gateway.invalidate_sessions()
        await discord_stub.wait_for_sessions()
        discord_stub.actions.post(music, ada, "after")
        await bot.wait_for_event("message", "after")
    assert len(discord_stub.gateway.identify_payloads) == 2
    assert discord_stub.gateway.resume_count == 0


async def test_heartbeats_are_acknowledged(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot(silent=True)
    async with running(discord_stub, bot):
        await discord_stub.until(lambda: discord_stub.gateway.heartbeat_count)
        discord_stub.actions.post(music, ada, "after")
        await bot.wait_for_event("message", "after")
        assert bot.latency < 60  # infinite before the first acknowledgement


async def test_missing_acknowledgement_ends_the_connection(discord_stub: DiscordStub) -> None:
    discord_stub.gateway.heartbeat_interval = 0.02
    discord_stub.gateway.acknowledges_heartbeats = False
    async with running(discord_stub, EchoBot(heartbeat_timeout=0.1)):
        await discord_stub.until(lambda: discord_stub.gateway.resume_count)


@pytest.mark.usefixtures("discord_stub")
async def test_login_with_wrong_token_is_refused() -> None:
    async with EchoBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")


async def test_token_revoked_after_login_closes_with_4004(
    discord_stub: DiscordStub,
) -> None:
    class Revoked(EchoBot):
        async def setup_hook(self) -> None:
            discord_stub.state.token = "new"  # noqa: S105 - of the stub

    async with asyncio.timeout(discord_stub.timeout), Revoked() as bot:
        with pytest.raises(discord.ConnectionClosed) as closed:
            await bot.start(discord_stub.state.token)
    assert closed.value.code == 4004


async def test_intent_that_is_not_granted_closes_with_4014(
    discord_stub: DiscordStub,
) -> None:
    discord_stub.state.granted = Intent(0)
    async with asyncio.timeout(discord_stub.timeout), EchoBot() as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(discord_stub.state.token)
    async with running(discord_stub, EchoBot(intents=discord.Intents.default())):
        assert discord_stub.gateway.ready_sessions


async def test_each_shard_receives_events_of_its_own_guilds(
    discord_stub: DiscordStub, ada: User
) -> None:
    actions = discord_stub.actions
    channels = [actions.channel(actions.guild(f"g{n}", ada, number=n), "music") for n in range(4)]
    odd = EchoBot(silent=True, shard_count=4, shard_ids=[1, 3])
    even = EchoBot(silent=True, shard_count=4, shard_ids=[0, 2])
    async with (
        running(discord_stub, odd, sessions=2),
        running(discord_stub, even, sessions=2),
    ):
        for number, channel in enumerate(channels):
            actions.post(channel, ada, f"in {number}")
        actions.post(actions.direct_messages(ada), ada, "direct")
        for bot, last in ((odd, "in 3"), (even, "direct")):
            await bot.wait_for_event("message", last)
            await bot.wait_until_ready()
        assert {guild.name for guild in odd.guilds} == {"g1", "g3"}
    assert sorted(odd.received) == [("message", "in 1"), ("message", "in 3")]
    assert sorted(text for _, text in even.received) == ["direct", "in 0", "in 2"]


async def test_recommended_number_of_shards_is_used(discord_stub: DiscordStub) -> None:
    discord_stub.rest.shards = 2
    bot = EchoBot(shard_count=None)
    async with running(discord_stub, bot, sessions=2):
        assert sorted(payload["shard"] for payload in discord_stub.gateway.identify_payloads) == [
            [0, 2],
            [1, 2],
        ]


def test_redirection_ends_with_the_block() -> None:
    stub = DiscordStub(None)
    stub.state.url = "http://127.0.0.1:1"
    with redirect.redirected(stub):
        assert Route("GET", "/x").url == "http://127.0.0.1:1/api/v10/x"
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:1/gateway"
    assert Route("GET", "/x").url == "https://discord.com/api/v10/x"
    assert DiscordWebSocket.DEFAULT_GATEWAY.host == "gateway.discord.gg"


BOT = """
import sys, discord
bot = discord.Client(intents=discord.Intents.default(), guild_ready_timeout=0)
@bot.event
async def on_message(message):
    print(message.content, flush=True)
bot.run(sys.argv[1], log_handler=None)
"""


async def test_second_process_connects_after_the_first_was_killed(
    discord_stub: DiscordStub, ada: User, tmp_path: Path
) -> None:
    channel = discord_stub.actions.direct_messages(ada)
    for text in ("first", "second"):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", BOT, discord_stub.state.token),
            env=redirect.subprocess_environment(discord_stub, tmp_path),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            await discord_stub.wait_for_sessions()
            discord_stub.actions.post(channel, ada, text)
            assert process.stdout is not None
            assert (await process.stdout.readline()).decode().strip() == text
        finally:
            process.kill()
            await process.wait()
        await discord_stub.wait_for_disconnection()
    assert len(discord_stub.gateway.identify_payloads) == 2
