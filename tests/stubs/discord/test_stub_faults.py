import time

import aiohttp
import discord
import pytest

from tests.stubs.discord import faults
from tests.stubs.discord.clients import EchoBot, running
from tests.stubs.discord.objects import Channel, User
from tests.stubs.discord.rest import MESSAGES, WEBHOOK
from tests.stubs.discord.server import DiscordStub


@pytest.mark.parametrize("is_global", [False, True])
async def test_message_is_sent_once_after_429(
    discord_stub: DiscordStub, music: Channel, *, is_global: bool
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        discord_stub.fail("POST", MESSAGES, faults.rate_limited(0.03, is_global=is_global), times=2)
        started_at = time.monotonic()
        await bot.get_partial_messageable(int(music.id)).send("x")
        assert time.monotonic() - started_at >= 0.05
    assert [call.status for call in discord_stub.calls_to("POST", MESSAGES)] == [429, 429, 200]
    assert len(discord_stub.messages(music)) == 1


async def test_follow_up_is_sent_after_429(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    class Bot(EchoBot):
        async def setup_hook(self) -> None:
            @self.tree.command(name="genre", description="x")
            async def genre(interaction: discord.Interaction) -> None:
                await interaction.response.defer()
                await interaction.followup.send("x")

            await self.tree.sync()

    async with running(discord_stub, Bot()):
        discord_stub.fail("POST", WEBHOOK, faults.rate_limited(0.01))
        interaction = discord_stub.actions.command("genre", ada, music)
        await discord_stub.wait_for_responses(interaction)
    assert [call.status for call in discord_stub.calls_to("POST", WEBHOOK)] == [429, 200]


async def test_client_waits_for_an_exhausted_bucket(
    discord_stub: DiscordStub, music: Channel
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        channel = bot.get_partial_messageable(int(music.id))
        discord_stub.fail("POST", MESSAGES, faults.bucket_exhausted(0.05))
        started_at = time.monotonic()
        await channel.send("one")
        await channel.send("two")
        assert time.monotonic() - started_at >= 0.04
    assert [call.status for call in discord_stub.calls_to("POST", MESSAGES)] == [200, 200]


@pytest.mark.parametrize("status", [500, 502])
async def test_client_retries_after_server_error(
    discord_stub: DiscordStub, music: Channel, recorded_sleeps: list[float], status: int
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        discord_stub.fail("POST", MESSAGES, faults.http_error(status), times=2)
        await bot.get_partial_messageable(int(music.id)).send("x")
    assert recorded_sleeps == [1, 3]
    assert len(discord_stub.messages(music)) == 1


@pytest.mark.parametrize("processed", [False, True])
async def test_connection_is_lost_in_the_middle_of_a_reply(
    discord_stub: DiscordStub, music: Channel, *, processed: bool
) -> None:
    bot = EchoBot()
    async with running(discord_stub, bot):
        discord_stub.fail("POST", MESSAGES, faults.connection_lost(processed=processed))
        with pytest.raises((aiohttp.ClientError, OSError)):
            await bot.get_partial_messageable(int(music.id)).send("x")
    assert len(discord_stub.messages(music)) == processed


@pytest.mark.usefixtures("recorded_sleeps")
async def test_client_reconnects_after_an_outage(
    discord_stub: DiscordStub, ada: User, music: Channel
) -> None:
    bot = EchoBot(silent=True)
    async with running(discord_stub, bot):
        discord_stub.down = True
        with pytest.raises(discord.DiscordServerError):
            await bot.get_partial_messageable(int(music.id)).send("x")
        discord_stub.down = False
        await discord_stub.wait_for_sessions()
        discord_stub.actions.post(music, ada, "after")
        await bot.wait_for_event("message", "after")
