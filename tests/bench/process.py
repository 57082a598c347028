"""Measures the bot as a process: start-up time, memory, and blocking of the event loop."""

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

from tests.bench.loop import CARDS as CONCURRENT_CARDS
from tests.bench.loop import LINK, Pause
from tests.bench.table import Row, milliseconds

MAX_STARTUP_SECONDS = 1.5
MAX_MEMORY_MB = 150
MAX_BLOCKED_SECONDS = 0.02
CARDS = 1000


def measure(scratch: Path) -> Iterator[Row]:
    """Yield the rows for the second start, memory after `CARDS` cards, and loop pauses."""
    start(scratch).terminate()
    start_time = time.perf_counter()
    bot = start(scratch)
    ready = time.perf_counter() - start_time
    yield Row(
        "ready", f"{ready:.2f} s", "", f"under {MAX_STARTUP_SECONDS} s", ready < MAX_STARTUP_SECONDS
    )
    try:
        memory = after_cards(scratch, bot.pid)
    finally:
        bot.terminate()
        bot.wait()
    yield Row(
        f"memory after {CARDS} cards",
        f"{memory:.0f} MB",
        "",
        f"under {MAX_MEMORY_MB} MB",
        memory < MAX_MEMORY_MB,
    )
    busy, idle = loop_pauses(scratch)
    yield Row(
        f"loop blocked, {CONCURRENT_CARDS} cards",
        f"{milliseconds(busy.longest)}, by itself {milliseconds(busy.own)}",
        f"{milliseconds(idle.longest)} (idle)",
        f"under {milliseconds(MAX_BLOCKED_SECONDS)} over idle",
        busy.longest - idle.longest < MAX_BLOCKED_SECONDS,
    )


def start(scratch: Path) -> subprocess.Popen[str]:
    """Start `bot run` and wait until it is ready."""
    environment = os.environ | {"DATA_DIR": str(scratch), "WEB_PORT": str(free_port(scratch))}
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--platform", "web"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bot.stdout is not None
    line = bot.stdout.readline()
    assert "http://" in line, line
    return bot


def free_port(scratch: Path) -> int:
    """Return a free port; the same one for each call with a folder."""
    port_file = scratch / "port"
    if not port_file.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port_file.write_text(str(probe.getsockname()[1]))
    return int(port_file.read_text())


def after_cards(scratch: Path, pid: int) -> float:
    """Request `CARDS` cards and charts over HTTP; return the memory of the process in MB."""
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
    """Return the longest pauses of the event loop, busy and idle, from another process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.loop", str(scratch / "loop")],
        capture_output=True,
        text=True,
        check=True,
    )
    busy, idle = json.loads(done.stdout)
    return Pause(**busy), Pause(**idle)
