"""Kills: SIGKILL at random moments while people post, vote and use commands."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, settled, side_by_side, wait_for
from tests.faults.sides import Side
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, counted, exactly
from tests.faults.tallies import inbox_size
from tests.faults.web_side import WebSide

ACTION_SECONDS = 0.12
"""Mean time between two actions of people."""

LIFE_SECONDS = {"discord": 4.0, "slack": 1.2, "web": 1.2}
"""Longest time from the moment a process is connected to its end.

discord.py is ready 2 s after the last server was announced to it.
"""

EARLY = 0.2
"""Share of processes that are killed while they start."""

START_SECONDS = 2.0
SETTLE_SECONDS = 120.0
QUIET_SECONDS = 20.0
"""Longer than the lease of the jobs of a process that was killed."""

MAX_OPEN = 25
"""Unanswered messages at which people wait, so that there are not ever more."""


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Kill the bot on each platform; compare what was accepted with what was answered."""
    count = lab.size(200, 3)

    async def kill(*sides: Side) -> AsyncIterator[Row]:
        for side in sides:
            folder, rng = lab.subfolder(side.name), lab.random(side.name)
            async for row in kill_repeatedly(side, count, folder, rng):
                yield row
            lab.report(f"kills: {side.name} done")

    # On Discord a process mostly waits for its start.
    async for row in side_by_side(kill(DiscordSide()), kill(SlackSide(), WebSide())):
        yield row


async def kill_repeatedly(
    side: Side, count: int, folder: Path, rng: random.Random
) -> AsyncIterator[Row]:
    """Kill `count` processes; yield the figures."""
    async with side.running(folder):
        await side.bot.spawn()
        await side.ready()
        people = asyncio.create_task(act(side, rng))
        for number in range(count):
            if number and rng.random() < EARLY:
                await asyncio.sleep(rng.uniform(0, START_SECONDS))
            else:
                await side.ready()
                await asyncio.sleep(rng.uniform(0, LIFE_SECONDS[side.name]))
            await side.bot.kill()
            await side.bot.spawn()
        people.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await people
        await side.ready()
        await settled(side.remaining, quiet=QUIET_SECONDS, limit=SETTLE_SECONDS)
        waiting = await wait_for(lambda: not inbox_size(side.bot.database), QUIET_SECONDS)
        tally = side.tally()
        name = f"{side.name}, {count} kills"
        yield counted(f"{name}: accepted messages and commands", tally.accepted)
        yield exactly(f"{name}: accepted messages, without an answer", 0, tally.unanswered)
        yield exactly(f"{name}: answered twice", 0, tally.twice)
        yield counted(f"{name}: accepted votes", tally.votes)
        yield exactly(f"{name}: accepted votes that are lost", 0, tally.votes_lost)
        yield exactly(f"{name}: processes that ended by themselves", 0, side.bot.deaths)
        if not waiting:
            yield exactly(f"{name}: rows left in the inbox", 0, inbox_size(side.bot.database))
        if side.name != "web":
            text = f"{name}: accepted commands, without an answer"
            yield exactly(text, 0, tally.commands_unanswered)
            yield exactly(f"{name}: replies that are no card", 0, tally.failures)


async def act(side: Side, rng: random.Random) -> None:
    """Let people act until cancelled."""
    while True:
        if side.open_count() < MAX_OPEN:
            side.act(rng)
        await asyncio.sleep(rng.expovariate(1 / ACTION_SECONDS))
