"""Attacks by strangers on the HTTP server that receives Slack's events."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults import http_clients as http
from tests.faults.lab import Lab
from tests.faults.slack_side import SlackSide
from tests.faults.table import Row, at_most, counted, exactly
from tests.stubs.slack.state import SIGNING_SECRET

HOST = "127.0.0.1"
ANSWER_LIMIT = 1.0
GROWTH_LIMIT_MB = 50.0
LOG_LIMIT_KB = 100.0
SHORT = 10
"""The short form makes this part of the requests."""


@dataclass(frozen=True, slots=True)
class Attack:
    """An attack, and the number of its requests or connections."""

    start: Callable[..., Awaitable[http.Measured]]
    count: int


ATTACKS: Mapping[str, Attack] = {
    "unsigned gzip bombs": Attack(http.gzip_bombs, 20),
    "unsigned bodies of 1 MB": Attack(http.plain_bodies, 200),
    "silent connections": Attack(http.silent_connections, 2000),
    "connections with half a head": Attack(http.slow_headers, 2000),
    "connections with half a body": Attack(http.slow_bodies, 2000),
    "bodies of 1 MB without their last byte": Attack(http.endless_bodies, 240),
    "requests that are not HTTP": Attack(http.garbage, 1000),
}


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Attack a new process in each way, while a bystander sends signed requests."""
    for name, attack in ATTACKS.items():
        side = SlackSide(channels=1)
        async with side.running(lab.subfolder(name.replace(" ", "-"))):
            await side.bot.start()
            count = lab.size(attack.count, max(1, attack.count // SHORT))
            watched: dict[str, Any] = {
                "pid": side.bot.pid,
                "log": side.bot.log,
                "secret": SIGNING_SECRET,
            }
            found = await attack.start(HOST, side.port, count, **watched)
            what = f"{count:,} {name}"
            yield exactly(f"{what}: requests of a bystander without an answer", 0,
                          found.failed_answers)  # fmt: skip
            yield at_most(f"{what}: slowest answer to a bystander", ANSWER_LIMIT,
                          found.slowest_answer, "s")  # fmt: skip
            yield at_most(f"{what}: growth of memory", GROWTH_LIMIT_MB, found.growth / 1e6, "MB")
            yield at_most(f"{what}: log", LOG_LIMIT_KB, found.log_bytes / 1e3, "kB")
            if found.statuses:
                statuses = ", ".join(f"{key}: {many}" for key, many in found.statuses.items())
                yield counted(f"{what}: answers by status (0: closed)", statuses)
        lab.report(f"http: {name}")
