"""Measures the CPU time of a card: pastes in channels of their own, answered by a real process.

The bot talks to the stub of Discord and to a source of features on loopback. Each track is another
one, and nothing is cached. Runs alone as well:

python -m tests.bench.cards [COUNT]
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from model.schema import RADAR
from tests.bench.table import Row, milliseconds
from tests.stubs.discord import redirect
from tests.stubs.discord.rest import MESSAGES, REACTION
from tests.stubs.discord.server import DiscordStub
from tests.support.bot_process import ROOT, bot_environment, first_line, running_bot
from tests.support.loopback import Loopback

COUNT: Final = 1000
CHANNELS_PER_GUILD: Final = 20
REACT: Final = ("PUT", REACTION + "/@me")
REACTIONS: Final = 4
"""Reactions that are offered under a card."""

TIMEOUT: Final = 300.0
MAX_CPU_SECONDS: Final = 0.040
ID_DIGITS: Final = 22
"""Characters of a Spotify id."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What cards cost.

    Attributes:
        cpu: CPU time of the bot's processes for each card, in seconds.
        wall: Time from the pastes to the last card, in seconds.
        memory: Resident memory of the bot's processes after the cards, in MB.
        answered: Number of cards.
    """

    cpu: float
    wall: float
    memory: float
    answered: int


def measure(scratch: Path, count: int = COUNT) -> Iterator[Row]:
    """Yield the row for the CPU time of a card."""
    cost = asyncio.run(cost_of_cards(scratch, count))
    yield Row(
        f"CPU a card, {count:,} pastes",
        f"{milliseconds(cost.cpu)}, {cost.answered / cost.wall:.0f} cards/s, {cost.memory:.0f} MB",
        "",
        f"at most {milliseconds(MAX_CPU_SECONDS)}, each answered once",
        cost.cpu <= MAX_CPU_SECONDS and cost.answered == count,
    )


async def cost_of_cards(scratch: Path, count: int) -> Cost:
    """Let `count` people paste a track each, and wait for the cards."""
    site = scratch / "site"
    site.mkdir(parents=True)
    # Without the OpenAPI document, as only the bot's speed is of interest.
    stub = DiscordStub(None, timeout=TIMEOUT)
    async with stub.running(), features() as url:
        environment = bot_environment(
            scratch,
            redirect.subprocess_environment(stub, site),
            DISCORD_TOKEN=stub.state.token,
            RECCOBEATS_URL=url,
            PYTHONPATH=os.pathsep.join([str(site), str(ROOT)]),
        )
        channels = []
        for number in range(count):
            user = stub.actions.user(f"person {number}")
            if number % CHANNELS_PER_GUILD == 0:
                guild = stub.actions.guild(f"guild {number}", user)
            channels.append((stub.actions.channel(guild, f"music-{number}"), user))
        async with running_bot(
            "--platform", "discord", folder=scratch, environment=environment
        ) as bot:
            await first_line(bot)
            return await _paste(stub, bot, channels)


async def _paste(stub: DiscordStub, bot: Process, channels: list[Any]) -> Cost:
    before, start = cpu_seconds(bot.pid), time.perf_counter()
    for number, (channel, user) in enumerate(channels):
        link = f"https://open.spotify.com/track/{number:0{ID_DIGITS}}"
        stub.actions.post(channel, user, link)
    await stub.until(lambda: len(stub.calls_to("POST", MESSAGES)) >= len(channels))
    wall = time.perf_counter() - start
    # The reactions under the last card follow it.
    await stub.until(lambda: len(stub.calls_to(*REACT)) >= REACTIONS * len(channels))
    await stub.until(lambda: all(call.status for call in stub.calls))
    cards = [call for call in stub.calls_to("POST", MESSAGES) if call.files]
    used = cpu_seconds(bot.pid) - before
    return Cost(used / len(channels), wall, memory_mb(bot.pid), len(cards))


@asynccontextmanager
async def features() -> AsyncIterator[str]:
    """Serve another song for each Spotify id; yield the address."""
    source = Loopback()

    async def track(request: web.Request) -> web.Response:
        ids = request.query["ids"].split(",")
        return web.json_response({"content": [song(one) for one in ids]})

    source.answer("/v1/track", track)
    source.answer("/v1/audio-features", track)
    async with source.running():
        yield source.url


def song(track_id: str) -> dict[str, Any]:
    """Return a song of ReccoBeats, with features that only this id has."""
    rng = random.Random(track_id)  # noqa: S311 - test data
    return {
        "id": track_id,
        "href": f"https://open.spotify.com/track/{track_id}",
        "trackTitle": f"Song {track_id}",
        "artists": [{"name": "Artist"}],
        "durationMs": 200_000,
        **{name: round(rng.random(), 4) for name in RADAR},
        "tempo": round(rng.uniform(60, 200), 1),
        "loudness": -5.6,
        "key": 6,
        "mode": 1,
    }


def processes(pid: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    threads = [path / "children" for path in Path(f"/proc/{pid}/task").iterdir()]
    found = {int(child) for file in (children, *threads) for child in file.read_text().split()}
    return [pid, *sorted(found)]


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and its children, in seconds."""
    ticks = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    kilobytes = 0
    for one in processes(pid):
        status = Path(f"/proc/{one}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        kilobytes += int(line.split()[1])
    return kilobytes / 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        cost = asyncio.run(cost_of_cards(Path(folder), int(sys.argv[1]) if sys.argv[1:] else COUNT))
    print(json.dumps({name: getattr(cost, name) for name in Cost.__slots__}))
