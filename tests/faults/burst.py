"""Bursts: a thousand messages at once, in channels of their own and in one channel."""

import asyncio
import time
from collections.abc import AsyncIterator
from statistics import median

from tests.faults import usage
from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, settled, wait_for
from tests.faults.table import Row, at_most, counted, exactly
from tests.stubs.discord.objects import Channel
from tests.stubs.discord.spec import walk

WARM_UP = 8
CPU_LIMIT_MS = 40.0
PAUSE_LIMIT_MS = 100.0
EXTRA_LIMIT = 1.0
ANSWER_SECONDS = 60.0
LIMIT_SECONDS = 600.0
QUIET_SECONDS = 30.0
IDLE_SECONDS = 3.0
WAITING = "waiting"
"""Start of the `custom_id` of the button that answers what waits."""


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Let people post in own channels, then in one channel."""
    count = lab.size(1000, 60)
    async for row in own_channels(lab, count):
        yield row
    async for row in one_channel(lab, count):
        yield row


async def own_channels(lab: Lab, count: int) -> AsyncIterator[Row]:
    """Let one message arrive in each of `count` channels at once."""
    side = DiscordSide(guilds=20, channels=count // 20 + 1)
    async with side.running(lab.subfolder("own"), sampled=True):
        await side.bot.start()
        for _ in range(WARM_UP):
            side.paste(side.channels[-1])
        await wait_for(lambda: not side.open_count(), ANSWER_SECONDS)
        await asyncio.sleep(IDLE_SECONDS)  # reactions under the cards
        used, begin = usage.cpu_seconds(side.bot.pid), time.monotonic()
        for number in range(count):
            side.paste(side.channels[number])
        await settled(side.open_count, quiet=QUIET_SECONDS, limit=LIMIT_SECONDS)
        seconds = time.monotonic() - begin
        await asyncio.sleep(IDLE_SECONDS)
        cpu = (usage.cpu_seconds(side.bot.pid) - used) * 1000 / count
        pause, own = side.bot.longest_pause(begin)
        tally = side.tally()
        name = f"{count:,} messages in own channels"
        yield exactly(f"{name}: without an answer", 0, tally.unanswered)
        yield exactly(f"{name}: answered twice", 0, tally.twice)
        yield exactly(f"{name}: replies that are no card", 0, tally.failures)
        yield at_most(f"{name}: processor time for one card", CPU_LIMIT_MS, cpu, "ms")
        yield at_most(f"{name}: longest pause of the loop", PAUSE_LIMIT_MS, pause * 1000, "ms")
        yield counted(f"{name}: of that, used by the loop's thread", f"{own * 1000:.0f} ms")
        yield counted(f"{name}: time until all are answered", f"{seconds:.0f} s")


async def one_channel(lab: Lab, count: int) -> AsyncIterator[Row]:
    """Let `count` messages arrive in one channel while people post on another server."""
    side = DiscordSide(guilds=2, channels=10)
    flooded, quiet = side.channels[0], side.channels[10:]
    async with side.running(lab.subfolder("one")):
        await side.bot.start()
        idle = [await answer_time(side, channel) for channel in quiet[:5]]
        sources = [side.paste(flooded) for _ in range(count)]
        busy = [await answer_time(side, channel) for channel in quiet[5:]]
        name = f"{count:,} messages in one channel"
        yield counted(f"{name}: answer on another server when idle", f"{median(idle):.2f} s")
        extra = max(busy) - median(idle)
        yield at_most(f"{name}: longer on another server", EXTRA_LIMIT, extra, "s")

        def left() -> int:
            answers = side.answers()
            return sum(not answers[source] for source in sources)

        waiting = await settled(left, quiet=lab.size(15, 5), limit=LIMIT_SECONDS)
        buttons = waiting_buttons(side, flooded)
        yield exactly(f"{name}: messages that say how many wait", bool(waiting), len(buttons))
        if buttons:
            yield counted(f"{name}: messages that wait for the button", waiting)
            side.stub.actions.press(*buttons[-1], side.user())
        silent = await settled(left, quiet=QUIET_SECONDS, limit=LIMIT_SECONDS)
        yield exactly(f"{name}: without an answer after the button", 0, silent)
        yield exactly(f"{name}: answered twice", 0, side.tally().twice)


async def answer_time(side: DiscordSide, channel: Channel) -> float:
    """Let a person post; return the seconds until the answer, at most ANSWER_SECONDS."""
    begin, source = time.monotonic(), side.paste(channel)
    await wait_for(lambda: side.answers()[source], ANSWER_SECONDS)
    return time.monotonic() - begin


def waiting_buttons(side: DiscordSide, channel: Channel) -> list[tuple[str, str]]:
    """Return message id and custom id of the buttons that answer what waits."""
    return [
        (message["id"], part["custom_id"])
        for message in side.stub.messages(channel)
        for part in walk(message["components"])
        if str(part.get("custom_id", "")).startswith(WAITING)
    ]
