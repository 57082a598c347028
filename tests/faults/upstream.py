"""Faults of the services that the bot asks: music service, Discord, Slack."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, settled, side_by_side, wait_for
from tests.faults.music import Mode
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, exactly
from tests.stubs.discord import faults as discord_faults
from tests.stubs.discord.attachments import file_ids
from tests.stubs.discord.rest import MESSAGES
from tests.stubs.slack import faults as slack_faults

MUSIC_MODES = (Mode.ERROR, Mode.BUSY, Mode.GARBAGE, Mode.WRONG, Mode.CUT, Mode.SLOW)
ANSWER_SECONDS = 60.0
QUIET_SECONDS = 25.0
LIMIT_SECONDS = 120.0
RECOVERY_SECONDS = 5.0
"""Longer than the pauses after a few failures, and the Retry-After of the music service."""

DISCORD_FAULTS: Mapping[str, discord_faults.Fault] = {
    "status 500": discord_faults.http_error(500),
    "status 429": discord_faults.rate_limited(0.3),
    "connection lost": discord_faults.connection_lost(),
    "connection lost after the message was created": discord_faults.connection_lost(processed=True),
    "status 500 after the message was created": discord_faults.http_error(500, processed=True),
}

SLACK_FAULTS: Mapping[str, slack_faults.Fault] = {
    "status 500": slack_faults.http_error(500),
    "status 429": slack_faults.rate_limited(1),
    "connection lost": slack_faults.connection_lost(),
    "connection lost after the message was posted": slack_faults.connection_lost(processed=True),
    "status 500 after the message was posted": slack_faults.http_error(500, processed=True),
}


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Let each service fail in each way while people post."""
    count = lab.size(10, 3)
    async for row in side_by_side(discord_and_music(lab, count), slack_alone(lab, count)):
        yield row


async def discord_and_music(lab: Lab, count: int) -> AsyncIterator[Row]:
    """Let the music service and Discord fail."""
    discord = DiscordSide()
    async with discord.running(lab.subfolder("discord")):
        await discord.bot.start()
        for mode in MUSIC_MODES:
            async for row in music_fault(discord, mode, count):
                yield row
        for name, fault in DISCORD_FAULTS.items():
            discord.stub.fail("POST", MESSAGES, fault, times=count)
            yield await one_reply_each(f"Discord, {name}", discord, count)
            discord.stub._faults.clear()
        yield exactly("Discord: process runs", 1, int(discord.bot.is_running))
    lab.report("upstream: music service and Discord")


async def slack_alone(lab: Lab, count: int) -> AsyncIterator[Row]:
    """Let Slack fail."""
    slack = SlackSide()
    async with slack.running(lab.subfolder("slack")):
        await slack.bot.start()
        for name, slack_fault in SLACK_FAULTS.items():
            slack.stub.fail("chat.postMessage", slack_fault, times=count)
            yield await one_reply_each(f"Slack, {name}", slack, count)
            slack.stub._faults.clear()
        yield exactly("Slack: process runs", 1, int(slack.bot.is_running))


async def music_fault(side: DiscordSide, mode: Mode, count: int) -> AsyncIterator[Row]:
    """Let the music service fail; then ask for a card."""
    name = f"music service, {mode.value}"
    side.music.mode = mode
    yield await one_reply_each(name, side, count)
    side.music.mode = Mode.GOOD
    await asyncio.sleep(RECOVERY_SECONDS)
    source = side.paste()

    def answered() -> bool:
        cards = [reply for reply in side.replies() if file_ids(reply)]
        return any(reply["message_reference"]["message_id"] == source for reply in cards)

    card = await wait_for(answered, ANSWER_SECONDS)
    yield exactly(f"{name}: card afterwards", 1, int(bool(card)))


async def one_reply_each(name: str, side: DiscordSide | SlackSide, count: int) -> Row:
    """Let people post; return how many messages got exactly one reply."""
    sources = [side.paste() for _ in range(count)]

    def left() -> int:
        answers = side.answers()
        return sum(not answers[source] for source in sources)

    await settled(left, quiet=QUIET_SECONDS, limit=LIMIT_SECONDS)
    await asyncio.sleep(RECOVERY_SECONDS)  # a second reply would come now
    answers = side.answers()
    return exactly(
        f"{name}: messages with exactly one reply", count,
        sum(answers[source] == 1 for source in sources),
    )  # fmt: skip
