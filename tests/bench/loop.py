"""Measures how long the event loop is blocked while a hundred channels get a card at once.

Runs in a process of its own:

python -m tests.bench.loop FOLDER
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.domain.cards import Card, Theme
from bot.domain.places import Message, Place
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings

CARDS = 100
LINK = "https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG"


@dataclass(frozen=True, slots=True)
class Pause:
    """Longest time between two iterations of the event loop, in seconds.

    Attributes:
        longest: Wall-clock time.
        own: CPU time of this process; the rest went to other processes.
    """

    longest: float
    own: float


async def measure(folder: Path) -> tuple[Pause, Pause]:
    """Return the longest pause while cards are made, and while the loop idles for as long."""
    async with open_services(Settings(data_dir=folder)) as opened:
        services = opened.services
        gc.freeze()  # as bot/runtime/process.py does

        async def make_card(number: int) -> None:
            message = Message(Place("bench", "w", str(number)), str(number), str(number), LINK)
            (card,) = await services.group_chat.on_message(message, addressed=False)
            assert isinstance(card, Card)
            # Another tempo, so that every chart is drawn.
            features = card.answer.features.with_value("tempo", 60.0 + number, "bench")
            other = replace(card, answer=replace(card.answer, features=features))
            assert await services.cards.chart(other, Theme.DARK)

        async def make_cards() -> None:
            await asyncio.gather(*(make_card(number) for number in range(CARDS)))

        start = time.perf_counter()
        busy = await longest_pause(make_cards())
        return busy, await longest_pause(asyncio.sleep(time.perf_counter() - start))


async def longest_pause(work: Coroutine[Any, Any, None]) -> Pause:
    """Return the longest pause while `work` runs."""
    task = asyncio.create_task(work)
    longest = own = 0.0
    last, last_used = time.perf_counter(), time.process_time()
    while not task.done():
        await asyncio.sleep(0)
        now, used = time.perf_counter(), time.process_time()
        longest = max(longest, now - last)
        own = max(own, min(now - last, used - last_used))
        last, last_used = now, used
    await task
    return Pause(longest, own)


if __name__ == "__main__":
    print(json.dumps([asdict(pause) for pause in asyncio.run(measure(Path(sys.argv[1])))]))
