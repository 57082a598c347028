"""Malformed events: gateway and Slack events with fields removed, replaced and retyped."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp

from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, wait_for
from tests.faults.mutations import UNREADABLE, mutate
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, counted, exactly
from tests.stubs.slack.signing import signed_request

BATCH = 250
NEW_ID = 0.5
"""Share of the mutated events that are about a new message or interaction."""

MAX_DEATHS = 20
"""Ended processes after which an experiment stops, as each costs a start."""

PROBE_SECONDS = 60.0
TIMEOUT = aiohttp.ClientTimeout(total=60)
CONCURRENT = 20
BASE_ACTIONS = 60
SKIPPED = {"READY", "RESUMED"}
"""Events of the connection itself."""

Send = Callable[[int], Awaitable[None]]


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Send mutated events on both platforms; ask for a card after each batch."""
    count = lab.size(10_000, 500)
    discord = DiscordSide(channels=60)
    async with discord.running(lab.subfolder("discord")):
        await prepare(discord, lab)
        send = gateway_sender(discord, lab.random("gateway"))
        async for row in probe_after_batches("gateway events", discord, send, count, lab):
            yield row
        yield await unreadable_frames(discord, lab.size(10, 2))
    slack = SlackSide(channels=240)
    statuses: Counter[int] = Counter()
    async with slack.running(lab.subfolder("slack")), aiohttp.ClientSession() as session:
        await prepare(slack, lab)
        send = event_sender(slack, session, statuses, lab.random("events"))
        async for row in probe_after_batches("Slack events", slack, send, count, lab):
            yield row
    summary = ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items()))
    yield counted("Slack events: replies by status (0: no reply)", summary)


async def prepare(side: DiscordSide | SlackSide, lab: Lab) -> None:
    """Start the bot and act, so that there are events of many kinds to mutate."""
    await side.bot.start()
    await side.ready()
    rng = lab.random("actions")
    for _ in range(BASE_ACTIONS):
        side.act(rng)
        await asyncio.sleep(0.05)
    await wait_for(lambda: not side.open_count(), PROBE_SECONDS)


async def probe_after_batches(
    name: str, side: DiscordSide | SlackSide, send: Send, count: int, lab: Lab
) -> AsyncIterator[Row]:
    """Send `count` events in batches; yield deaths, and probes that were not answered."""
    sent = deaths = probes = unanswered = 0
    slowest = 0.0
    while sent < count and deaths < MAX_DEATHS:
        await side.ready()
        await send(BATCH)
        sent += BATCH
        probes += 1
        source, begin = side.paste(), time.monotonic()
        answered = await wait_for(partial(is_done, side, source), PROBE_SECONDS)
        slowest = max(slowest, time.monotonic() - begin)
        if await side.bot.restart_if_dead():
            deaths += 1
        elif not answered:
            unanswered += 1
        lab.report(f"malformed: {sent} {name}, {deaths} deaths, {unanswered} probes unanswered")
    yield exactly(f"{sent:,} mutated {name}: process deaths", 0, deaths)
    yield exactly(f"{sent:,} mutated {name}: good messages afterwards not answered, of {probes}",
                  0, unanswered)  # fmt: skip
    yield counted(f"{sent:,} mutated {name}: slowest good answer", f"{slowest:.1f} s")


async def unreadable_frames(side: DiscordSide, count: int) -> Row:
    """Send events that are no JSON, each with a good message right after it."""
    unanswered = 0
    for number in range(count):
        await side.ready()
        for session in side.stub.gateway.ready_sessions:
            session.push("TYPING_START", {"value": UNREADABLE[number % len(UNREADABLE)]})
        source = side.paste()
        unanswered += not await wait_for(partial(is_done, side, source), PROBE_SECONDS)
        await side.bot.restart_if_dead()
    name = f"good messages right after an event that is no JSON, not answered, of {count}"
    return exactly(name, 0, unanswered)


def is_done(side: DiscordSide | SlackSide, source: str) -> bool:
    """Return whether a message is answered, or the process has ended."""
    return bool(side.answers()[source]) or not side.bot.is_running


def gateway_sender(side: DiscordSide, rng: random.Random) -> Send:
    """Return a function that sends mutated events on the open connections."""
    by_kind: dict[str, list[Any]] = {}
    for session in side.stub.gateway.sessions.values():
        for event in session.events:
            if event["t"] not in SKIPPED:
                by_kind.setdefault(event["t"], []).append(event["d"])
    kinds = sorted(by_kind)

    async def send(number: int) -> None:
        for _ in range(number):
            kind = rng.choice(kinds)
            data = mutate(rng.choice(by_kind[kind]), rng)
            # A known server with other channels would be no malformed event.
            other = kind == "GUILD_CREATE" or rng.random() < NEW_ID
            if other and isinstance(data, dict) and "id" in data:
                data["id"] = side.stub.state.new_id()
            for session in side.stub.gateway.ready_sessions:
                session.push(kind, data)
            await asyncio.sleep(0)

    return send


def event_sender(
    side: SlackSide, session: aiohttp.ClientSession, statuses: Counter[int], rng: random.Random
) -> Send:
    """Return a function that sends mutated and signed events, actions and commands by HTTP."""
    originals = [(one.kind, one.payload) for one in side.stub.deliveries.all]
    (address,) = side.stub.deliveries.processes
    slots = asyncio.Semaphore(CONCURRENT)

    async def post(kind: str, payload: Any) -> None:
        try:
            body, headers = signed_request(kind, payload)
        except (AttributeError, UnicodeError):  # not a form
            body, headers = signed_request("events_api", json.loads(json.dumps(payload)))
        async with slots:
            try:
                url = f"{address}/slack/events"
                async with session.post(
                    url, data=body, headers=headers, timeout=TIMEOUT
                ) as response:
                    statuses[response.status] += 1
            except (aiohttp.ClientError, TimeoutError):
                statuses[0] += 1

    async def send(number: int) -> None:
        chosen = [rng.choice(originals) for _ in range(number)]
        await asyncio.gather(*(post(kind, mutate(payload, rng)) for kind, payload in chosen))

    return send
