"""Measures what requests notice of models that are swapped meanwhile.

The requests are links to a built-in song, each answered and stored as a card. They run in a process
of their own:

python -m tests.bench.swap FOLDER
"""

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import uuid4

from bot.domain.cards import Card
from bot.domain.places import Message, Place
from bot.runtime.composition import OpenedServices, open_services
from model.bundle import MODEL, SUBGENRES
from model.store import BundleStore
from tests.bench.loop import LINK
from tests.bench.table import Row, milliseconds
from tests.support.bot_process import offline_settings

NAME = "wide"
SWAPS = 10
PROBE_SECONDS = 0.002
"""Pause after which the event loop is to run on; what it takes longer, it was blocked."""

MAX_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Load:
    """What requests, one after another, took while something ran, in seconds.

    Attributes:
        requests: Their number.
        longest: Duration of the longest one.
        own: CPU time of this process, with all its threads, during the one with the most; the rest
            of the time went to other processes and to the disk.
        blocked: CPU time of this process during the longest block of the event loop.
        versions: Number of versions that answered.
    """

    requests: int
    longest: float
    own: float
    blocked: float
    versions: int


def measure(scratch: Path) -> Iterator[Row]:
    """Yield a row for models in the data folder, and one for those fetched from a model store."""
    for what in ("data folder", "model store"):
        folder = scratch / what.replace(" ", "-")
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.swap", str(folder)],
            capture_output=True,
            text=True,
            check=True,
        )
        swapping, alone = (Load(**one) for one in json.loads(done.stdout))
        assert swapping.versions > SWAPS, swapping
        yield Row(
            f"longest request, {SWAPS} swaps from the {what}, {swapping.requests} requests",
            _text(swapping),
            f"{_text(alone)} (no swap)",
            f"by itself under {milliseconds(MAX_SECONDS)} more",
            swapping.own - alone.own < MAX_SECONDS,
        )


def _text(load: Load) -> str:
    longest, own, blocked = map(milliseconds, (load.longest, load.own, load.blocked))
    return f"{longest}, by itself {own}, loop blocked by itself {blocked}"


async def loads(folder: Path) -> tuple[Load, Load]:
    """Return the load of requests while models are swapped, and for as long without."""
    data = folder / "var"
    store = folder / "store" if folder.name == "model-store" else data / "models"
    _save_versions(store)
    settings = offline_settings(
        data,
        model_store=str(store) if folder.name == "model-store" else None,
        model_check_seconds=0,
    )
    async with open_services(settings) as opened:
        gc.freeze()  # as bot/runtime/process.py does
        await _load(opened, lambda: asyncio.sleep(0.5))  # what is made at the first request only
        start = time.perf_counter()

        async def swap() -> None:
            for number in range(SWAPS):
                BundleStore(store).point(NAME, f"v{number}")
                await opened.watch.check()
                await asyncio.sleep(0.1)

        swapping = await _load(opened, swap)
        seconds = time.perf_counter() - start
        return swapping, await _load(opened, lambda: asyncio.sleep(seconds))


def _save_versions(root: Path) -> None:
    """Save copies of the shipped model under other versions."""
    bundle = BundleStore().load(NAME)
    files = {MODEL: bundle.onnx, SUBGENRES: bundle.subgenres or b""}
    for number in range(SWAPS):
        BundleStore(root).save(replace(bundle.metadata, version=f"v{number}"), files)


async def _load(opened: OpenedServices, work: Callable[[], Awaitable[None]]) -> Load:
    """Ask without a pause until `work` is done."""
    times: list[tuple[float, float]] = []
    versions: set[str] = set()
    is_done = False

    async def ask() -> None:
        while not is_done:
            number = uuid4().hex
            message = Message(Place("bench", number, number), number, number, LINK)
            begin, used = time.perf_counter(), time.process_time()
            (card,) = await opened.services.group_chat.on_message(message, addressed=False)
            times.append((time.perf_counter() - begin, time.process_time() - used))
            assert isinstance(card, Card)
            versions.add(card.answer.model.version)
            await asyncio.sleep(0.002)

    async def probe() -> float:
        longest = 0.0
        while not is_done:
            begin, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(PROBE_SECONDS)
            late = time.perf_counter() - begin - PROBE_SECONDS
            longest = max(longest, min(late, time.process_time() - used))
        return longest

    probing = asyncio.create_task(probe())
    asking = asyncio.create_task(ask())
    await work()
    is_done = True
    await asking
    longest, own = (max(column) for column in zip(*times, strict=True))
    return Load(len(times), longest, own, await probing, len(versions))


if __name__ == "__main__":
    print(json.dumps([asdict(load) for load in asyncio.run(loads(Path(sys.argv[1])))]))
