"""A process that is killed: what happens until the next one is answered and counted once."""

from pathlib import Path

import pytest

from bot.domain.emoji import GENRES
from tests.platforms.discord.wire.running import OTHER_LINK, Wire, text_of
from tests.platforms.discord.wire.test_wire_process import Bot
from tests.stubs.discord.rest import MESSAGES
from tests.support.bot_process import wait_for_exit, warnings_of
from tests.support.fake_app import LINK
from tests.support.loopback import Loopback


@pytest.fixture
def bot(wire: Wire, tmp_path: Path, loopback: Loopback) -> Bot:
    return Bot(wire, tmp_path, loopback)


async def test_messages_and_reactions_after_a_kill_are_answered_and_counted_once(
    bot: Bot, wire: Wire
) -> None:
    async with bot.running() as process:
        await wire.stub.wait_for_sessions()
        card = await wire.card(LINK)
        process.kill()
        await process.wait()
        await wire.stub.wait_for_disconnection()
    bot.end_leases()
    wire.actions.post(wire.music, wire.ada, OTHER_LINK)
    wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
    async with bot.running() as process:
        await wire.wait_for_votes(card, "jazz")
        _, heroes = await wire.stub.wait_for_messages(wire.music, 2)
        await wire.drain()
        process.terminate()
        code, _, err = await wait_for_exit(process)
    assert (code, warnings_of(err)) == (0, [])
    assert heroes["message_reference"]
    assert "1 says jazz" in text_of(wire.current(card))
    assert len(wire.stub.calls_to("POST", MESSAGES)) == 3  # with the reply that drain() causes
