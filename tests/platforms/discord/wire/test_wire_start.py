"""How the bot starts: without an intent, with a wrong token, while Discord is unreachable, in parts."""

import asyncio
import logging

import pytest
from discord.http import Route

from bot.domain.errors import ConfigurationError
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.shards import Shards
from bot.texts import discord as words_for_operators
from bot.texts import operator
from tests.platforms.discord.wire.running import OTHER, Wire, stop, warnings, words
from tests.stubs.discord import faults
from tests.stubs.discord.rest import COMMANDS, MESSAGES
from tests.stubs.discord.values import Intent
from tests.support.fake_app import LINK

NONE = Intent(0)


async def test_without_the_content_intent_the_bot_says_so_once_and_answers_who_asks(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.stub.state.granted = NONE
    async with wire.bot() as running:
        await wire.stub.until(lambda: running.lines)
        assert warnings(caplog) == [words_for_operators.NO_MESSAGE_CONTENT]
        unseen = wire.people.post(wire.music, wire.ada, LINK)
        await wire.fence()
        assert len(wire.stub.messages(wire.music)) == 1  # the answer to the fence

        direct = await wire.card(LINK, wire.people.direct(wire.ada))
        assert "Old Town Road" in words(direct)
        mentioned = await wire.card(f"{wire.mention} {OTHER}")
        assert "Heroes" in words(mentioned)
        asked = wire.people.command("genre", wire.bob, wire.music, song=LINK)
        (card,) = await wire.stub.answered(asked)
        assert "Old Town Road" in words(card)
        menu = wire.people.context_menu(words_for_operators.ASK, unseen, wire.bob)
        (card,) = await wire.stub.answered(menu)
        assert "Old Town Road" in words(card)
        wire.people.react(mentioned["id"], wire.bob, "🎷")
        await wire.shows(mentioned, "jazz (1)")
    assert warnings(caplog) == [words_for_operators.NO_MESSAGE_CONTENT]
    assert len(running.lines) == 1
    asked_for = [Intent(said["intents"]) for said in wire.stub.gateway.identified]
    assert [Intent.MESSAGE_CONTENT in intents for intents in asked_for] == [True, False]


async def test_an_intent_that_is_taken_away_while_the_bot_runs_is_said_once_and_lived_with(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire.bot() as running:
        await wire.stub.until(lambda: running.lines)
        wire.stub.state.granted = NONE
        await wire.stub.gateway.invalidate()
        await wire.stub.connected()
        await wire.fence()
    assert warnings(caplog) == [words_for_operators.NO_MESSAGE_CONTENT]
    assert len(running.lines) == 1


async def test_a_wrong_token_is_a_sentence_for_the_operator(wire: Wire) -> None:
    wire.stub.state.token = "another.one"  # noqa: S105 - of this stub
    run = DiscordPlatform("wrong").run(wire.app.services, quiet)
    with pytest.raises(ConfigurationError, match="does not accept DISCORD_TOKEN") as refused:
        await wire.soon(run)
    assert str(refused.value) == operator.DISCORD_TOKEN_REJECTED


@pytest.mark.parametrize(
    ("code", "why"),
    [(4004, "DISCORD_TOKEN"), (4010, "4010"), (4011, "4011"), (4012, "4012"), (4013, "4013")],
)
async def test_a_connection_that_discord_closes_for_good_is_a_sentence_for_the_operator(
    wire: Wire, code: int, why: str
) -> None:
    async with wire.bot() as running:
        await wire.fence()  # with a heartbeat under way, the code would be lost
        await wire.stub.gateway.close(code)
        with pytest.raises(ConfigurationError, match=why):
            await wire.soon(running.task)


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
            await wire.soon(warned.acquire())
        wire.stub.down = False
    await wire.stub.connected()
    card = await wire.card(LINK)
    await stop(running)
    assert "Old Town Road" in words(card)
    assert all(line.startswith("Discord does not answer") for line in warnings(caplog))
    assert not any(record.name == "asyncio" for record in caplog.records)  # nothing left open


@pytest.mark.parametrize(
    "route", [("GET", "/users/@me"), ("GET", "/oauth2/applications/@me"), ("GET", "/gateway/bot")]
)
@pytest.mark.parametrize(
    "fault", [faults.broken(503), faults.hang_up(), faults.too_many(61)], ids=["503", "cut", "429"]
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
    wire.stub.fail(method, COMMANDS, faults.broken(503))
    async with wire.bot():
        await wire.card(LINK)
    (line,) = warnings(caplog)
    assert line.startswith("commands not registered")


async def test_two_processes_share_the_servers_and_one_sends_the_commands(wire: Wire) -> None:
    channels = [
        wire.people.channel(wire.people.guild("G", wire.ada, number=number), "music")
        for number in range(4)
    ]
    async with wire.bot(shards=Shards.parse("2-3/4"), sessions=2):
        assert wire.stub.asked("GET", COMMANDS) == []
        async with wire.bot(shards=Shards.parse("0-1/4"), sessions=2):
            for channel in channels:
                assert "Old Town Road" in words(await wire.card(LINK, channel))
            for channel in channels:
                assert len(wire.stub.messages(channel)) == 1
            direct = await wire.card(OTHER, wire.people.direct(wire.ada))
            assert "Heroes" in words(direct)
    assert [said["shard"] for said in wire.stub.gateway.identified] == [
        [2, 4], [3, 4], [0, 4], [1, 4],
    ]  # fmt: skip
    assert len(wire.stub.asked("PUT", COMMANDS)) == 1


async def test_two_processes_that_hear_the_same_answer_once(wire: Wire) -> None:
    async with wire.bot(), wire.bot():
        await wire.card(LINK)
        await wire.fence()
    assert len(wire.stub.asked("POST", MESSAGES)) == 2  # the card, and the answer to the fence


async def quiet(_: str) -> None:
    pass
