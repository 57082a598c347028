"""Start of the bot: missing intent, wrong token, Discord unreachable, shards."""

import asyncio
import logging

import pytest
from discord.http import Route

from bot.domain.errors import ConfigurationError
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.shards import Shards
from bot.texts import discord as texts_for_discord
from bot.texts import operator
from tests.platforms.discord.wire.running import OTHER_LINK, Wire, stop, text_of, warnings
from tests.stubs.discord import faults
from tests.stubs.discord.objects import Intent
from tests.stubs.discord.rest import COMMANDS, MESSAGES
from tests.support.fake_app import LINK

NO_INTENTS = Intent(0)


async def test_missing_content_intent_is_logged_once_and_direct_requests_are_answered(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.state.granted = NO_INTENTS
    async with wire.bot() as running:
        await wire.stub.until(lambda: running.lines)
        assert warnings(caplog) == [texts_for_discord.NO_MESSAGE_CONTENT]
        unread_id = wire.actions.post(wire.music, wire.ada, LINK)
        await wire.drain()
        assert len(wire.stub.messages(wire.music)) == 1  # the reply that drain() causes

        direct = await wire.card(LINK, wire.actions.direct_messages(wire.ada))
        assert "Old Town Road" in text_of(direct)
        mentioned = await wire.card(f"{wire.mention} {OTHER_LINK}")
        assert "Heroes" in text_of(mentioned)
        interaction = wire.actions.command("genre", wire.bob, wire.music, song=LINK)
        (card,) = await wire.stub.wait_for_responses(interaction)
        assert "Old Town Road" in text_of(card)
        menu = wire.actions.context_menu(texts_for_discord.ASK, unread_id, wire.bob)
        (pointer,) = await wire.stub.wait_for_responses(menu)
        assert card["id"] in text_of(pointer)
        wire.actions.react(mentioned["id"], wire.bob, "🎷")
        await wire.wait_for_votes(mentioned, "jazz")
    assert warnings(caplog) == [texts_for_discord.NO_MESSAGE_CONTENT]
    assert len(running.lines) == 1
    requested = [Intent(payload["intents"]) for payload in wire.stub.gateway.identify_payloads]
    assert [Intent.MESSAGE_CONTENT in intents for intents in requested] == [True, False]


async def test_intent_revoked_during_the_run_is_logged_once_and_the_bot_reconnects(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot() as running:
        await wire.stub.until(lambda: running.lines)
        wire.stub.state.granted = NO_INTENTS
        await wire.stub.gateway.invalidate_sessions()
        await wire.stub.wait_for_sessions()
        await wire.drain()
    assert warnings(caplog) == [texts_for_discord.NO_MESSAGE_CONTENT]
    assert len(running.lines) == 1


async def test_wrong_token_is_a_configuration_error(wire: Wire) -> None:
    wire.stub.state.token = "another.one"  # noqa: S105 - of the stub
    run = DiscordPlatform("wrong").run(wire.app.services, ignore_line)
    with pytest.raises(ConfigurationError, match="does not accept DISCORD_TOKEN") as refused:
        await wire.with_timeout(run)
    assert str(refused.value) == operator.DISCORD_TOKEN_REJECTED


@pytest.mark.parametrize(
    ("code", "message"),
    [(4004, "DISCORD_TOKEN"), (4010, "4010"), (4011, "4011"), (4012, "4012"), (4013, "4013")],
)
async def test_final_close_code_is_a_configuration_error(
    wire: Wire, code: int, message: str
) -> None:
    async with wire.bot() as running:
        await wire.drain()  # a pending heartbeat would lose the code
        await wire.stub.gateway.close_connections(code)
        with pytest.raises(ConfigurationError, match=message):
            await wire.with_timeout(running.task)


@pytest.mark.parametrize("reachable", [True, False])
async def test_start_is_retried_until_discord_is_reachable(
    wire: Wire,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    reachable: bool,
) -> None:
    warned = asyncio.Semaphore(0)

    def count(_: logging.LogRecord) -> bool:
        warned.release()
        return True

    log = logging.getLogger("bot.platforms.discord.platform")
    monkeypatch.setattr(log, "filter", count)
    wire.stub.down = True
    with monkeypatch.context() as unreachable:
        if not reachable:
            unreachable.setattr(Route, "BASE", "http://127.0.0.1:1/api/v10")
        running = wire.start()
        for _ in range(3):
            await wire.with_timeout(warned.acquire())
        wire.stub.down = False
    await wire.stub.wait_for_sessions()
    card = await wire.card(LINK)
    await stop(running)
    assert "Old Town Road" in text_of(card)
    assert all(line.startswith("Discord does not answer") for line in warnings(caplog))
    assert not any(record.name == "asyncio" for record in caplog.records)  # no unclosed session


@pytest.mark.parametrize(
    "route", [("GET", "/users/@me"), ("GET", "/oauth2/applications/@me"), ("GET", "/gateway/bot")]
)
@pytest.mark.parametrize(
    "fault",
    [faults.http_error(503), faults.connection_lost(), faults.rate_limited(61)],
    ids=["503", "cut", "429"],
)
async def test_start_that_fails_halfway_is_retried(
    wire: Wire, route: tuple[str, str], fault: faults.Fault
) -> None:
    wire.stub.fail(*route, fault)
    async with wire.bot():
        await wire.card(LINK)


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_bot_starts_although_commands_cannot_be_registered(
    wire: Wire, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.fail(method, COMMANDS, faults.http_error(503))
    async with wire.bot():
        await wire.card(LINK)
    (line,) = warnings(caplog)
    assert line.startswith("commands not registered")


async def test_two_processes_share_the_servers_and_one_registers_the_commands(wire: Wire) -> None:
    channels = [
        wire.actions.channel(wire.actions.guild("G", wire.ada, number=number), "music")
        for number in range(4)
    ]
    async with wire.bot(shards=Shards.parse("2-3/4"), sessions=2):
        assert wire.stub.calls_to("GET", COMMANDS) == []
        async with wire.bot(shards=Shards.parse("0-1/4"), sessions=2):
            for channel in channels:
                assert "Old Town Road" in text_of(await wire.card(LINK, channel))
            for channel in channels:
                assert len(wire.stub.messages(channel)) == 1
            direct = await wire.card(OTHER_LINK, wire.actions.direct_messages(wire.ada))
            assert "Heroes" in text_of(direct)
    assert [payload["shard"] for payload in wire.stub.gateway.identify_payloads] == [
        [2, 4], [3, 4], [0, 4], [1, 4],
    ]  # fmt: skip
    assert len(wire.stub.calls_to("PUT", COMMANDS)) == 1


async def test_two_processes_that_receive_the_same_event_answer_once(wire: Wire) -> None:
    async with wire.bot(), wire.bot():
        await wire.card(LINK)
        await wire.drain()
    assert (
        len(wire.stub.calls_to("POST", MESSAGES)) == 2
    )  # the card and the reply that drain() causes


async def ignore_line(_: str) -> None:
    pass
