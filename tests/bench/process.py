"""The bot as a process: how soon it is ready, what it weighs, whether its loop stays free."""

import asyncio
import http.cookiejar
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from bot.app import open_core
from bot.settings import Settings
from bot.values import Card, Theme
from tests.bench.table import Row, milliseconds
from tests.factories import OLD_TOWN_ROAD, message

READY_WITHIN = 1.5
MEGABYTES = 150
CARDS = 1000
LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"


def measure(scratch: Path) -> Iterator[Row]:
    """Start the bot twice, ask it for a thousand cards, and draw a hundred beside a busy loop."""
    start(scratch).terminate()
    began = time.perf_counter()
    bot = start(scratch)
    ready = time.perf_counter() - began
    yield Row("ready", f"{ready:.2f} s", "", f"under {READY_WITHIN} s", ready < READY_WITHIN)
    try:
        weight = after_cards(scratch, bot.pid)
    finally:
        bot.terminate()
        bot.wait()
    yield Row(
        f"memory after {CARDS} cards",
        f"{weight:.0f} MB",
        "",
        f"under {MEGABYTES} MB",
        weight < MEGABYTES,
    )
    idle, busy = asyncio.run(loop_gaps(scratch))
    yield Row(
        "loop blocked, 100 cards",
        milliseconds(busy),
        f"{milliseconds(idle)} (idle)",
        "",
        None,
    )


def start(scratch: Path) -> subprocess.Popen[str]:
    """Start `bot run` and wait for its line."""
    environment = os.environ | {"DATA_DIR": str(scratch), "LOCAL_PORT": str(free_port(scratch))}
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--platform", "local"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bot.stdout is not None
    line = bot.stdout.readline()
    assert "http://" in line, line
    return bot


def free_port(scratch: Path) -> int:
    """Choose a free port once for the scratch folder."""
    chosen = scratch / "port"
    if not chosen.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            chosen.write_text(str(probe.getsockname()[1]))
    return int(chosen.read_text())


def after_cards(scratch: Path, pid: int) -> float:
    """Ask for cards and their charts over HTTP; returns the process's memory in MB."""
    base = f"http://127.0.0.1:{free_port(scratch)}"
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    browser.open(base).read()
    for number in range(CARDS):
        body = json.dumps({"id": f"bench-{number:08}", "text": LINK}).encode()
        request = urllib.request.Request(
            f"{base}/api/messages",
            body,
            {"Content-Type": "application/json", "Origin": base},
        )
        reply = json.load(browser.open(request))["replies"][0]
        browser.open(f"{base}/charts/{reply['id']}.png?theme=dark").read()
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return int(kilobytes) / 1024


async def loop_gaps(scratch: Path) -> tuple[float, float]:
    """Return the longest time the loop did not turn: idle, and while 100 cards are made."""
    settings = Settings(data_dir=scratch / "loop")
    async with open_core(settings) as core:
        idle = await longest_gap(asyncio.sleep(2))

        async def cards() -> None:
            for number in range(100):
                (card,) = await core.on_message(message(LINK, message_id=str(number)))
                assert isinstance(card, Card)
                await core.chart(card, Theme.DARK)

        return idle, await longest_gap(cards())


async def longest_gap(work: Coroutine[Any, Any, None]) -> float:
    """Await `work` and return the longest pause between two turns of the loop, in seconds."""
    task = asyncio.create_task(work)
    longest, last = 0.0, time.perf_counter()
    while not task.done():
        await asyncio.sleep(0)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    await task
    return longest
