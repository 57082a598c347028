"""Measures the page "what if": a request over HTTP, and from a moved slider to the painted result.

The server is a process of its own, as is the browser; the load is one visitor's.
"""

import asyncio
import gc
import http.client
import json
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import quantiles
from urllib.parse import parse_qsl

import numpy as np
from playwright.sync_api import sync_playwright

from bot.domain import what_if
from bot.platforms.web import what_if as present
from bot.platforms.web.pages import Pages
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings
from bot.texts.what_if import PAGE
from model.schema import RADAR
from tests.bench.process import free_port, start
from tests.bench.table import Row, milliseconds
from tests.browser.conftest import ARGUMENTS

REQUESTS = 1000
MOVES = 200
MAX_SECONDS = 0.05
MAX_BLOCKED_SECONDS = 0.01

MOVE = """async (moves) => {
  const slider = document.querySelector("#f-danceability");
  const place = document.querySelector(".what-if");
  const times = [];
  for (let move = 0; move < moves; move++) {
    const painted = new Promise((resolve) => {
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel(); // its message follows the paint
          port1.onmessage = resolve;
          port2.postMessage(null);
        });
      });
      watch.observe(place, { childList: true });
    });
    slider.value = String(((move * 37) % 100) / 100);
    const begin = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await painted;
    times.push((performance.now() - begin) / 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}"""
"""Moves a slider again and again, as people do, and returns the seconds until each is painted."""


def measure(scratch: Path) -> Iterator[Row]:
    """Yield the rows for requests, for moves in a browser, and for the event loop."""
    scratch.mkdir()
    bot = start(scratch)
    try:
        yield from _row(f"what if, {REQUESTS} requests", _requests(free_port(scratch)))
        if chromium := shutil.which("chromium") or shutil.which("chromium-browser"):
            address = f"http://127.0.0.1:{free_port(scratch)}/whatif"
            yield from _row(f"what if, slider to paint, {MOVES} moves", _moves(chromium, address))
    finally:
        bot.terminate()
        bot.wait()
    longest = max(asyncio.run(_steps(scratch / "loop")))
    yield Row(
        f"loop blocked by itself, {REQUESTS} what ifs",
        milliseconds(longest),
        "",
        f"under {milliseconds(MAX_BLOCKED_SECONDS)}",
        longest < MAX_BLOCKED_SECONDS,
    )


def _row(what: str, times: list[float]) -> Iterator[Row]:
    cuts = quantiles(times, n=100)
    yield Row(
        what,
        f"p50 {milliseconds(cuts[49])}, p99 {milliseconds(cuts[98])}",
        "",
        f"p99 under {milliseconds(MAX_SECONDS)}",
        cuts[98] < MAX_SECONDS,
    )


def _addresses() -> Iterator[str]:
    """Yield addresses with different values, the same in each run."""
    values = np.random.default_rng(0).random((REQUESTS, len(RADAR))).tolist()
    for row in values:
        yield what_if.address(dict(zip(RADAR, row, strict=True)))


def _requests(port: int) -> list[float]:
    """Return the durations of requests with different values, one after another."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for address in _addresses():
        begin = time.perf_counter()
        connection.request("GET", f"/api{address}")
        answer = json.load(connection.getresponse())
        times.append(time.perf_counter() - begin)
        assert answer["html"], address
    connection.close()
    return times


def _moves(chromium: str, address: str) -> list[float]:
    """Return the times from the events of a slider to the painted results in a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()
        page.goto(address)
        page.evaluate(MOVE, 10)  # until the scripts are compiled
        times: list[float] = page.evaluate(MOVE, MOVES)
        browser.close()
    return times


async def _steps(folder: Path) -> list[float]:
    """Return the CPU times of the event loop's thread between two of its iterations."""
    async with open_services(Settings(data_dir=folder)) as opened:
        pages = Pages()

        async def answer_all(addresses: Iterable[str]) -> None:
            for address in addresses:
                pairs = parse_qsl(address.partition("?")[2])
                asked = await opened.services.what_if.answer(pairs, ())
                pages.render("what_if_result.html", words=PAGE, result=present.result(asked))

        await answer_all(["/whatif?danceability=0.5"])  # what is made at the first request only
        gc.freeze()  # as bot/runtime/process.py does
        task = asyncio.create_task(answer_all(_addresses()))
        steps = []
        last = time.thread_time()
        while not task.done():
            await asyncio.sleep(0)
            now = time.thread_time()
            steps.append(now - last)
            last = now
        await task
        return steps
