"""The bot as a process: how soon it is ready, what it weighs, whether its loop stays free."""

import http.cookiejar
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.loop import CARDS as CARDS_AT_ONCE
from tests.bench.loop import LINK, Pause
from tests.bench.table import Row, milliseconds

READY_WITHIN = 1.5
MEGABYTES = 150
BLOCKED = 0.02
CARDS = 1000


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
    busy, idle = loop_pauses(scratch)
    yield Row(
        f"loop blocked, {CARDS_AT_ONCE} cards",
        f"{milliseconds(busy.longest)}, by itself {milliseconds(busy.own)}",
        f"{milliseconds(idle.longest)} (idle)",
        f"under {milliseconds(BLOCKED)} over idle",
        busy.longest - idle.longest < BLOCKED,
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


def loop_pauses(scratch: Path) -> tuple[Pause, Pause]:
    """Return the loop's longest pause while cards are made, and idle for as long."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.loop", str(scratch / "loop")],
        capture_output=True,
        text=True,
        check=True,
    )
    busy, idle = json.loads(done.stdout)
    return Pause(**busy), Pause(**idle)
