"""Stopping: SIGTERM while messages wait, and two processes that overlap during a deployment."""

import asyncio
import re
from collections.abc import AsyncIterator

from tests.faults.bots import Exit, closing
from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, settled, side_by_side, wait_for
from tests.faults.music import Mode
from tests.faults.ports import free_port
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, at_most, counted, exactly

STOP_SECONDS = {False: 10, True: 3}
"""Setting of the bot, in the full and the short form."""

MARGIN_SECONDS = 2.0
RECEIVE_SECONDS = 30.0
SETTLE_SECONDS = 240.0
QUIET_SECONDS = 30.0
BETWEEN_SECONDS = 0.1


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Stop the bot on Discord and on Slack; then let two processes overlap."""
    count = lab.size(200, 30)
    sides = (DiscordSide(), SlackSide())
    async for row in side_by_side(*(stop_while_waiting(lab, side, count) for side in sides)):
        yield row
    sides = (DiscordSide(), SlackSide())
    async for row in side_by_side(*(overlap(lab, side, count) for side in sides)):
        yield row


async def stop_while_waiting(
    lab: Lab, side: DiscordSide | SlackSide, count: int
) -> AsyncIterator[Row]:
    """Let `count` messages wait for a slow music service, stop the bot and start it again."""
    name = f"{side.name}, SIGTERM with {count} waiting"
    limit = STOP_SECONDS[lab.short]
    async with side.running(lab.subfolder(f"stop-{side.name}")):
        side.bot.environment["STOP_SECONDS"] = str(limit)
        await side.bot.start()
        side.music.mode = Mode.SLOW
        for _ in range(count):
            side.paste()
        await wait_for(lambda: received(side), RECEIVE_SECONDS)
        ended = await side.bot.stop(limit + 30)
        left = side.open_count()
        yield exactly(f"{name}: exit code", 0, exit_code(ended))
        yield at_most(f"{name}: time to exit", limit + MARGIN_SECONDS, ended.seconds, "s")
        said = [line for line in ended.output.splitlines() if re.search(rf"\b{left}\b", line)]
        yield Row(f"{name}: the last lines say how many wait", f"{left}", "; ".join(said)[-150:] or
                  "nothing", bool(said))  # fmt: skip
        side.music.mode = Mode.GOOD
        await side.bot.start()
        await settled(side.remaining, quiet=QUIET_SECONDS, limit=SETTLE_SECONDS)
        tally = side.tally()
        yield counted(f"{name}: accepted", tally.accepted)
        yield exactly(f"{name}: lost after the next start", 0, tally.unanswered)
        yield exactly(f"{name}: answered twice", 0, tally.twice)
        yield exactly(f"{name}: replies that are no card", 0, tally.failures)
    lab.report(name)


async def overlap(lab: Lab, side: DiscordSide | SlackSide, count: int) -> AsyncIterator[Row]:
    """Start a second process on the same data, and stop the first, while people post."""
    name = f"{side.name}, two processes"
    folder = lab.subfolder(f"overlap-{side.name}")
    async with side.running(folder):
        await side.bot.start()
        if isinstance(side, SlackSide):
            second = side.new_bot(folder, free_port())
        else:
            second = side.new_bot(folder)
        async with closing(second):
            people = asyncio.create_task(post(side, count))
            await asyncio.sleep(count * BETWEEN_SECONDS / 4)
            await second.start()
            ended = await side.bot.stop()
            if isinstance(side, SlackSide):
                del side.stub.deliveries.processes[0]
            await people
            await settled(side.remaining, quiet=QUIET_SECONDS, limit=SETTLE_SECONDS)
            tally = side.tally()
            yield exactly(f"{name}: exit code of the first", 0, exit_code(ended))
            yield counted(f"{name}: accepted", tally.accepted)
            yield exactly(f"{name}: without an answer", 0, tally.unanswered)
            yield exactly(f"{name}: answered twice", 0, tally.twice)
    lab.report(name)


def exit_code(ended: Exit) -> int:
    """Return the exit code; -1 if the process had to be killed."""
    return -1 if ended.code is None else ended.code


async def post(side: DiscordSide | SlackSide, count: int) -> None:
    """Let people post one after another."""
    for _ in range(count):
        side.paste()
        await asyncio.sleep(BETWEEN_SECONDS)


def received(side: DiscordSide | SlackSide) -> bool:
    """Return whether the bot has received, and on Slack acknowledged, all events."""
    if isinstance(side, SlackSide):
        return all(one.acknowledged or one.failed for one in side.stub.deliveries.all)
    return all(one.sent == len(one.events) for one in side.stub.gateway.ready_sessions)
