"""How the bot starts: without an intent, with a wrong token, without Discord, in parts."""

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


async def test_without_the_content_intent_the_bot_says_so_once_and_answers_who_asks(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.state.granted = NO_INTENTS
    async with wire.bot() as running:
        await wire.stub.until(lambda: running.lines)
        assert warnings(caplog) == [texts_for_discord.NO_MESSAGE_CONTENT]
        unseen = wire.actions.post(wire.music, wire.ada, LINK)
        await wire.drain()
        assert len(wire.stub.messages(wire.music)) == 1  # the reply that drain() causes

        direct = await wire.card(LINK, wire.actions.direct_messages(wire.ada))
        assert "Old Town Road" in text_of(direct)
        mentioned = await wire.card(f"{wire.mention} {OTHER_LINK}")
        assert "Heroes" in text_of(mentioned)
        interaction = wire.actions.command("genre", wire.bob, wire.music, song=LINK)
        (card,) = await wire.stub.wait_for_responses(interaction)
        assert "Old Town Road" in text_of(card)
        menu = wire.actions.context_menu(texts_for_discord.ASK, unseen, wire.bob)
        (card,) = await wire.stub.wait_for_responses(menu)
        assert "Old Town Road" in text_of(card)
        wire.actions.react(mentioned["id"], wire.bob, "🎷")
        await wire.wait_for_text(mentioned, "jazz (1)")
    assert warnings(caplog) == [texts_for_discord.NO_MESSAGE_CONTENT]
    assert len(running.lines) == 1
    asked_for = [Intent(said["intents"]) for said in wire.stub.gateway.identify_payloads]
    assert [Intent.MESSAGE_CONTENT in intents for intents in asked_for] == [True, False]


async def test_an_intent_that_is_taken_away_while_the_bot_runs_is_said_once_and_lived_with(
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


async def test_a_wrong_token_is_a_sentence_for_the_operator(wire: Wire) -> None:
    wire.stub.state.token = "another.one"  # noqa: S105 - of this stub
    run = DiscordPlatform("wrong").run(wire.app.services, ignore_line)
    with pytest.raises(ConfigurationError, match="does not accept DISCORD_TOKEN") as refused:
        await wire.with_timeout(run)
    assert str(refused.value) == operator.DISCORD_TOKEN_REJECTED


@pytest.mark.parametrize(
    ("code", "why"),
    [(4004, "DISCORD_TOKEN"), (4010, "4010"), (4011, "4011"), (4012, "4012"), (4013, "4013")],
)
async def test_a_connection_that_discord_closes_for_good_is_a_sentence_for_the_operator(
    wire: Wire, code: int, why: str
) -> None:
    async with wire.bot() as running:
        await wire.drain()  # with a heartbeat under way, the code would be lost
        await wire.stub.gateway.close_connections(code)
        with pytest.raises(ConfigurationError, match=why):
            await wire.with_timeout(running.task)


@pytest.mark.parametrize("listening", [True, False])
async def test_while_discord_is_down_at_the_start_the_bot_tries_again_until_it_is_back(
    wire: Wire,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    listening: bool,
) -> None:
    warned = asyncio.Semaphore(0)

    def note(_: logging.LogRecord) -> bool:
        warned.release()
        return True

    log = logging.getLogger("bot.platforms.discord.platform")
    monkeypatch.setattr(log, "filter", note)
    wire.stub.down = True
    with monkeypatch.context() as nowhere:
        if not listening:
            nowhere.setattr(Route, "BASE", "http://127.0.0.1:1/api/v10")
        running = wire.start()
        for _ in range(3):
            await wire.with_timeout(warned.acquire())
        wire.stub.down = False
    await wire.stub.wait_for_sessions()
    card = await wire.card(LINK)
    await stop(running)
    assert "Old Town Road" in text_of(card)
    assert all(line.startswith("Discord does not answer") for line in warnings(caplog))
    assert not any(record.name == "asyncio" for record in caplog.records)  # nothing left open


@pytest.mark.parametrize(
    "route", [("GET", "/users/@me"), ("GET", "/oauth2/applications/@me"), ("GET", "/gateway/bot")]
)
@pytest.mark.parametrize(
    "fault",
    [faults.http_error(503), faults.connection_lost(), faults.rate_limited(61)],
    ids=["503", "cut", "429"],
)
async def test_a_start_that_breaks_half_way_is_made_again(
    wire: Wire, route: tuple[str, str], fault: faults.Fault
) -> None:
    wire.stub.fail(*route, fault)
    async with wire.bot():
        await wire.card(LINK)


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_commands_that_cannot_be_sent_do_not_keep_the_bot_from_starting(
    wire: Wire, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.fail(method, COMMANDS, faults.http_error(503))
    async with wire.bot():
        await wire.card(LINK)
    (line,) = warnings(caplog)
    assert line.startswith("commands not registered")


async def test_two_processes_share_the_servers_and_one_sends_the_commands(wire: Wire) -> None:
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
    assert [said["shard"] for said in wire.stub.gateway.identify_payloads] == [
        [2, 4], [3, 4], [0, 4], [1, 4],
    ]  # fmt: skip
    assert len(wire.stub.calls_to("PUT", COMMANDS)) == 1


async def test_two_processes_that_hear_the_same_answer_once(wire: Wire) -> None:
    async with wire.bot(), wire.bot():
        await wire.card(LINK)
        await wire.drain()
    assert (
        len(wire.stub.calls_to("POST", MESSAGES)) == 2
    )  # the card and the reply that drain() causes


async def ignore_line(_: str) -> None:
    pass
